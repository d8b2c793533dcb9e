"""A receiver of webhooks as an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import anyio

from ..models import InboundSms
from .inbox import run_handler
from .request import SENTENCES, Receiver

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class AsgiReceiver(Receiver):
    """
    An ASGI application that hands over each text delivered to a secret *path*, once it has answered.

    *handler* is a function, plain or asynchronous, or an ``AsyncInbox``, which
    remembers over restarts and is given by its polls what is lost here. A plain
    function runs in a thread. A body above *max_bytes* or one that takes
    longer than *timeout* seconds is refused.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one request.
        """
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, text = await self._read(scope, receive)
        if not status:
            return  # the client is gone
        body = SENTENCES[status].encode()
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
        if status != 200 and scope.get("http_version", "1.1").startswith("1"):
            headers.append((b"connection", b"close"))  # the rest of its body is not read; HTTP/2 has no such header
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if text is not None:
            await self._hand_over(text)

    async def _read(self, scope: Scope, receive: Receive) -> tuple[int, InboundSms | None]:
        path, root = scope["path"], scope.get("root_path", "")
        headers = {name.lower(): value for name, value in scope["headers"]}
        length = headers.get(b"content-length")
        told = None if length is None else length.decode("latin-1")
        refused = self.refusal(scope["method"], (path, path.removeprefix(root), root + path), told)
        if refused:
            return refused, None
        with anyio.move_on_after(self.timeout):
            return await self._read_body(receive)
        return 408, None

    async def _read_body(self, receive: Receive) -> tuple[int, InboundSms | None]:
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return 0, None
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self.max_bytes:
                return 413, None
        return self.read(bytes(body))

    async def _hand_over(self, text: InboundSms) -> None:
        try:
            await run_handler(self.handler, text)
        except BaseException as error:
            self.failed(text, error)
            if not isinstance(error, Exception):
                raise


async def _live(receive: Receive, send: Send) -> None:
    kind = ""
    while kind != "lifespan.shutdown":
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
