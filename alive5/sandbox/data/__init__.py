"""
The made-up data: people, conversations and the ledger of requests.

Law: the same seed gives the same world; no name, number or address is anybody's.
"""
