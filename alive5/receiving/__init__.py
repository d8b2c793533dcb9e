"""
Texts that come: receivers of webhooks, and the inbox that finds what none of them was given.

Law: a handler is given each text once; nothing personal is logged.
"""
