"""The progress of an exchange by httpcore's trace, and what its failure then means."""

from __future__ import annotations

import ssl
from typing import Any

from .._lazy import importing
from .._sansio.outcome import BEFORE_SENDING, did_leave
from .._sansio.wire import Call, Failure, Reply
from .body import Body
from .engine import is_timeout, kind_of
from .settings import PortSettings

_STARTED = "send_request_headers.started"
_CONNECTED, _SHAKING = "connect_tcp.complete", "start_tls.started"
_BODY_STARTED, _BODY_COMPLETE = "send_request_body.started", "send_request_body.complete"

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


class ExchangeTrace:
    """
    A record of when our own request starts to leave, and whether it left whole; a proxy's CONNECT does not count.
    """

    __slots__ = ("_answered", "_body", "_call", "_method", "_stream", "_tunnel", "_whole")

    def __init__(self, call: Call) -> None:
        self._call = call
        self._method = call.method.encode()
        self._body: Body | None = None
        self._tunnel = False
        self._stream: Any = None
        self._answered = self._whole = False
        call.departure.left = False

    @property
    def started(self) -> bool:
        """Whether the first byte of our headers was sent."""
        return self._call.departure.left is not False

    def note(self, name: str, info: dict[str, Any]) -> None:
        """
        Record one of httpcore's trace events.
        """
        if name.endswith(_STARTED):
            method = getattr(info.get("request"), "method", None)
            self._call.departure.left = self.started or method == self._method
            self._tunnel = method == b"CONNECT"
        elif name.endswith((_CONNECTED, _SHAKING)):
            # Under TLS bytes may wait that are no answer: a server's session tickets.
            self._stream = info.get("return_value") if name.endswith(_CONNECTED) else None
        elif self.started and name.endswith(_BODY_STARTED):
            # A request without a body is whole with its headers, and may be answered at once.
            stream = self._stream if self._call.content else None
            self._answered = stream is not None and bool(stream.get_extra_info("is_readable"))
        elif self.started and name.endswith(_BODY_COMPLETE):
            self._whole = not self._answered

    async def note_async(self, name: str, info: dict[str, Any]) -> None:
        """
        Record one of httpcore's trace events, awaited.
        """
        self.note(name, info)

    def failure(self, error: Exception, late: bool = False, *, settings: PortSettings | None = None) -> Failure:
        """
        Return the failure for what a transport raised; with *settings* it says where and why.
        """
        kind = _kind(error)
        if self._tunnel and not self.started and kind not in BEFORE_SENDING:
            kind = "proxy"
        # Mocks fire no trace events: what is no failure of connecting counts as left.
        left = did_leave(self.started, kind)
        if late and is_timeout(error):
            kind = "deadline"
        detail = _SENTENCES.get(kind, "the connection broke")
        return Failure(left, kind, detail) if settings is None else self._explained(left, kind, detail, error, settings)

    def _explained(self, left: bool, kind: str, detail: str, error: Exception, settings: PortSettings) -> Failure:
        try:
            with importing():
                from .causes import explain
        except (ImportError, OSError):  # a process with too many open files cannot read a module either
            return Failure(left, kind, detail)
        return Failure(left, kind, *explain(kind, detail, error, settings, tunnel=self._tunnel))

    def body(self, response: Any) -> Body:
        """
        Return the body of a response, to be read.
        """
        self._body = Body(response)
        # httpcore reads an answer even where the request could not be written to its end. Mocks trace nothing.
        if self._call.is_write and self.started and not self._whole and 200 <= response.status_code < 300:
            self._body.flaw = "early"
        return self._body

    def out_of_time(self) -> Reply | Failure:
        """
        Return the result of a call after its deadline: at least the status, when it is known.
        """
        if self._body is not None:
            return self._body.reply("timeout")
        return Failure(self.started, "deadline", _SENTENCES["deadline"])


def _kind(error: Exception) -> str:
    return "certificate" if _cause(error, ssl.SSLCertVerificationError) else kind_of(error)


def _cause(error: BaseException | None, family: type[BaseException]) -> bool:
    for _ in range(10):
        if error is None or isinstance(error, family):
            return error is not None
        error = error.__cause__ or error.__context__
    return False
