"""
Decisions of sending: the states of a key, the rows of a list, quiet hours.

Law: pure; time is an argument.
"""
