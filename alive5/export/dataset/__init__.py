"""
The shape of an export's output: tables, formats, manifest.

Law: known to writer and reader alike, who do not know each other.
"""
