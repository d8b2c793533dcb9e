"""Results of operations, and their envelopes."""

from __future__ import annotations

from typing import Any

import attrs

from ..._json import codec as json
from ..._sansio.wire import Reply
from ..data.store import Effect
from ..settings import Settings

_NOTHING: dict[str, Any] = {"null": None, "object": {}, "text": "", "list": [], "false": False}
_JSON = {"content-type": "application/json; charset=utf-8"}


@attrs.frozen(kw_only=True, repr=False)
class Result:
    """
    Data and effects, or a refusal with the envelope's ``code`` of 400 or more.

    ``error`` is the refusal's text, "" for the empty object a missing field
    returns; ``status`` is the HTTP status where no quirk decides it.
    """

    data: Any = None
    effects: tuple[Effect, ...] = ()
    code: int = 200
    error: str = ""
    status: int | None = None


MISSING_FIELD = Result(code=400)


def envelope(result: Result, settings: Settings, *, sent: bool = False) -> Reply:
    """
    Return a result in its envelope; *sent* is true for a sent text, whose data has two.
    """
    if result.code >= 400 or result.error:
        status = result.status or (200 if settings.refusals == "http_200" else result.code)
        return reply(status, _layer(result.code, None, _error(result.error, settings), settings))
    return reply(200, _layers(result.data, settings, sent))


def reply(status: int, value: Any) -> Reply:
    """
    Return a response of JSON.
    """
    return Reply(status=status, headers=dict(_JSON), body=json.dumps(value))


def html(status: int, title: str) -> Reply:
    """
    Return a response of HTML, as a gateway would.
    """
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status=status, headers={"content-type": "text/html; charset=utf-8"}, body=page.encode())


def _layers(data: Any, settings: Settings, sent: bool) -> Any:
    kind = settings.envelope
    if kind == "bare":
        return data
    good = _NOTHING[settings.no_error]
    if kind == "two" or (kind == "usual" and sent):
        data = _layer(200, data, good, settings)
    elif kind == "inner_without_code":
        data = {"data": data, "error": good}
    return _layer(200, data, good, settings)


def _layer(code: int, data: Any, error: Any, settings: Settings) -> dict[str, Any]:
    return {"code": str(code) if settings.code_as == "text" else code, "data": data, "error": error}


def _error(text: str, settings: Settings) -> Any:
    if not text:
        return {}
    return {"message": text} if settings.error_as == "object" else text
