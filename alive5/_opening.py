"""What a client needs of its surroundings: a port, a key that may come late, and the log that was asked for."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from typing import Any

from ._lazy import importing
from ._port.engine import load
from ._port.protocol import KeyedPort, Port
from ._port.proxy import find_proxy
from ._port.settings import PortSettings
from ._sansio import options, validate
from ._sansio.origins import Origin, Origins
from ._sansio.redact import Secret


def open_port(
    port: Port | None, environ: options.Variables, front: str, *, key: Secret | None, **settings: Any
) -> tuple[Port, Callable[[], Secret] | None]:
    """
    Return the port of a client, its own if it has one, and what finds the key of one that was made without.
    """
    if level := options.read_log(environ):
        with importing():
            from ._core.logs import show_log

        show_log(level)
    if port is not None:
        return port, None
    if options.wants_sandbox(environ):
        with importing():
            from .sandbox.embedded.ambient import ambient_port

        return ambient_port(blocking=front == "blocking"), None
    made = _make_port(front, key=key, **settings)
    return made, _late_key(made)


def _make_port(
    front: str,
    *,
    origins: Origins,
    key: Secret | None,
    max_connections: int,
    proxy: str | None,
    ssl_context: ssl.SSLContext | None,
    engine: options.EngineName,
) -> KeyedPort:
    most = validate.count("max_connections", max_connections)
    if ssl_context is not None and not isinstance(ssl_context, ssl.SSLContext):
        raise validate.refuse("ssl_context", "must be an ssl.SSLContext")
    library = load(engine)

    def settle(origin: Origin, reads: PortSettings | None = None) -> PortSettings:
        return PortSettings(
            origin=origin,
            key=key,
            max_connections=most,
            proxy=find_proxy(proxy, origin, library),
            ssl_context=ssl_context,
            engine=library,
            reads=reads,
        )

    settings = settle(origins.base, None if origins.read == origins.base else settle(origins.read))
    if front == "blocking":
        with importing():
            from ._port.blocking import BlockingPort

        return BlockingPort(settings)
    with importing():
        from ._port.asynchronous import AsyncPort

    return AsyncPort(settings)


def _late_key(port: KeyedPort) -> Callable[[], Secret]:
    """Return what reads the key from the environment when it is called, and hands it to the port."""

    def find() -> Secret:
        key = options.read_key(options.UNSET, options.Variables(os.environ), needed=True)
        port.use_key(key)
        return key

    return find
