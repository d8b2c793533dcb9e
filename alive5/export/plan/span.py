"""Spans of time, the unit of an export, and how they are asked for; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Final

import attrs

from ..._sansio.window import FAR, write_day

DAY: Final = 86_400
MINUTE: Final = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_FIRST_DAY = _EPOCH.date()
# Later than any time, in microseconds.
END_OF_TIME: Final = 1 << 62
# Days are the server's own, and no time zone begins or ends one later or earlier than this.
ZONE_SECONDS: Final = 14 * 3600
_FAR_US: Final = FAR // _MICROSECOND


@attrs.frozen(order=True)
class Span:
    """
    A span ``low <= time < high`` in epoch seconds; whole days are days of the server.
    """

    low: int
    high: int

    def __str__(self) -> str:
        if self.is_days:
            first, last = day_of(self.low), day_of(self.high - 1)
            return f"{first}" if first == last else f"{first}..{last}"
        return f"{_show(self.low)}..{_show(self.high)}"

    @property
    def seconds(self) -> int:
        """Its length in seconds."""
        return self.high - self.low

    @property
    def is_days(self) -> bool:
        """Whether it consists of whole days."""
        return self.low % DAY == 0 and self.high % DAY == 0

    def lies_in(self, other: Span) -> bool:
        """
        Whether all of it belongs to another.
        """
        return other.low <= self.low and self.high <= other.high

    def touches(self, other: Span) -> bool:
        """
        Whether they have a time in common.
        """
        return self.low < other.high and other.low < self.high

    def asked(self, *, whole_days: bool) -> Span:
        """
        Return what to ask for: a day more until a host is proven to take an end date for the end of its day.
        """
        return self if whole_days or not self.is_days else Span(self.low, self.high + DAY)

    def arguments(self) -> dict[str, str]:
        """
        Return the bounds as the server reads them; both are included, so a shared instant is asked for twice.
        """
        if self.is_days:
            first, last = day_of(self.low), day_of(self.high - 1)
            return {"start": write_day(first), "end": write_day(last)}
        return {"start": _write_instant(self.low), "end": _write_instant(self.high)}

    def near_us(self) -> tuple[int, int]:
        """
        Return the epoch microseconds that rows lie between when the window is honoured.
        """
        return self.low * 1_000_000 - _FAR_US, self.high * 1_000_000 + _FAR_US

    def are_astray(self, starts_us: Iterable[int | None]) -> bool:
        """
        Whether one of the rows' starts proves that the server honours the day only, not the time.
        """
        if self.is_days:
            return False
        low_us, high_us = (self.low - MINUTE) * 1_000_000, (self.high + MINUTE) * 1_000_000
        return any(start is not None and not low_us <= start <= high_us for start in starts_us)

    def cut(self, at: list[int]) -> list[Span]:
        """
        Return the parts between the times that lie inside.
        """
        bounds = [self.low, *sorted({moment for moment in at if self.low < moment < self.high}), self.high]
        return [Span(low, high) for low, high in pairwise(bounds)]


def day_span(first: date, last: date) -> Span:
    """
    Return the span of whole days, the last included.
    """
    return Span(day_start(first), day_start(last) + DAY)


def day_start(day: date) -> int:
    """
    Return a day's first second.
    """
    return (day - _FIRST_DAY).days * DAY


def day_of(moment: int) -> date:
    """
    Return the day a second lies in.
    """
    return _FIRST_DAY + timedelta(days=moment // DAY)


def floor_day(moment: float) -> int:
    """
    Return the first second of the day a time lies in.
    """
    return int(moment // DAY) * DAY


def _write_instant(moment: int) -> str:
    at = _EPOCH + timedelta(seconds=moment)
    return f"{write_day(at)} {at:%H:%M:%S}"


def _show(moment: int) -> str:
    return (_EPOCH + timedelta(seconds=moment)).isoformat().replace("+00:00", "Z")


def month_of(moment_us: int) -> str:
    """
    Return the month of an epoch time in microseconds, as in "2026-01".
    """
    return f"{_EPOCH + timedelta(microseconds=moment_us):%Y-%m}".rjust(7, "0")


def month_span(month: str) -> tuple[int, int]:
    """
    Return the epoch microseconds ``low <= time < high`` of a month.
    """
    year, number = int(month[:4]), int(month[5:])
    low = (datetime(year, number, 1, tzinfo=timezone.utc) - _EPOCH) // _MICROSECOND
    if (year, number) == (9999, 12):
        return low, END_OF_TIME
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=timezone.utc)
    return low, (following - _EPOCH) // _MICROSECOND
