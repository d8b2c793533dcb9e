"""
Time zones, and times shown in them.

Law: pure; whoever shows a time or takes a zone does it as this says.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

from ._lazy import importing
from .errors import InvalidArgumentError

_OFFSET = re.compile(r"UTC([+-])([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def read_zone(value: str | tzinfo | None) -> tzinfo | None:
    """
    Return a zone for itself or for its name.
    """
    if value is None or isinstance(value, tzinfo):
        return value
    if isinstance(value, str) and value:
        if value.upper() == "UTC":
            return timezone.utc
        if offset := _OFFSET.fullmatch(value):  # how Python shows a fixed offset, and exports keep it
            minutes = int(offset[2]) * 60 + int(offset[3])
            return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
        with importing():
            from zoneinfo import ZoneInfo

        try:
            return ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            pass
    raise InvalidArgumentError(
        "tz must be the name of a time zone, such as America/New_York, or a tzinfo", argument="tz"
    )


def show_at(moment: datetime | None, zone: tzinfo) -> str:
    """
    Return a time to the minute in a zone; "" for none.
    """
    try:
        return "" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
    except (OverflowError, ValueError):  # the ends of the calendar
        return f"{moment:%Y-%m-%d %H:%MZ}"
