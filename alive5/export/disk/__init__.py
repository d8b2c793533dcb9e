"""
Every operation on a file, and the sentences its errors become.

Law: 0600 in 0700 from the first byte, no symbolic link is followed, and operation N can be made to fail.
"""
