"""What a receiver takes: one secret path, one method, a body of bounded size; each delivery once."""

from __future__ import annotations

import hmac
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from .._sansio.inbound import Trace, parse, trace_of
from .._sansio.validate import positive, refuse
from ..errors import InvalidArgumentError
from ..models import InboundSms

logger: logging.Logger = logging.getLogger("alive5")

# Whoever knows the address can call it: this many characters are not guessed.
_SHORTEST_SECRET: Final = 16
# A text has 1,600 characters; the rest of a delivery is a few ids.
_MOST_BYTES: Final = 65_536
# Deliveries that are told from their doubles: some megabytes, and hours of a busy line.
_REMEMBERED: Final = 10_000
SENTENCES: Final[Mapping[int, str]] = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    411: "Length Required",
    413: "Content Too Large",
}
_POSITIVE: Final = positive(float)


@attrs.define(eq=False, repr=False)
class Receiver:
    """What the receivers of both kinds share."""

    handler: Callable[[InboundSms], Any]
    path: str = attrs.field(kw_only=True)
    max_bytes: int = attrs.field(kw_only=True, default=_MOST_BYTES, validator=positive(int))
    timeout: float = attrs.field(kw_only=True, default=10.0, validator=_POSITIVE)
    _seen: OrderedDict[Trace, None] = attrs.field(init=False, factory=OrderedDict)
    _lock: threading.Lock = attrs.field(init=False, factory=threading.Lock)

    def __attrs_post_init__(self) -> None:
        if not callable(self.handler):
            raise refuse("handler", "must be callable")
        secret = self.path.rpartition("/")[2] if isinstance(self.path, str) else ""
        if not secret.isascii() or len(secret) < _SHORTEST_SECRET or not self.path.startswith("/"):
            raise refuse("path", f"must be a path that ends in a secret of {_SHORTEST_SECRET} characters or more")

    def refusal(self, method: str, paths: tuple[str, ...], length: str | None) -> int:
        """
        Return the status a request is refused with before its body is read, 0 when it is not.
        """
        wanted = self.path.encode()
        # All are compared, so that time tells nothing.
        equal = [hmac.compare_digest(path.encode("utf-8", "replace"), wanted) for path in paths]
        if not any(equal):
            return 404
        if method != "POST":
            return 405
        if length is not None and not (length.isdecimal() and length.isascii()):
            return 400
        return (
            413
            if length is not None and (len(length) > len(str(self.max_bytes)) or int(length) > self.max_bytes)
            else 0
        )

    def read(self, body: bytes) -> tuple[int, InboundSms | None]:
        """
        Return the status for a body, and its text if it is to be handed over.
        """
        try:
            text = parse(body)
        except InvalidArgumentError:
            return 400, None
        return 200, text if text.direction in (None, "inbound") and self._is_new(text) else None

    def failed(self, text: InboundSms, error: BaseException) -> None:
        """
        Report that a handler raised; another delivery of the text is handed over again.
        """
        with self._lock:
            self._seen.pop(trace_of(text), None)
        logger.error("the handler of a text raised %s", type(error).__name__)  # its words may be personal

    def _is_new(self, text: InboundSms) -> bool:
        trace = trace_of(text)
        if trace.at is None:
            return True  # nothing tells it from another
        with self._lock:
            new = trace not in self._seen
            self._seen[trace] = None
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return new
