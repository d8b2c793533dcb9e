"""Texts that come: what a webhook delivers, what the feed lists, and whether two of them are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import attrs

from ..models import FeedMessage, InboundSms
from ..models._numbers import number_key, read_number
from .decode import shape
from .envelope import Opened, open_reply
from .validate import refuse
from .wire import Reply

_NAMES: Final = frozenset({"message_content", "media_url", "created_by", "phone_mobile", "thread_id"})
# How far two times of one text may differ, in milliseconds: nothing, where both have fractions of a second; a second,
# where one is cut to whole ones; ten minutes, where one is our own, of its arrival.
_EXACT, _SECOND, ARRIVAL = 0, 1_000, 600_000


@attrs.frozen(repr=False)
class Trace:
    """What of a text tells it from others; ``at`` is in epoch milliseconds, give or take ``slack``."""

    words: str
    person: str | None
    thread: str | None
    at: int | None
    slack: int


def parse(body: bytes | str | Mapping[str, Any]) -> InboundSms:
    """
    Return the text that a webhook delivered: its body, JSON or a form, or the values of it.

    The number may stand under either of its names, the time be in seconds or
    milliseconds.

    :raises InvalidArgumentError: when it is no delivery of a text.
    """
    data = _read(body)
    text = None if data is None else inbound_of(shape(FeedMessage, data))
    if text is None or not (text.message.strip() or text.media_url) or not (text.phone_number or text.thread_id):
        raise refuse("body", "is no delivery of a text")
    return text


def inbound_of(message: FeedMessage) -> InboundSms:
    """
    Return a message as a text that came.
    """
    extra = dict(message.extra)
    mobile, direction = extra.pop("phone_mobile", None), extra.pop("direction", None)
    return InboundSms(
        phone_number=read_number(message.created_by) or read_number(mobile),
        message=message.text,
        created_at=message.created_at,
        thread_id=message.thread_id or None,
        channel_id=message.channel_id or None,
        media_url=message.media_url or None,
        direction=direction.strip().lower() if isinstance(direction, str) else None,
        extra=extra,
    )


def came_in(text: InboundSms) -> bool:
    """
    Whether a person wrote a text, by its direction, or else by an author that is a number.
    """
    return text.direction == "inbound" if text.direction else text.phone_number is not None


def is_exact(texts: Iterable[InboundSms]) -> bool:
    """
    Whether a listing tells times to the millisecond: where one has a fraction, a whole second is a time like others.
    """
    return any(text.created_at is not None and text.created_at.microsecond for text in texts)


def trace_of(text: InboundSms, *, exact: bool = False) -> Trace:
    """
    Return what tells a text from others; *exact* is whether its time is known to be no cut one.

    A picture counts by the path of its address alone, since the service may
    sign the address each time, and only where there are no words.
    """
    words = " ".join(text.message.split())
    person = None if text.phone_number is None else number_key(text.phone_number)
    at = None if text.created_at is None else round(text.created_at.timestamp() * 1_000)
    slack = ARRIVAL if at is None else _EXACT if exact or at % 1_000 else _SECOND
    return Trace(f"text {words}" if words else f"media {_place(text.media_url)}", person, text.thread_id, at, slack)


def are_one(at: int, slack: int, other: int, other_slack: int) -> bool:
    """
    Whether two times may be those of one text; two that are cut to seconds are equal or not.
    """
    if slack == other_slack == _SECOND:
        return at == other
    return at == other or abs(at - other) < max(slack, other_slack)


def _read(body: Any) -> dict[str, Any] | None:
    if isinstance(body, Mapping):
        return dict(body)
    if isinstance(body, str):
        body = body.encode("utf-8", "replace")
    if not isinstance(body, (bytes, bytearray)):
        return None
    opened = open_reply(Reply(status=200, body=bytes(body)))
    if isinstance(opened, Opened) and isinstance(opened.data, dict):
        return opened.data
    fields = dict(parse_qsl(bytes(body).decode("utf-8", "replace"), max_num_fields=100)) if b"=" in body else {}
    return dict(fields) if _NAMES & fields.keys() else None


def _place(address: str | None) -> str:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return address or ""
    return f"{parts.netloc}{parts.path}"
