"""The sandbox as an ASGI 3 application, for any ASGI server."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

import attrs

from .._port.verbs import AsyncVerbs
from .._sansio.wire import Call, Failure, Reply
from .data.ledger import Served
from .service.request import UNKNOWN, VERSION

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_BASE: Final = re.compile(r"/public/(\d+\.\d+)(/.*)", re.ASCII)
# What may be a number, an address or a key.
_PERSONAL: Final = re.compile(r"\d{4}|@|[^/]{25}", re.ASCII)
_WORTH_GZIP: Final = 1024
# No server writes a header like this: it drops the connection without a byte of the response.
_UNWRITABLE: Final = [(b"bad\x00name", b"\x00")]


@attrs.frozen(kw_only=True)
class Line:
    """
    What a log says of a request: nothing personal, and no key.

    ``path`` is the operation's; of an unknown one, it is what was asked with
    its numbers and addresses hidden. ``status`` is None without an answer.
    """

    method: str
    path: str
    operation: str
    status: int | None
    milliseconds: float


class DroppedError(Exception):
    """Ends a connection without an answer; it is no failure of the sandbox."""


class App:
    """
    An ASGI application of a sandbox; a request needs an ``X-A5-APIKEY``.

    One address serves both hosts of the service: ``/public/<version>/<path>``.
    *log* is called with what an answer came to.

    A refused connection cannot be acted from behind a server, so that fault
    drops the connection here, without the request being applied.
    """

    def __init__(self, exchange: Callable[[Call], Served], log: Callable[[Line], None] | None = None) -> None:
        self._exchange = exchange
        self._log = log
        self._verbs = AsyncVerbs()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve a connection's scope.
        """
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            content = await _read(receive)
            if content is not None:
                await self._serve(scope, content, send)

    async def _serve(self, scope: Scope, content: bytes, send: Send) -> None:
        began = time.monotonic()
        call = _call(scope, content)
        served = self._exchange(call)
        if served.delay:
            await self._verbs.sleep(served.delay)
        answer = served.answer
        if self._log is not None:
            self._log(_line(call, served, time.monotonic() - began))
        if isinstance(answer, Failure):
            await _drop(send)
        headers, body = _encoded(answer, call)
        cut = answer.flaw is not None
        headers["content-length"] = str(len(body) * 2 + 1 if cut else len(body))
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": body, "more_body": cut})


async def _drop(send: Send) -> NoReturn:
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _UNWRITABLE})
    finally:
        # In place of the server's own words for a header it cannot write.
        raise DroppedError("the connection is dropped, as a fault was asked for") from None


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _read(receive: Receive) -> bytes | None:
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _call(scope: Scope, content: bytes) -> Call:
    path: str = scope["path"]
    found = _BASE.search(path)
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return Call(
        operation=UNKNOWN,
        method=scope["method"],
        path=found.group(2) if found else path,
        version=found.group(1) if found else None,
        query=tuple(query),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        content=content,
    )


def _line(call: Call, served: Served, seconds: float) -> Line:
    hidden = "/".join("***" if _PERSONAL.search(part) else part for part in call.path.split("/"))
    return Line(
        method=call.method,
        path=f"/{call.version or VERSION}{served.place or hidden}",
        operation=served.operation,
        status=None if isinstance(served.answer, Failure) else served.answer.status,
        milliseconds=seconds * 1_000,
    )


def _encoded(reply: Reply, call: Call) -> tuple[dict[str, str], bytes]:
    headers, body = _dated(reply.headers), reply.body
    accepted = " ".join(value for name, value in call.headers if name.lower() == "accept-encoding")
    if "gzip" in accepted and len(body) > _WORTH_GZIP:
        body = gzip.compress(body, 5, mtime=0)
        headers["content-encoding"] = "gzip"
    return headers, body


def _dated(headers: Mapping[str, str]) -> dict[str, str]:
    """
    Move a ``Retry-After`` date from the sandbox's present to the server's, which writes ``Date`` itself.
    """
    moved = dict(headers)
    present = moved.pop("date", None)
    if present is not None and "retry-after" in moved:
        pause: timedelta = parsedate_to_datetime(moved["retry-after"]) - parsedate_to_datetime(present)
        moved["retry-after"] = format_datetime(datetime.now(timezone.utc) + pause, usegmt=True)
    return moved
