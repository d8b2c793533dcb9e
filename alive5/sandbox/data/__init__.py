"""
The made-up world: people, conversations and the ledger of what was done to them.

Law: the same seed gives the same world; no name, number or address is anybody's.
"""
