"""Calls to operations that are not modelled, with a query and a body as given."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from .validate import path as checked_path
from .validate import refuse
from .wire import BodyFormat, Call, Pairs, encode_body

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


def read_raw(method: str, path: str, params: Any, body: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """
    Check what was asked for; returns the path below the base URL, the query and the body.
    """
    if method not in METHODS:
        raise refuse("method", f"must be one of {', '.join(METHODS)}")
    if method == "GET" and body is not None:
        raise refuse("body", "is not sent with GET: use params")
    for name, value in {"params": params, "body": body}.items():
        if value is not None and not isinstance(value, Mapping):
            raise refuse(name, "must be a mapping")
    return checked_path(path), dict(params or {}), dict(body or {})


def write_raw(
    method: str,
    path: str,
    params: Mapping[str, Any],
    body: Mapping[str, Any],
    *,
    body_format: BodyFormat,
    connect: float,
    read: float,
) -> Call:
    """
    Return the call; GET has no body.
    """
    query = tuple((name, _plain(name, value)) for name, value in params.items() if value is not None)
    headers, content = ((), b"") if method == "GET" else _encoded(body, body_format)
    return Call(
        operation="call",
        method=method,
        path=path,
        query=query,
        headers=headers,
        content=content,
        connect=connect,
        read=read,
    )


def _plain(name: Any, value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not isinstance(value, (str, int, float)) or not isinstance(name, str) or not _encodable(name + text):
        raise refuse("params", "must hold texts, numbers and booleans that can be encoded")
    return text


def _encoded(body: Mapping[str, Any], body_format: BodyFormat) -> tuple[Pairs, bytes]:
    if body_format == "multipart":
        body = {name: value for name, value in body.items() if value is not None}
    if all(isinstance(name, str) for name in body):
        with suppress(TypeError, ValueError):
            return encode_body(body, body_format)
    raise refuse("body", "must hold what JSON can hold, under names that are texts")


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
