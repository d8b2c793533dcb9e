"""
An index of what was said, beside an export.

Law: it only narrows what is read, a hit is what a plain reading finds; it is never trusted beyond the manifest.
"""
