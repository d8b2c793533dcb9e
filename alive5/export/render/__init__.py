"""
Rows of the state as files.

Law: the manifest comes last and names whole files only; a part whose rows did not change keeps its file.
"""
