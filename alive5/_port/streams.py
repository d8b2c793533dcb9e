"""Sockets for httpcore: tracked, so that none outlives its call; bounded, so that none outlives its deadline."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

from .handshake import Handshake
from .threads import current_group

# Written at a time, with a look at the deadline before each.
_CHUNK = 64 * 1024


class TrackedBackend:
    """
    A network backend for asyncio and trio that remembers its socket.

    httpcore loses the socket of a cancelled TLS handshake; the owner of this
    backend can still close it.
    """

    def __init__(self, core: Any) -> None:
        self._inner = core.AnyIOBackend()
        self._stream: Any = None

    async def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        """
        Return a connected stream, and remember it.
        """
        self._stream = await self._inner.connect_tcp(host, port, *args, **kwargs)
        return self._stream

    async def sleep(self, seconds: float) -> None:
        """
        Wait for *seconds*.
        """
        await self._inner.sleep(seconds)

    async def abandon(self) -> None:
        """
        Close the socket, whatever state its connection is in.
        """
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.aclose()


class DeadlineBackend:
    """A blocking network backend with one deadline for all steps on a socket, except the name look-up."""

    def __init__(self, core: Any) -> None:
        self.core = core
        self._inner = core.SyncBackend()
        self._stream: Any = None
        self._shaking: socket.socket | None = None
        self.deadline = 0.0

    def left(self, timeout: float | None, error: type[Exception]) -> float:
        """
        Return the seconds left, at most *timeout*; raise *error* when there are none.
        """
        group = current_group()
        if group is not None:
            group.check()
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise error("deadline")
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> DeadlineStream:
        """
        Return a stream to the first address of a host that answers, all tried within *timeout*.
        """
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise self.core.ConnectError("the host name is not known") from None
        end = time.monotonic() + self.left(timeout, self.core.ConnectTimeout)
        last: Exception = self.core.ConnectError("the host has no address")
        for number, (*_, address) in enumerate(addresses):
            # One silent address must not use up the time of the others.
            share = (end - time.monotonic()) / (len(addresses) - number)
            try:
                left = max(self.left(share, self.core.ConnectTimeout), 0.001)
                stream = self._inner.connect_tcp(str(address[0]), port, left, local_address, socket_options)
            except (self.core.ConnectError, self.core.ConnectTimeout) as error:
                last = error
            else:
                return self.track(stream)
        raise last

    def track(self, stream: Any) -> DeadlineStream:
        """
        Return a stream with the deadline, and remember its socket.
        """
        self._stream, self._shaking = stream, None
        return DeadlineStream(stream, self)

    def shaking(self, sock: socket.socket) -> None:
        """
        Remember the socket of a running handshake.
        """
        self._shaking = sock

    def cut(self) -> None:
        """
        End whatever another thread waits for on this socket.
        """
        stream = self._stream
        try:
            if self._shaking is not None:
                self._shaking.shutdown(socket.SHUT_RDWR)
            elif stream is not None:
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            pass

    def abandon(self) -> None:
        """
        Close the socket, whatever state its connection is in.
        """
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


class DeadlineStream:
    """A stream whose every step ends at the deadline."""

    def __init__(self, stream: Any, backend: DeadlineBackend) -> None:
        self._inner = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """
        Return the next bytes, within the deadline.
        """
        data: bytes = self._inner.read(max_bytes, self._backend.left(timeout, self._backend.core.ReadTimeout))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """
        Write all, within the deadline.
        """
        for start in range(0, len(buffer), _CHUNK):
            self._inner.write(
                buffer[start : start + _CHUNK], self._backend.left(timeout, self._backend.core.WriteTimeout)
            )

    def close(self) -> None:
        """
        Close the socket.
        """
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> DeadlineStream:
        """
        Return the stream after a TLS handshake within the deadline.
        """
        left = self._backend.left(timeout, self._backend.core.ConnectTimeout)
        # Others, truststore's for one, check the certificate as soon as the socket is wrapped.
        plain = type(ssl_context) is ssl.SSLContext
        steps: Any = Handshake(ssl_context, self._backend.shaking) if plain else ssl_context
        return self._backend.track(self._inner.start_tls(steps, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        """
        Return what the wrapped stream says.
        """
        return self._inner.get_extra_info(info)
