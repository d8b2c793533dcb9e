"""
Network, threads and clock, behind five verbs.

Law: the only room of the core that touches the world; a failure leaves it as a value, never as an exception of httpx's.
Import the ports from their own files: each imports only what it needs.
"""
