"""
An Alive5 in this process: one service with its clock, faults and ledger, behind a port.

Law: no client is known here, so that a client may stand on it.
"""
