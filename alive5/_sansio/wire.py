"""Requests and responses as plain values, and the encoding of bodies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import attrs

from .._json.codec import dumps_given

BodyFormat = Literal["json", "multipart"]
Host = Literal["base", "read"]
Pairs = tuple[tuple[str, str], ...]


@attrs.define(eq=False, repr=False)
class Departure:
    """
    Whether a request has left; a port sets it, None is unknown.

    It is read when a call ends without a response, by cancellation or Ctrl-C.
    """

    left: bool | None = None


@attrs.frozen(kw_only=True, repr=False)
class Call:
    """
    One request: the path is relative to the URL of its host and the key is not in it.

    ``host`` is "base", or "read": the URL of the current edition's reads.
    ``version`` takes the place of that URL's last segment.
    ``connect`` and ``read`` are seconds. The repr hides everything personal.
    """

    operation: str
    method: str
    path: str
    host: Host = "base"
    version: str | None = None
    query: Pairs = ()
    headers: Pairs = ()
    content: bytes = b""
    connect: float = 5.0
    read: float = 30.0
    departure: Departure = attrs.field(factory=Departure, eq=False)

    @property
    def is_write(self) -> bool:
        """Whether it may change something: any method but GET."""
        return self.method != "GET"

    def __repr__(self) -> str:
        return f"<Call {self.operation} {self.method}>"


@attrs.frozen(kw_only=True, repr=False)
class Reply:
    """
    One response: header names are lower case, the body is decompressed.

    ``flaw`` says why the body cannot be trusted ("truncated", "too_large",
    "encoding", "timeout", "early": before a write was sent whole);
    ``received_at`` is epoch seconds, 0 when unknown.
    """

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes = b""
    flaw: str | None = None
    received_at: float = 0.0

    def __repr__(self) -> str:
        return f"<Reply {self.status} {len(self.body)} bytes>"


@attrs.frozen
class Failure:
    """
    A request without a response: whether it left, the kind of failure, and a safe sentence.

    ``cause`` names what raised it, as safely; it becomes the error's ``__cause__``.
    """

    left: bool
    kind: str
    detail: str = ""
    cause: str = attrs.field(default="", repr=False)


def encode_body(fields: Mapping[str, Any], body_format: BodyFormat) -> tuple[Pairs, bytes]:
    """
    Return headers and content for body fields.
    """
    if body_format == "json":
        return (("content-type", "application/json"),), dumps_given(fields)
    texts = [(name, value if isinstance(value, str) else dumps_given(value).decode()) for name, value in fields.items()]
    boundary = _boundary(value for pair in texts for value in pair)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
        for name, value in texts
    ]
    content = "".join([*parts, f"--{boundary}--\r\n"]).encode()
    return (("content-type", f"multipart/form-data; boundary={boundary}"),), content


def _boundary(values: Iterable[str]) -> str:
    # A digest of the content cannot occur in it, and the same call gives the same bytes.
    digest = hashlib.sha256()
    for value in values:
        digest.update(value.encode() + b"\0")
    return f"alive5-{digest.hexdigest()[:40]}"


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
