"""
The envelope of Alive5's responses, opened here and nowhere else.

Success needs HTTP 2xx and every layer good: the HTTP status alone does not
decide, since a 200 may carry code 400.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from .._json.codec import Body, read_body
from .bounds import has_too_many_rows, has_too_many_values
from .redact import LOOKED_AT, shown_text
from .wire import Reply

_EMPTY_ERRORS: Final[tuple[Any, ...]] = (None, False, "", [], {})
_ENVELOPE_KEYS: Final = ("code", "data", "error", "success")
_NOT_AUTHORISED: Final = ("invalid token", "authorization token")


@attrs.frozen(repr=False)
class Opened:
    """
    The data of a response that reports no failure, and the values beside it.

    ``approved`` is whether every code says success, None without any code;
    ``usual`` is that of :class:`~alive5._json.codec.Body`.
    """

    data: Any
    beside: dict[str, Any] = attrs.field(factory=dict)
    approved: bool | None = None
    usual: bool = False

    @property
    def has_list(self) -> bool:
        """Whether a list operation's answer holds its list: a null in its place proves nothing."""
        return _listed(self.data) is not None


@attrs.frozen(repr=False)
class Refusal:
    """
    A response that reports a failure.

    ``code`` is the one that decides (an envelope's innermost of 400 or more,
    else the HTTP status), None when there is only an ``error``; ``layers`` are
    the codes of every envelope that are of no success, 0 for one that cannot be
    read; ``complains`` is whether an envelope has an ``error``. ``text`` is what
    may be seen of the server's.
    """

    status: int
    code: int | None
    text: str = ""
    authentication: bool = False
    enveloped: bool = False
    layers: tuple[int, ...] = ()
    complains: bool = False


@attrs.frozen
class Unreadable:
    """A response that is not Alive5's, or incomplete."""

    status: int
    why: str


def open_reply(reply: Reply) -> Opened | Refusal | Unreadable:
    """
    Return the content of all layers of a response, or why it is no success.
    """
    good = 200 <= reply.status < 300
    if reply.flaw is not None:
        return Unreadable(reply.status, reply.flaw) if good else Refusal(reply.status, reply.status)
    body = _parse(reply.body)
    if isinstance(body, Body) and not isinstance(body.value, (dict, list)):
        body = "not an object or a list"
    if isinstance(body, str):
        return Unreadable(reply.status, body) if good else _refusal(reply.status, [], [], False)
    layers, data = _layers(body.value)
    failed, codes, texts = _failure(layers)
    if failed or not good:
        refusal = _refusal(reply.status, codes, texts, bool(layers))
        complains = any(not _is_empty(layer.get("error")) for layer in layers)
        return attrs.evolve(refusal, complains=complains, layers=_unsuccessful(layers))
    if has_too_many_rows(find_rows(data)):
        return Unreadable(reply.status, "too many rows")
    approved = None if all(layer.get("code") is None for layer in layers) else not _unsuccessful(layers)
    return Opened(data, layers[-1] if layers else {}, approved, body.usual)


def find_rows(data: Any) -> list[Any] | None:
    """
    Return the rows of a list operation: bare, or under ``Items`` or ``items``, also keyed by thread id.

    None is no list: an object or text where a list belongs is no empty list. A
    null is one, though it proves nothing.
    """
    if isinstance(data, dict) and "Items" not in data and "items" not in data:
        return None
    data = _listed(data)
    if data is None:
        return []
    if isinstance(data, dict):
        values = [value if isinstance(value, list) else [value] for value in data.values()]
        data = [row for rows in values for row in rows]
    return [row for row in data if row is not None] if isinstance(data, list) else None


def _listed(data: Any) -> Any:
    return data.get("Items" if "Items" in data else "items") if isinstance(data, dict) else data


def rows_of(data: Any) -> list[Any]:
    """
    Return the rows of a list operation whose answer was found to hold one.
    """
    return find_rows(data) or []


def _parse(body: bytes) -> Body | str:
    """Return what a body holds, or why it cannot be read."""
    if not body.strip():
        return "empty"
    if has_too_many_values(body):
        return "too many values"
    try:
        return read_body(body)
    except RecursionError:
        return "nested too deep"
    except ValueError:
        return "not JSON"


def _layers(value: Any) -> tuple[list[dict[str, Any]], Any]:
    layers = []
    while isinstance(value, dict) and any(key in value for key in _ENVELOPE_KEYS):
        layers.append(value)
        if "data" not in value:
            rest = {name: item for name, item in value.items() if name not in _ENVELOPE_KEYS}
            return layers, rest or None
        value = value["data"]
    return layers, value


def _failure(layers: list[dict[str, Any]]) -> tuple[bool, list[int], list[str]]:
    codes: list[int] = []
    texts: list[str] = []
    failed = False
    for layer in layers:
        code = _code(layer.get("code"))
        if code is not None and code >= 400:
            codes.append(code)
        error = layer.get("error")
        empty = _is_empty(error)
        refused = _is_false(layer.get("success"))
        failed = failed or not empty or refused or bool(code and code >= 400)
        texts.extend([] if empty else [_text(error)])
        texts.extend(layer[key] for key in ("message", "msg") if isinstance(layer.get(key), str) and failed)
    return failed, codes, texts


def _is_empty(error: Any) -> bool:
    return any(error == nothing and type(error) is type(nothing) for nothing in _EMPTY_ERRORS)


def _is_false(success: Any) -> bool:
    # Of numbers and texts alone: a list of a thousand lists has no text that could be made.
    if isinstance(success, (int, float)):
        return success == 0
    return isinstance(success, str) and success.lower() in ("false", "0")


def _unsuccessful(layers: list[dict[str, Any]]) -> tuple[int, ...]:
    codes = [_code(layer["code"]) or 0 for layer in layers if layer.get("code") is not None]
    return tuple(code for code in codes if not 200 <= code < 300)


def _refusal(status: int, codes: list[int], texts: list[str], enveloped: bool) -> Refusal:
    code = codes[-1] if codes else status if status >= 300 or status < 200 else None
    said = " ".join(text[:LOOKED_AT].lower() for text in texts)
    refused_key = code == 401 or (code == 400 and any(words in said for words in _NOT_AUTHORISED))
    return Refusal(status, code, shown_text(texts), refused_key, enveloped)


def _code(value: Any) -> int | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if value == int(value) else None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value.lstrip("0")[:9] or 0)  # a longer one is as much a failure when cut
    return None


def _text(error: Any) -> str:
    if isinstance(error, str):
        return error
    if isinstance(error, dict):
        for key in ("message", "error", "msg", "description"):
            if isinstance(error.get(key), str):
                return str(error[key])
    return ""
