"""The sandbox as an ASGI 3 application, for any ASGI server."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from .._port.verbs import AsyncVerbs
from .._sansio.wire import Call, Failure, Reply
from .data.ledger import Served
from .service.request import UNKNOWN

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_BASE: Final = "/public/1.0"
_WORTH_GZIP: Final = 1024
# No server writes a header like this: it drops the connection without a byte of the response.
_UNWRITABLE: Final = [(b"bad\x00name", b"\x00")]


class App:
    """
    An ASGI application of a sandbox; a request needs an ``X-A5-APIKEY``.

    A refused connection cannot be acted from behind a server, so that fault
    drops the connection here, without the request being applied.
    """

    def __init__(self, exchange: Callable[[Call], Served]) -> None:
        self._exchange = exchange
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
        call = _call(scope, content)
        served = self._exchange(call)
        if served.delay:
            await self._verbs.sleep(served.delay)
        answer = served.answer
        if isinstance(answer, Failure):
            await send({"type": "http.response.start", "status": 200, "headers": _UNWRITABLE})
            return
        headers, body = _encoded(answer, call)
        cut = answer.flaw is not None
        headers["content-length"] = str(len(body) * 2 + 1 if cut else len(body))
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": body, "more_body": cut})


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
    _, found, rest = path.partition(_BASE)
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return Call(
        operation=UNKNOWN,
        method=scope["method"],
        path=rest if found else path,
        query=tuple(query),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        content=content,
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
