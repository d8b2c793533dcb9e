"""
Windows to ask for, and how far a response proves them complete.

Law: pure; no file, no clock, no waiting, and nothing of the rooms that have them.
"""
