"""The default port of a client."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable

from .._sansio import options, validate
from .._sansio.origins import Origin, Origins
from .._sansio.redact import Secret
from .engine import load
from .protocol import KeyedPort
from .proxy import find_proxy
from .settings import PortSettings


def late_key(port: KeyedPort) -> Callable[[], Secret]:
    """
    Return what finds the key of a port that was made without one: in the environment, when it is called.

    :raises ConfigurationError: when there is none.
    """

    def find() -> Secret:
        key = options.read_key(options.UNSET, options.Variables(os.environ), needed=True)
        port.use_key(key)
        return key

    return find


def make_port(  # noqa: PLR0917 - the options of a client, which has one caller for them
    front: str,
    origins: Origins,
    key: Secret | None,
    max_connections: int,
    proxy: str | None,
    ssl_context: ssl.SSLContext | None,
    engine: options.EngineName,
) -> KeyedPort:
    """
    Return a new port for a front, "asynchronous" or "blocking".
    """
    if ssl_context is not None and not isinstance(ssl_context, ssl.SSLContext):
        raise validate.refuse("ssl_context", "must be an ssl.SSLContext")
    library = load(engine)

    def settle(origin: Origin, reads: PortSettings | None = None) -> PortSettings:
        return PortSettings(
            origin=origin,
            key=key,
            max_connections=max_connections,
            proxy=find_proxy(proxy, origin, library),
            ssl_context=ssl_context,
            engine=library,
            reads=reads,
        )

    settings = settle(origins.base, None if origins.read == origins.base else settle(origins.read))
    if front == "blocking":
        from .blocking import BlockingPort

        return BlockingPort(settings)
    from .asynchronous import AsyncPort

    return AsyncPort(settings)
