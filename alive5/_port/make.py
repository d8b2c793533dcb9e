"""The default port of a client."""

from __future__ import annotations

import ssl

from .._sansio import options, validate
from .._sansio.origins import Origin, Origins
from .._sansio.redact import Secret
from .engine import load
from .protocol import Port
from .proxy import find_proxy
from .settings import PortSettings


def make_port(
    *,
    front: str,
    origins: Origins,
    key: Secret | None,
    max_connections: int,
    proxy: str | None,
    ssl_context: ssl.SSLContext | None,
    engine: options.EngineName,
) -> Port:
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
