"""Dispatch: from a call and the data to a response and its effects; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import attrs

from ..._sansio.wire import Reply
from ..data.store import Effect, Store
from ..settings import Settings
from . import creates, later, listings, sms
from .envelope import MISSING_FIELD, Result, envelope, html
from .request import Asked
from .shapes import written

_KEY: Final = re.compile(r"[A-Za-z0-9_.~+/=:-]{4,}")

Operation = Callable[[Store, Asked, Settings, int], Result]

_OPERATIONS: Final[dict[str, Operation]] = {
    "account.get": creates.account,
    "tags.list": listings.directory,
    "channels.list": listings.directory,
    "conversations.summary": listings.summary,
    "sms.send": sms.send,
    "sms.push": sms.push,
    **dict.fromkeys(listings.LISTINGS, listings.conversations),
    **dict.fromkeys(creates.CREATES, creates.create),
    **later.LATER,
}


@attrs.frozen(kw_only=True, repr=False)
class Answer:
    """A reply, whether the call was accepted, and the effects that are still to be applied."""

    reply: Reply
    accepted: bool = False
    effects: tuple[Effect, ...] = ()


def answer(store: Store, asked: Asked, settings: Settings, number: int) -> Answer:
    """
    Return the answer to the *number*-th call; it changes nothing, and depends on the arguments alone.
    """
    if asked.operation not in _OPERATIONS:
        return Answer(reply=html(404, "Not Found"))
    result = _checked(store, asked, settings, number)
    result = attrs.evolve(result, data=written(result.data, settings))
    reply = envelope(result, settings, sent=asked.operation == "sms.send")
    return Answer(reply=reply, accepted=result.code < 400, effects=result.effects)


def unauthorised(asked: Asked, key: str | None, settings: Settings) -> Answer | None:
    """
    Refuse a call without a key, with another than the sandbox was given, or with what no key looks like.
    """
    if not key:
        refused = Result(code=401, error="Authorization token not found", status=401)
    elif key != settings.api_key if settings.api_key is not None else not _KEY.fullmatch(key):
        refused = Result(code=400, error="Invalid token", status=400)
    else:
        return None
    return Answer(reply=envelope(refused, settings))


def _checked(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    fields = asked.arguments
    if fields is None or any(fields.get(name) in (None, "", []) for name in asked.required):
        return MISSING_FIELD
    return _OPERATIONS[asked.operation](store, asked, settings, number)
