"""Settings of a port: origin and key, and one TLS context a process."""

from __future__ import annotations

import ssl
from typing import Any

import attrs

from .._sansio.origins import Origin
from .._sansio.redact import Secret
from .._sansio.wire import Host
from .engine import Engine, load
from .handshake import openssl

# Seconds an idle connection is kept. Judgement: longer saves handshakes, but more often meets a connection that the
# server has closed, which costs a read a retry.
KEEP_IDLE = 15.0

_shared: list[ssl.SSLContext] = []


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PortSettings:
    """
    Settings both ports need for one origin; the repr shows none of them.

    ``reads`` are those of the origin of reads, None when it is the same.
    """

    origin: Origin
    key: Secret | None
    max_connections: int = 32
    proxy: Any = None
    ssl_context: ssl.SSLContext | None = None
    engine: Engine = attrs.field(factory=lambda: load("httpx"))
    reads: PortSettings | None = None

    def of(self, host: Host) -> tuple[Host, PortSettings]:
        """
        Return the host a call really goes to, and the settings for it.
        """
        return ("read", self.reads) if host == "read" and self.reads is not None else ("base", self)

    def with_key(self, key: Secret) -> PortSettings:
        """
        Return the same settings with a key.
        """
        return attrs.evolve(self, key=key, reads=None if self.reads is None else self.reads.with_key(key))

    def tls(self) -> ssl.SSLContext:
        """
        Return the TLS context: the caller's, or one for the whole process, since creating one takes 20 ms.
        """
        if self.ssl_context is not None:
            return self.ssl_context
        if self.origin.scheme == "http" and self.proxy is None:
            with openssl:
                return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        httpx = load("httpx").http  # its roots are documented, and used with the other engine, too
        with openssl:
            # gevent replaces the class; a context made before cannot be used any more.
            if not _shared or type(_shared[0]) is not ssl.SSLContext:
                _shared[:] = [httpx.create_ssl_context()]
            return _shared[0]

    def via(self) -> Any:
        """
        Return the proxy; one reached over TLS is verified by the same context.
        """
        if self.proxy is not None and self.proxy.url.scheme == b"https":
            self.proxy.ssl_context = self.tls()
        return self.proxy
