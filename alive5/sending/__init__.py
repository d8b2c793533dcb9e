"""
Texts that leave once: senders, ledgers, and many texts at a pace.

Law: a key leaves only after its intent is durable; imported when it is used.
"""
