"""
The service of the sandbox: from a request and the data to a response and its effects.

Law: pure; nothing is changed here, and the same arguments give the same answer.
"""
