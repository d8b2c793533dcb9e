"""
Business hours: when a team is there, and how much of a wait fell into that time.

It is open whenever the clock on the wall of a zone is within the hours. A night
on which clocks are put forward is an hour shorter therefore, and one on which
they are put back an hour longer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import accumulate
from typing import Any, Final

import attrs

from ..._sansio.validate import refuse

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS: Final = {name: number for names in (DAYS, _LONG) for number, name in enumerate(names)}
_TIME: Final = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?", re.ASCII)
_MINUTE: Final = 60 * 1_000_000
_DAY: Final = 24 * 60 * _MINUTE
_WEEK: Final = 7 * _DAY
# A Monday of UTC, from which times are counted.
_MONDAY: Final = datetime(1970, 1, 5, tzinfo=timezone.utc)
_TICK: Final = timedelta(microseconds=1)
# How far apart a zone's clock is looked at; no zone changes it back within a week.
_LOOK: Final = _WEEK
# A longer wait than the service exists has an odd time at one of its ends.
_LONGEST: Final = 20 * 366 * _DAY
_REFUSED: Final = 'must be like "mon-fri 9-17", "mon-thu 8:30-12 13-18, fri 9-15" or "22-06"'

Span = tuple[int, int]


@attrs.frozen
class BusinessHours:
    """
    The open spans of a week, in microseconds from Monday's midnight; apart, in order.
    """

    spans: tuple[Span, ...]
    _sums: tuple[int, ...] = attrs.field(
        init=False, default=attrs.Factory(lambda self: _sums_of(self.spans), takes_self=True)
    )

    def is_open(self, moment: datetime, zone: tzinfo) -> bool:
        """
        Whether the clocks of a zone are within the hours.
        """
        at = _ticks(moment)
        local = (at + _offset(at, zone)) % _WEEK
        return any(start <= local < end for start, end in self.spans)

    def between(self, first: datetime, last: datetime, zone: tzinfo) -> timedelta | None:
        """
        Return how much of the time from *first* to *last* was open; None over more than twenty years.
        """
        low, high = _ticks(first), _ticks(last)
        if high - low > _LONGEST:
            return None
        return sum(self._before(end) - self._before(start) for start, end in _even(low, high, zone)) * _TICK

    def _before(self, local: int) -> int:
        """Return the open time up to a local time, counted from the Monday all are counted from."""
        weeks, rest = divmod(local, _WEEK)
        last = bisect_right(self.spans, (rest, _WEEK)) - 1
        within = 0
        if last >= 0:
            start, end = self.spans[last]
            within = self._sums[last] + min(rest, end) - start
        return weeks * self._sums[-1] + within


def read_hours(text: Any) -> BusinessHours:
    """
    Return business hours as people write them: days, then their times; times without days are every day's.

    Hours that end before they begin last over midnight, and belong to the day
    on which they begin.

    :raises InvalidArgumentError: for anything else.
    """
    words = text.lower().replace(",", " ").replace(";", " ").split() if isinstance(text, str) else []
    spans: list[Span] = []
    days: set[int] = set()
    is_listing = True
    for word in words:
        named = _read_days(word)
        if named:
            days = days | named if is_listing else named
        else:
            spans += _spans(word, days or range(7))
        is_listing = bool(named)
    if not words or is_listing:
        raise refuse("hours", _REFUSED)
    return BusinessHours(tuple(_joined(spans)))


def _read_days(word: str) -> set[int]:
    first, dash, last = word.partition("-")
    if first not in _NUMBERS or (dash and last not in _NUMBERS):
        return set()
    start, end = _NUMBERS[first], _NUMBERS[last if dash else first]
    return {day % 7 for day in range(start, end + 1 if end >= start else end + 8)}


def _spans(word: str, days: Iterable[int]) -> Iterator[Span]:
    start, end = (_minutes(part) for part in (word.split("-") if word.count("-") == 1 else ("", "")))
    if start == end:
        raise refuse("hours", "must not begin when they end: 0-24 is the whole day")
    length = (end - start) % (24 * 60) or 24 * 60
    for day in days:
        low = day * _DAY + start * _MINUTE
        high = low + length * _MINUTE
        yield low, min(high, _WEEK)
        if high > _WEEK:  # Sunday's night ends on Monday
            yield 0, high - _WEEK


def _minutes(text: str) -> int:
    found = _TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if found is None or minutes > 24 * 60 or int(found[2] or 0) > 59:
        raise refuse("hours", _REFUSED)
    return minutes


def _sums_of(spans: Iterable[Span]) -> tuple[int, ...]:
    return tuple(accumulate((end - start for start, end in spans), initial=0))


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], high)
        else:
            joined.append((low, high))
    return joined


def _ticks(moment: datetime) -> int:
    return (moment - _MONDAY) // _TICK


def _offset(at: int, zone: tzinfo) -> int:
    try:
        return ((_MONDAY + at * _TICK).astimezone(zone).utcoffset() or timedelta()) // _TICK
    except (OverflowError, ValueError):  # the ends of the calendar, where no clock is right
        return 0


def _even(first: int, last: int, zone: tzinfo) -> Iterator[Span]:
    """Yield the time from *first* to *last* as local times, in parts within which no clock was changed."""
    low, offset = first, _offset(first, zone)
    while low < last:
        high = min(low + _LOOK, last)
        following = _offset(high, zone)
        if following != offset:
            high = _change(low, high, offset, zone)
            following = _offset(high, zone)
        yield low + offset, high + offset
        low, offset = high, following


def _change(low: int, high: int, offset: int, zone: tzinfo) -> int:
    """Return when a clock that shows *offset* at *low* is changed."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return high
