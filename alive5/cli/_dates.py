"""Dates as people say them on a command line: the options, and what they mean today."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Annotated, Any, Final, Literal

import typer

from .._sansio.validate import refuse

FORMS: Final = "2026-01-31, 2026-01, today, yesterday, -7d, or an ISO time"
"""What is understood, as helps say it."""
_FIRST: Final = f"First day: {FORMS}."
_LAST: Final = f"Last day, included: {FORMS}."

Start = Annotated[str | None, typer.Option("--start", metavar="DATE", help=_FIRST, show_default=False)]
End = Annotated[str | None, typer.Option("--end", metavar="DATE", help=_LAST, show_default=False)]
FirstDay = Annotated[str, typer.Option("--start", metavar="DATE", help=_FIRST, show_default=False)]
LastDay = Annotated[str, typer.Option("--end", metavar="DATE", help=_LAST, show_default=False)]

_AGO: Final = re.compile(r"-([0-9]{1,7})d", re.ASCII)
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)
_NAMED: Final = {"today": 0, "yesterday": 1}


def read_date(text: str, today: date, bound: Literal["start", "end"]) -> str:
    """
    Return a date as ISO text; what begins with a year and is no month is returned as it is.

    A month is its first day as a start and its last as an end.

    :raises InvalidArgumentError: for a day or month no calendar has, and for words that are no date.
    """
    word = text.strip().lower()
    ago = _AGO.fullmatch(word)
    days = int(ago[1]) if ago else _NAMED.get(word)
    try:
        if days is not None:
            return (today - timedelta(days=days)).isoformat()
        if month := _MONTH.fullmatch(word):
            first = date(int(month[1]), int(month[2]), 1)
            last = calendar.monthrange(first.year, first.month)[1]
            return (first if bound == "start" else first.replace(day=last)).isoformat()
    except (ValueError, OverflowError):
        raise refuse(bound, "is not a date that exists") from None
    if not _YEAR.match(word):  # a library's user has no "yesterday", so its sentence would not name it
        raise refuse(bound, f"must be {FORMS}")
    return text


def read_period(start: str | None, end: str | None, zone: tzinfo | None) -> dict[str, Any]:
    """
    Return start and end as arguments of an operation; today is the day of *zone*, or of UTC as plain dates are.
    """
    today = datetime.now(zone or timezone.utc).date()
    return {
        "start": start if start is None else read_date(start, today, "start"),
        "end": end if end is None else read_date(end, today, "end"),
    }
