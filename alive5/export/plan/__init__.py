"""
What to ask for, and how far an answer proves it.

Law: pure; no file, no clock, no waiting, and nothing of the rooms that have them.
"""
