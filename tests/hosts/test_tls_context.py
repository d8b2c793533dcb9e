"""
A program cannot fork while the TLS context is made, and makes it once.

OpenSSL holds locks while it makes one; a child forked meanwhile by another
thread would wait for them for ever.
"""

from __future__ import annotations

import os
import ssl
import threading
import warnings
from collections.abc import Callable

import httpx
import pytest

from alive5._port import settings
from alive5._port.settings import PortSettings
from alive5._sansio.origins import read_origins

LIMIT = 20


@pytest.fixture
def tls() -> Callable[[], ssl.SSLContext]:
    return PortSettings(origin=read_origins("https://api.example.com", None, {}).base, key=None).tls


@pytest.fixture(autouse=True)
def nothing_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_shared", [])


def test_a_fork_waits_until_it_is_made(tls: Callable[[], ssl.SSLContext], monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def make() -> ssl.SSLContext:
        begun.set()
        assert go_on.wait(LIMIT)
        order.append("made")
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def fork() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads, which is the point
            child = os.fork()
        if not child:
            os._exit(0)
        order.append("forked")
        assert 0 == os.waitpid(child, 0)[1]

    monkeypatch.setattr(httpx, "create_ssl_context", make)
    threads = [threading.Thread(target=tls), threading.Thread(target=fork)]
    threads[0].start()
    assert begun.wait(LIMIT)
    threads[1].start()
    threads[1].join(0.3)
    go_on.set()
    for thread in threads:
        thread.join(LIMIT)

    assert ["made", "forked"] == order


def test_threads_make_it_once(tls: Callable[[], ssl.SSLContext], monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ssl.SSLContext] = []
    start = threading.Barrier(8)

    def make() -> ssl.SSLContext:
        made.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return made[-1]

    def call() -> None:
        start.wait(LIMIT)
        tls()

    monkeypatch.setattr(httpx, "create_ssl_context", make)
    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)

    assert 1 == len(made)
