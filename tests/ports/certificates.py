"""A certificate authority for the tests, made anew in each run."""

from __future__ import annotations

import ssl
from functools import cache

import trustme


@cache
def authority() -> trustme.CA:
    """
    Return the authority our clients trust.
    """
    return trustme.CA()


@cache
def server_context(*names: str) -> ssl.SSLContext:
    """
    Return a server's context with a certificate for *names*, by default this machine.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(context)
    return context


@cache
def client_context() -> ssl.SSLContext:
    """
    Return a client's context that trusts the authority.
    """
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context
