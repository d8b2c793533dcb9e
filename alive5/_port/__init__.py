"""
The only room that touches the network, threads and the clock.

Import the ports from their own files: each pulls in what it alone needs.
"""
