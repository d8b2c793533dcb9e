"""
Everything that can be wrong without a socket, as functions on plain values.

Law: no input or output, no clock, no waiting; it imports the models and errors alone.
"""
