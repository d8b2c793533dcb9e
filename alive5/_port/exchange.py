"""What the two ports share of one exchange: the request, its stage, the bounded body, the failure."""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import httpx

from .. import __version__
from .._outcome import did_leave
from .._wire import Call, Failure, Reply
from .settings import PortSettings

LARGEST_BODY = 32 * 1024 * 1024
_STARTED = "send_request_headers.started"

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "connect_timeout"),
    (httpx.ConnectError, "connect"),
    (httpx.PoolTimeout, "queue"),
    (httpx.ProxyError, "proxy"),
    (httpx.UnsupportedProtocol, "local"),
    (httpx.LocalProtocolError, "local"),
    (httpx.InvalidURL, "local"),
    (httpx.ReadTimeout, "read_timeout"),
    (httpx.WriteTimeout, "write_timeout"),
    (httpx.WriteError, "write"),
    (httpx.RemoteProtocolError, "protocol"),
    (httpx.NetworkError, "read"),
)
_SENTENCES = {
    "connect": "could not connect",
    "connect_timeout": "connecting took too long",
    "certificate": "the server's certificate is not valid",
    "proxy": "the proxy refused",
    "queue": "no connection came free in time",
    "local": "the request could not be written",
    "read_timeout": "no answer came in time",
    "write_timeout": "the request could not be written in time",
    "protocol": "the answer was no HTTP, or was cut off",
    "deadline": "the time given was used up",
}


class Stage:
    """Notes when our own request starts to leave; a proxy's CONNECT does not count."""

    __slots__ = ("_call", "_method")

    def __init__(self, call: Call) -> None:
        self._call = call
        self._method = call.method.encode()
        call.departure.left = False

    @property
    def started(self) -> bool:
        """True from the first byte of our headers on."""
        return self._call.departure.left is not False

    def note(self, name: str, info: dict[str, Any]) -> None:
        """
        Take one of httpcore's trace events.
        """
        if name.endswith(_STARTED) and getattr(info.get("request"), "method", None) == self._method:
            self._call.departure.left = True

    async def anote(self, name: str, info: dict[str, Any]) -> None:
        """
        Take one of httpcore's trace events, awaited.
        """
        self.note(name, info)

    def failure(self, error: Exception, late: bool = False) -> Failure:
        """
        Turn what a transport raised into a value.
        """
        kind = "deadline" if late and isinstance(error, httpx.TimeoutException) else _kind(error)
        # Mocks fire no trace events: what is no failure of connecting counts as left.
        return Failure(did_leave(self.started, _kind(error)), kind, _SENTENCES.get(kind, "the connection broke"))

    def out_of_time(self) -> Failure:
        """
        Give the failure of a call whose deadline passed.
        """
        return Failure(self.started, "deadline", _SENTENCES["deadline"])


def _kind(error: Exception) -> str:
    if _cause(error, ssl.SSLCertVerificationError):
        return "certificate"
    return next((kind for family, kind in _KINDS if isinstance(error, family)), "unknown")


def _cause(error: BaseException | None, family: type[BaseException]) -> bool:
    for _ in range(10):
        if error is None or isinstance(error, family):
            return error is not None
        error = error.__cause__ or error.__context__
    return False


def write_request(
    settings: PortSettings, call: Call, left: float, trace: Callable[[str, Any], Awaitable[None] | None]
) -> httpx.Request:
    """
    Write the request, and add the key once its origin is certain.
    """
    origin = settings.origin
    query = f"?{urlencode(call.query)}" if call.query else ""
    url = httpx.URL(f"{origin.url}{call.path}{query}")
    if url.scheme != origin.scheme or url.host != origin.host or url.userinfo:
        raise httpx.UnsupportedProtocol("the call is not for the configured origin")
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "User-Agent": f"alive5-python/{__version__}",
        **dict(call.headers),
    }
    if settings.key is not None:
        headers["X-A5-APIKEY"] = settings.key.reveal()
    read = max(min(call.read, left), 0.001)
    timeout = {"connect": max(min(call.connect, left), 0.001), "read": read, "write": read, "pool": read}
    return httpx.Request(
        call.method,
        url,
        headers=headers,
        content=call.content if call.is_write else None,
        extensions={"timeout": timeout, "trace": trace},
    )


class Body:
    """Reads a body up to 32 MiB inflated; gzip members are followed, other encodings refused."""

    def __init__(self, response: httpx.Response) -> None:
        self.flaw: str | None = None
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            self.flaw = "encoding"
        self._inflater = zlib.decompressobj(31) if encoding.endswith("gzip") else None
        self._size = 0
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> bool:
        """
        Take a chunk; False when there is no use in going on.
        """
        try:
            while chunk and self.flaw is None:
                chunk = self._inflate(chunk)
        except zlib.error:
            self.flaw = "encoding"
        return self.flaw is None

    def _inflate(self, chunk: bytes) -> bytes:
        if self._inflater is None:
            self._keep(chunk)
            return b""
        if self._inflater.eof:
            self._inflater = zlib.decompressobj(31)
        self._keep(self._inflater.decompress(chunk, LARGEST_BODY + 1 - self._size))
        return self._inflater.unconsumed_tail or self._inflater.unused_data

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > LARGEST_BODY:
            self.flaw = "too_large"
            self._parts.clear()
        elif data:
            self._parts.append(data)

    def reply(self, response: httpx.Response, error: Exception | None = None) -> Reply:
        """
        Give the answer, with its flaw when the body is not whole.
        """
        if error is not None and self.flaw is None:
            self.flaw = "timeout" if isinstance(error, httpx.TimeoutException) else "truncated"
        if self.flaw is None and self._inflater is not None and not self._inflater.eof and self._size:
            self.flaw = "truncated"
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}
        body = b"" if self.flaw else self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        return Reply(
            status=response.status_code, headers=headers, body=body, flaw=self.flaw, received_at=time.time()
        )
