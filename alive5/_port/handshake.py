"""TLS handshakes of the blocking port, in steps that a fork or an interrupt may come between."""

from __future__ import annotations

import os
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

# Held whenever OpenSSL may hold a lock of its own: a child forked then would wait for that one for ever. Nothing is
# imported meanwhile: a fork that has this one waits for imports.
openssl = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=openssl.acquire, after_in_parent=openssl.release, after_in_child=openssl.release)


class Handshake:
    """
    A substitute for a TLS context; *watch* gets the new socket before the handshake waits.
    """

    def __init__(self, context: ssl.SSLContext, watch: Callable[[socket.socket], object]) -> None:
        self._context = context
        self._watch = watch

    def wrap_socket(self, sock: socket.socket, server_hostname: str | None = None) -> ssl.SSLSocket:
        """
        Return the wrapped socket after a handshake within its timeout.
        """
        limit = sock.gettimeout()
        end = None if limit is None else time.monotonic() + limit
        with openssl:
            wrapped = self._context.wrap_socket(sock, server_hostname=server_hostname, do_handshake_on_connect=False)
        try:
            self._watch(wrapped)
            wrapped.setblocking(False)
            while (event := _step(wrapped)) is not None:
                _wait(wrapped, event, end)
        except BaseException:
            wrapped.close()
            raise
        return wrapped

    def wrap_bio(self, *args: Any, **options: Any) -> ssl.SSLObject:
        """
        Return an object over two buffers, which httpcore uses for TLS inside a proxy's TLS.
        """
        with openssl:
            return self._context.wrap_bio(*args, **options)


def _step(wrapped: ssl.SSLSocket) -> int | None:
    try:
        with openssl:
            wrapped.do_handshake()
    except ssl.SSLWantReadError:
        return selectors.EVENT_READ
    except ssl.SSLWantWriteError:
        return selectors.EVENT_WRITE
    return None


def _wait(wrapped: ssl.SSLSocket, event: int, end: float | None) -> None:
    left = None if end is None else end - time.monotonic()
    ready: list[Any] = []
    if left is None or left > 0:
        with selectors.DefaultSelector() as selector:
            selector.register(wrapped, event)
            ready = selector.select(left)
    if not ready:
        raise TimeoutError("the handshake took too long")
