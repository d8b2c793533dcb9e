"""Dates of a request, read as the service does; pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final, cast

import attrs

from ..._zones import read_zone
from ..settings import OFFSET, UTC_ZONE, Settings
from .request import Asked

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MS: Final = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1)
_FAR_MS: Final = 1 << 62
_CURRENT: Final = {
    "conversations.livechat": ("datetime_from", "datetime_to"),
    "conversations.summary": ("from_datetime", "date_end"),
}
_DAY_FIRST: Final = re.compile(r"(\d{2})-(\d{2})-(\d{4})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_ISO: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{3}(?:\d{3})?)?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII
)


class UnreadableDateError(ValueError):
    """A date the service does not understand."""


@attrs.frozen
class Dates:
    """
    The window ``low <= start < high`` in epoch milliseconds; ``ignored`` says that it does not count.
    """

    low: int = -_FAR_MS
    high: int = _FAR_MS
    ignored: bool = False


def read_dates(asked: Asked, settings: Settings) -> Dates:
    """
    Read the window, in the spellings of the edition asked.

    :raises UnreadableDateError: for text in no known format.
    """
    names = _names(asked)
    blind = _blind(asked, settings)
    seen = [
        next((asked.query[name] for name in group if name not in blind and asked.query.get(name)), None)
        for group in names
    ]
    start, end = seen
    zone = _zone(asked, settings)
    low = -_FAR_MS if start is None else _read(start, settings, zone)[0]
    high = _FAR_MS if end is None else _end(end, settings, zone)
    unseen = [group for group, text in zip(names, seen, strict=True) if text is None]
    missed = len(unseen) == 2 or any(asked.query.get(name) for group in unseen for name in group)
    return Dates(low, high, ignored=missed and bool(blind))


def _names(asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of start and end, the one that wins first."""
    if asked.edition == "documented":
        return ("date_start", "date-start"), ("date_end", "date-end")
    start, end = _CURRENT.get(asked.operation, ("date_start", "date_end"))
    return (start,), (end,)


def _blind(asked: Asked, settings: Settings) -> frozenset[str]:
    """Return the names the host ignores."""
    ignored = settings.ignored_window
    texts = asked.edition == "documented" and asked.operation in ("conversations.sms", "conversations.fbm")
    names = {name for group in _names(asked) for name in group}
    if ignored == "all" or (ignored == "documented" and texts):
        return frozenset(names)
    mark = {"hyphenated": "date-", "underscored": "date_"}.get(ignored)
    return frozenset(name for name in names if mark is not None and name.startswith(mark))


def _zone(asked: Asked, settings: Settings) -> tzinfo:
    told = asked.query.get("timezone_offset")
    if told is None or settings.host_zone != UTC_ZONE:
        told = settings.host_zone
    match = OFFSET.fullmatch(told.strip())
    if match is None and told == settings.host_zone:
        return cast("tzinfo", read_zone(told))
    if match is None:
        raise UnreadableDateError(told)
    minutes = int(match.group(2)) * 60 + int(match.group(3))
    return timezone(timedelta(minutes=-minutes if match.group(1) == "-" else minutes))


def _end(text: str, settings: Settings, zone: tzinfo) -> int:
    first, after = _read(text, settings, zone)
    return first if settings.end_date == "boundary" and after - first > 1 else after


def _read(text: str, settings: Settings, zone: tzinfo) -> tuple[int, int]:
    """Return the first millisecond of a day or a time, and the one after its last."""
    match = _DAY_FIRST.fullmatch(text.strip())
    exact = settings.resolution == "instant"
    try:
        if match is not None:
            month, day, year, hour, minute, second = (int(group or 0) for group in match.groups())
            moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
            if exact and match.group(4) is not None:
                return _instant(moment)
            midnight = datetime(year, month, day)  # a day of the host may have 23 hours
            return _ms(midnight.replace(tzinfo=zone)), _ms((midnight + _DAY).replace(tzinfo=zone))
        if exact and text.isascii() and text.isdigit() and len(text) < 16:
            return int(text), int(text) + 1
        if exact and _ISO.fullmatch(text):
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
            return _instant(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    except ValueError:
        pass
    raise UnreadableDateError(text)


def _instant(moment: datetime) -> tuple[int, int]:
    return _ms(moment), _ms(moment) + 1


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MS
