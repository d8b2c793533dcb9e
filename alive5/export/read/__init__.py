"""
Files as rows, tables and checks.

Law: only what the manifest names is read; neither state nor service is needed.
"""
