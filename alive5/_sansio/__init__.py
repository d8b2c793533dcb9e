"""
Encoding, decoding, retry rules, paging and windows, as functions on plain values.

Law: no input or output, no clock, no waiting; no room above the models is imported.
"""
