"""The geometry of the charts: plain numbers, of which the template makes SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

import attrs

from ..insight.periods import Volume
from .words import KINDS

WIDE, HIGH = 1000, 330
# Bars of a few periods would otherwise be as wide as the page.
_WIDEST: Final = 70
# Dates under the bars; every other one on a phone.
_LABELS: Final = 8
_SHADES: Final = 5
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Bar(NamedTuple):
    """
    A rectangle of a kind, with what it shows.
    """

    kind: str
    x: float
    y: float
    width: float
    height: float
    told: str


class Label(NamedTuple):
    """
    A text at a place.
    """

    x: float
    text: str


@attrs.frozen
class Columns:
    """
    Conversations by period: stacked bars, dates below, and how much the top is.
    """

    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    top: int


class Cell(NamedTuple):
    """
    An hour of a weekday: its conversations, and how dark it is, from 0 to 5.
    """

    number: int
    shade: int


def label_of(first: date, unit: str) -> str:
    """
    Return a period by its first day, as short as it can be.
    """
    return first.isoformat()[: {"week": 10, "month": 7}.get(unit, 4)]


def columns_of(volume: Volume, kinds: Iterable[str]) -> Columns:
    """
    Return the bars of periods, the kinds above each other.
    """
    names, periods = list(kinds), volume.periods
    top = max((sum(period.counts.values()) for period in periods), default=0) or 1
    slot = WIDE / max(len(periods), 1)
    bars, width = [], min(slot * 0.82, _WIDEST)
    for place, period in enumerate(periods):
        below = 0
        for kind in names:
            count = period.counts.get(kind, 0)
            if count:
                below += count
                y, told = HIGH * (1 - below / top), f"{label_of(period.first, volume.unit)}, {KINDS[kind]}: {count:,}"
                bars.append(Bar(kind, _round(slot * place), _round(y), _round(width), _round(HIGH * count / top), told))
    shown = min(_LABELS, len(periods))
    places = [place * len(periods) // shown for place in range(shown)]
    labels = (Label(_round(slot * place), label_of(periods[place].first, volume.unit)) for place in places)
    return Columns(tuple(bars), tuple(labels), top)


def week_of(hours: Mapping[tuple[int, int], int]) -> list[list[Cell]]:
    """
    Return the seven days with their 24 hours; hours are counted by (weekday from 1, hour).
    """
    most = max(hours.values(), default=1)
    return [
        [Cell(count, -(-count * _SHADES // most)) for hour in range(24) for count in [hours.get((day, hour), 0)]]
        for day in range(1, 8)
    ]


def _round(value: float) -> float:
    return round(value, 1)
