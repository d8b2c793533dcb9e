"""
The HTTP library of both ports: httpx, or httpx2, which continues it.

Both libraries need the same repairs, all of them in this room: exclusive
transports in place of the shared pool, a total deadline, bodies read within
bounds, handshakes in steps, and no reuse of a connection that holds bytes
nobody asked for. The two are distinguished here and nowhere else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from importlib import import_module
from typing import Any, Final

import attrs

from .._lazy import importing
from ..errors import ConfigurationError

ENGINES: Final = {"httpx": ("httpx", "httpcore"), "httpx2": ("httpx2", "httpcore2")}

# Both libraries give their errors these names; the first found among an error's classes counts.
_KINDS: Final = (
    ("ConnectTimeout", "connect_timeout"),
    ("ConnectError", "connect"),
    ("PoolTimeout", "queue"),
    ("ProxyError", "proxy"),
    ("UnsupportedProtocol", "local"),
    ("LocalProtocolError", "local"),
    ("InvalidURL", "local"),
    ("ReadTimeout", "read_timeout"),
    ("WriteTimeout", "write_timeout"),
    ("WriteError", "write"),
    ("RemoteProtocolError", "protocol"),
    ("NetworkError", "read"),
)


@attrs.frozen(eq=False)
class Engine:
    """A client library, its connection library, and its class of request bodies."""

    http: Any
    core: Any
    content: Any


@cache
def load(name: str) -> Engine:
    """
    Return an engine, imported by its name.
    """
    http, core = ENGINES[name]
    try:
        with importing():
            library, connections = import_module(http), import_module(core)
            import_module("encodings.idna")  # for the name of a host, at the first connection
        return Engine(library, connections, type("Content", (_Content, library.ByteStream), {}))
    except ImportError:
        raise ConfigurationError(f'this engine needs an extra: python -m pip install "alive5[{name}]"') from None


def kind_of(error: BaseException) -> str:
    """
    Return the kind of failure of a transport's error.
    """
    names = {family.__name__ for family in type(error).__mro__}
    return next((kind for name, kind in _KINDS if name in names), "unknown")


def is_timeout(error: BaseException) -> bool:
    """
    Whether an error is a transport's time-out.
    """
    return any(family.__name__ == "TimeoutException" for family in type(error).__mro__)


def flaw_of(error: BaseException) -> str:
    """
    Return the flaw of a body whose reading raised *error*.
    """
    return "timeout" if is_timeout(error) else "truncated"


class _Content:
    """A request's body; the libraries' own is a generator, left unfinished when sending breaks off."""

    _stream: bytes

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Once(self._stream)


class _Once:
    def __init__(self, content: bytes) -> None:
        self._parts = iter((content,))

    def __aiter__(self) -> _Once:
        return self

    async def __anext__(self) -> bytes:
        for part in self._parts:
            return part
        raise StopAsyncIteration
