"""A receiver of webhooks as a WSGI application."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from ..models import InboundSms
from .inbox import run_plain
from .request import SENTENCES, Receiver

# Bytes read at once: the time is looked at between two reads.
_CHUNK: Final = 4_096


class WsgiReceiver(Receiver):
    """
    A WSGI application that hands over each text delivered to a secret *path*, once it has answered.

    *handler* is a function, or an ``Inbox``, which remembers over restarts and
    is given by its polls what is lost here. It runs when the server closes the
    answer, in the server's worker. A body above *max_bytes* is refused, and one
    that drips for longer than *timeout* seconds; one that stands still is ended
    by the server alone.
    """

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
        """
        Serve one request.
        """
        status, text = self._read(environ)
        body = SENTENCES[status].encode()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        start_response(f"{status} {SENTENCES[status]}", headers)
        return Answer(body, self, text)

    def _read(self, environ: dict[str, Any]) -> tuple[int, InboundSms | None]:
        root, path = environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")
        length = environ.get("CONTENT_LENGTH") or None
        refused = self.refusal(environ["REQUEST_METHOD"], (path, root + path), length)
        if not refused and length is None and not environ.get("wsgi.input_terminated"):
            refused = 411
        return (refused, None) if refused else self._read_body(environ["wsgi.input"], length)

    def _read_body(self, stream: Any, length: str | None) -> tuple[int, InboundSms | None]:
        wanted = self.max_bytes + 1 if length is None else int(length)
        body, end = bytearray(), time.monotonic() + self.timeout
        while len(body) < wanted:
            if time.monotonic() > end:
                return 408, None
            chunk = stream.read(min(_CHUNK, wanted - len(body)))
            if not chunk:
                break
            body += chunk
        if len(body) > self.max_bytes:
            return 413, None
        return (400, None) if length is not None and len(body) < wanted else self.read(bytes(body))


class Answer:
    """The body of an answer; closing it, which a server does once it is sent, hands the text over."""

    def __init__(self, body: bytes, receiver: Receiver, text: InboundSms | None) -> None:
        self._body = body
        self._receiver = receiver
        self._text = text

    def __iter__(self) -> Iterator[bytes]:
        yield self._body

    def close(self) -> None:
        """
        Hand the text over, once.
        """
        text, self._text = self._text, None
        if text is None:
            return
        try:
            run_plain(self._receiver.handler, text)
        except BaseException as error:
            self._receiver.failed(text, error)
            if not isinstance(error, Exception):
                raise
