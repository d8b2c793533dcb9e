"""
What to ask for, and how far a response proves it complete.

Law: pure; no file, no clock, no waiting, and nothing of the rooms that have them.
"""
