"""
The TLS context exists before a program can fork.

OpenSSL holds locks while it makes one; a child forked meanwhile by another
thread waits for them for ever.
"""

from __future__ import annotations

import ssl

import httpx
import pytest

from alive5 import Alive5, AsyncAlive5
from alive5._port import settings


@pytest.mark.parametrize("front", [Alive5, AsyncAlive5])
def test_it_is_made_with_the_first_client(front: type[Alive5 | AsyncAlive5], monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ssl.SSLContext] = []

    def make() -> ssl.SSLContext:
        made.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return made[-1]

    monkeypatch.setattr(settings, "_shared", [])
    monkeypatch.setattr(httpx, "create_ssl_context", make)
    clients = [front("test_key_hosts") for _ in range(2)]
    assert 1 == len(made)
    assert 2 == len(clients)
