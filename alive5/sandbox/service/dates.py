"""Dates of a request, read as the service does; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Final

import attrs

from ..quirks import Settings

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MS: Final = timedelta(milliseconds=1)
_DAY_MS: Final = 86_400_000
_FAR_MS: Final = 1 << 62
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


def read_dates(query: Mapping[str, str], settings: Settings) -> Dates:
    """
    Return the window, in both spellings; the end is inclusive, and days are those of UTC.

    :raises UnreadableDateError: for text in no known format.
    """
    start, end = _seen(query, "start", settings), _seen(query, "end", settings)
    low = -_FAR_MS if start is None else _read(start, settings)[0]
    high = _FAR_MS if end is None else sum(_read(end, settings))
    unseen = [bound for bound, seen in (("start", start), ("end", end)) if seen is None]
    missed = len(unseen) == 2 or any(query.get(f"date{mark}{bound}") for bound in unseen for mark in "-_")
    return Dates(low, high, ignored=missed and settings.ignored_window != "no")


def _seen(query: Mapping[str, str], bound: str, settings: Settings) -> str | None:
    ignored = settings.ignored_window
    hyphenated = None if ignored in ("all", "hyphenated") else query.get(f"date-{bound}")
    underscored = None if ignored in ("all", "underscored") else query.get(f"date_{bound}")
    return underscored or hyphenated or None


def _read(text: str, settings: Settings) -> tuple[int, int]:
    match = _DAY_FIRST.fullmatch(text.strip())
    exact = settings.resolution == "instant"
    try:
        if match is not None:
            month, day, year, hour, minute, second = (int(group or 0) for group in match.groups())
            moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
            timed = exact and match.group(4) is not None
            return (_ms(moment), 1) if timed else (_ms(moment.replace(hour=0, minute=0, second=0)), _DAY_MS)
        if exact and text.isascii() and text.isdigit() and len(text) < 16:
            return int(text), 1
        if exact and _ISO.fullmatch(text):
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
            return _ms(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)), 1
    except ValueError:
        pass
    raise UnreadableDateError(text)


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MS
