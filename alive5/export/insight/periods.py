"""How many conversations began in each week, or, over many years, in each month or year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

import attrs

Unit = Literal["week", "month", "year"]
Days = Mapping[tuple[int, str], int]


class Period(NamedTuple):
    """
    One week, month or year: its first day, and its conversations by kind.
    """

    first: date
    counts: Mapping[str, int]


@attrs.frozen
class Volume:
    """
    Neighbouring periods, none left out; ``outside`` counts what began before or after them.
    """

    unit: Unit
    periods: tuple[Period, ...] = ()
    outside: int = 0


class _Kind(NamedTuple):
    unit: Unit
    most: int
    number: Callable[[date], int]
    first: Callable[[int], date]


# The first day of the calendar is a Monday. Two years of weeks and ten of months are as many bars as a phone shows.
_UNITS: Final = (
    _Kind("week", 106, lambda day: (day.toordinal() - 1) // 7, lambda week: date.fromordinal(week * 7 + 1)),
    _Kind("month", 120, lambda day: day.year * 12 + day.month - 1, lambda month: date(month // 12, month % 12 + 1, 1)),
    _Kind("year", 60, lambda day: day.year, lambda year: date(year, 1, 1)),
)
# A few odd times, such as 1970, do not make weeks into years.
_SHARE: Final = 0.99


def volume_of(days: Days) -> Volume:
    """
    Return the periods of conversations counted by (ordinal of the day, kind).

    Where they are more than a chart can show, those that hold the most.
    """
    found = Volume("week")
    for unit in _UNITS:
        found = _volume(unit, days)
        if found.outside <= (1 - _SHARE) * sum(days.values()):
            break
    return found


def _volume(unit: _Kind, days: Days) -> Volume:
    counts: dict[int, Counter[str]] = {}
    for (ordinal, kind), count in days.items():
        counts.setdefault(unit.number(date.fromordinal(ordinal)), Counter())[kind] += count
    if not counts:
        return Volume(unit.unit)
    first, last = _densest({number: sum(kinds.values()) for number, kinds in counts.items()}, unit.most)
    periods = tuple(Period(unit.first(number), counts.get(number, {})) for number in range(first, last + 1))
    inside = sum(sum(period.counts.values()) for period in periods)
    return Volume(unit.unit, periods, sum(days.values()) - inside)


def _densest(totals: Mapping[int, int], most: int) -> tuple[int, int]:
    """Return the ends of the range of *most* numbers that holds the most; the latest of equals."""
    numbers = sorted(totals)
    best, low, held = (0, 0, 0), 0, 0
    for number in numbers:
        held += totals[number]
        while numbers[low] <= number - most:
            held -= totals[numbers[low]]
            low += 1
        best = max(best, (held, number, numbers[low]))
    return best[2], best[1]
