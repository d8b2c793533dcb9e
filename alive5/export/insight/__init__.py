"""
What the rows of an export say about answering people.

Law: pure; rows come in, figures go out, and what cannot be known stays unknown.
"""
