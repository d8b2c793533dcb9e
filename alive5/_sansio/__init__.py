"""
Encoding, decoding, retry rules, paging and windows, as functions on plain values.

Law: no input or output, no clock, no waiting; it imports the models and errors alone.
"""
