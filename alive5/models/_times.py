"""The service's timestamps: epoch numbers and ISO 8601, as aware UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
# As milliseconds this is March 1973, before the service existed; as seconds the year 5138.
SECONDS_BELOW = 10**11
# The year 10000, which a datetime cannot hold.
LAST_MS = 253_402_300_800_000
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def read_epoch(value: float) -> datetime | None:
    """
    Return the time of epoch milliseconds, or of seconds below 10^11; None when out of range.
    """
    ms = value * 1000 if value < SECONDS_BELOW else value
    if not 0 < ms < LAST_MS:
        return None
    return _EPOCH + timedelta(milliseconds=ms)


def read_any(value: Any) -> datetime | None:
    """
    Return the time of a delivered value of any type; None when it is none.
    """
    if value.__class__ is int or value.__class__ is float:
        return read_epoch(value)
    return read_text(value) if value.__class__ is str else None


def read_text(text: str) -> datetime | None:
    """
    Return the time of epoch digits or ISO 8601 text, in UTC without an offset; None when it is neither.
    """
    text = text.strip()
    if text.isdecimal() and text.isascii():
        return read_epoch(int(text)) if len(text) < 16 else None
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")), _offset(offset),
        )  # fmt: skip
        return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return timezone.utc
    digits = text[1:].replace(":", "")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-delta if text[0] == "-" else delta)


def show(moment: datetime) -> str:
    """
    Return a time as ISO 8601 in UTC with a trailing Z.
    """
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def to_minute(moment: datetime | None, after: datetime | None = None) -> str:
    """
    Return a time as a repr shows it; without its day when that is the one of *after*, and "" for none.
    """
    if moment is None:
        return ""
    if after is not None and moment.date() == after.date():
        return f"{moment:%H:%MZ}"
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def to_second(moment: datetime | None) -> str:
    """
    Return a time to the second as a repr shows it; "-" for none.
    """
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else "-"
