"""
The service of the sandbox: a request and the data in, an answer and its effects out.

Law: pure; nothing is changed here, and the same arguments give the same answer.
"""
