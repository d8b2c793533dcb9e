"""
JSON, read from strangers without losing a row and written with the same bytes for ever.

Law: pure; nothing else in the package reads or writes JSON.
"""
