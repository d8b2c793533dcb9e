"""
Tasks: who reads which window when, and who commits.

Law: beside the doors above it the only room that knows two of fetch, state, render and read.
"""
