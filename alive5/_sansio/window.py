"""
Date windows: what is asked of the server and which rows belong.

A window is an exact period: plain dates are whole days of a zone, or of UTC.
The server knows days only, and whether its end date is the end of a day or its
midnight, and of which zone, nobody says: more is asked for and rows are then
kept exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, Literal, TypeVar

import attrs

from ..models._times import read_text, show
from ..models.listing import Listed
from .validate import refuse

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
# No zone's day begins more than 14 hours before the same day of UTC, so that one day covers it at the start. At the
# end it is two: where an end date is a midnight, the day of that date is not part of the answer.
_BEFORE, _AFTER = timedelta(days=1), timedelta(days=2)
FAR: Final = timedelta(hours=26)
"""How far a row may lie outside what was asked: the widest distance of two time zones, which honest hosts may show."""
OLDEST_START: Final = datetime(2000, 1, 1, tzinfo=timezone.utc)
"""The service is younger: an earlier start is an odd value."""
T = TypeVar("T", int, datetime)
Sight = Literal["inside", "by_end", "by_message", "far"]
"""Where a row lies: by its start inside, or by what else there is of it; ``by_end`` and ``by_message`` are odd."""
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", re.ASCII)
_OLDEST = datetime.min.replace(tzinfo=timezone.utc)
_NEWEST = datetime.max.replace(tzinfo=timezone.utc)

Bound = date | datetime | str | None


@attrs.frozen(kw_only=True)
class Window:
    """
    The rows that belong: ``lower <= start_time < upper``, in UTC.

    ``first`` and ``last`` are the days asked of the server, None where
    unbounded, and ``near`` those days and 26 hours on each side, which no time
    zone can explain away. ``days`` says that plain days of UTC were given.
    """

    lower: datetime = _OLDEST
    upper: datetime = _NEWEST
    first: date | None = None
    last: date | None = None
    near: tuple[datetime, datetime] = (_OLDEST, _NEWEST)
    days: bool = True

    def __str__(self) -> str:
        start = "" if self.lower == _OLDEST else _show(self.lower, whole=self.days)
        end = "" if self.upper == _NEWEST else _show(self.upper - _DAY if self.days else self.upper, whole=self.days)
        return f"{start}..{end}"

    def arguments(self) -> dict[str, str]:
        """
        Return the days as the server reads them, MM-DD-YYYY.
        """
        days = {"start": self.first, "end": self.last}
        return {name: write_day(day) for name, day in days.items() if day is not None}

    def holds(self, row: Listed) -> bool:
        """
        Whether a row starts inside; one without a readable start is kept.
        """
        start = row.start_time
        return start is None or self.lower <= start < self.upper

    def is_far(self, row: Listed) -> bool:
        """
        Whether neither start, end nor any message lies near the days asked for.
        """
        return self.sight_of(row) == "far"

    def sight_of(self, row: Listed) -> Sight:
        """
        Return where a row lies, seen from the days asked for.
        """
        return sight_of(row.start_time, row.end_time, _said(row), near=self.near, oldest=OLDEST_START)


def _said(row: Listed) -> Iterator[datetime | None]:
    # A generator: a row that starts inside, as nearly all do, has its messages decoded by whoever asks for them.
    for message in row.chat_conversation:
        yield message.created_at


def write_day(day: date) -> str:
    """
    Return a day as the service reads it.
    """
    return f"{day:%m-%d-}{day.year:04}"


def sight_of(start: T | None, end: T | None, messages: Iterable[T | None], *, near: tuple[T, T], oldest: T) -> Sight:
    """
    Return where a row lies, seen from ``near[0] <= time < near[1]``.

    One that began before and ended inside proves that the host goes by the
    end, or by the last message; one that is there by a message alone, that
    it does not go by the end. Where the start cannot be read, or is odd since
    it lies before *oldest*, the first message stands for it.
    """
    low, high = near
    if start is not None and low <= start < high:
        return "inside"
    said = [moment for moment in messages if moment is not None]
    in_end = end is not None and low <= end < high
    if not in_end and not any(low <= moment < high for moment in said):
        return "far" if start is not None or end is not None or said else "inside"
    began = (
        start if start is not None and start >= oldest else min((one for one in said if one >= oldest), default=high)
    )
    if began >= low:
        return "inside"
    return "by_end" if in_end else "by_message"


def read_window(start: Bound, end: Bound, zone: tzinfo | None, *, padding: bool = True) -> Window:
    """
    Return the window of two bounds; plain dates are days of *zone*, or of UTC.

    Without *padding* the days that hold the period are asked for and no more,
    as for counts, which no rule of ours can filter.
    """
    first, last = _read("start", start), _read("end", end)
    instants = zone is not None or isinstance(first, datetime) or isinstance(last, datetime)
    lower = _OLDEST if first is None else _lower("start", first, zone)
    upper = _NEWEST if last is None else _upper("end", last, zone)
    if lower >= upper:
        raise refuse("start", "must not be after end")
    first = None if first is None else _shifted(lower, -_BEFORE if padding else timedelta())
    last = None if last is None else _shifted(upper - _TICK, _AFTER if padding else timedelta())
    return Window(
        lower=lower,
        upper=upper,
        first=first,
        last=last,
        near=(_at(first, -FAR, _OLDEST), _at(last, _DAY + FAR, _NEWEST)),
        days=not instants,
    )


def _show(moment: datetime, *, whole: bool) -> str:
    return moment.date().isoformat() if whole else show(moment)


def _read(argument: str, value: Bound) -> date | None:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise refuse(argument, "must be a date, a datetime or ISO text such as 2026-01-31")
    text = value.strip()
    try:
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        raise refuse(argument, "is not a date that exists") from None
    moment = read_text(text) if _ISO_MOMENT.fullmatch(text) else None
    if moment is None:
        raise refuse(argument, "must be ISO text such as 2026-01-31 or 2026-01-31T08:00:00Z")
    return moment.replace(tzinfo=None) if _is_naive(text) else moment


def _is_naive(text: str) -> bool:
    return re.search(r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)$", text[10:]) is None


def _lower(argument: str, value: date, zone: tzinfo | None) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    return _utc(argument, moment, zone)


def _upper(argument: str, value: date, zone: tzinfo | None) -> datetime:
    try:
        if isinstance(value, datetime):
            return _utc(argument, value, zone) + _TICK
        return _utc(argument, datetime.combine(value + _DAY, time.min), zone)
    except OverflowError:
        return _NEWEST


def _utc(argument: str, moment: datetime, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        moment = moment.replace(tzinfo=zone or timezone.utc)
    try:
        return moment.astimezone(timezone.utc)
    except (OverflowError, ValueError):
        raise refuse(argument, "is outside the years 1 to 9999 in UTC") from None


def _shifted(moment: datetime, by: timedelta) -> date:
    try:
        return (moment + by).date()
    except OverflowError:
        return moment.date()


def _at(day: date | None, shift: timedelta, otherwise: datetime) -> datetime:
    if day is None:
        return otherwise
    try:
        return datetime.combine(day, time.min, timezone.utc) + shift
    except OverflowError:
        return otherwise
