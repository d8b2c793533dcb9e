"""
Delivered rows as lines of JSON, and lines compressed in blocks.

Law: pure; a row is kept as it came, and what cannot be read is not known, never lost.
"""
