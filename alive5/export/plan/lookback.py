"""The days ``since_last`` reads again: the last ones, and those of conversations that were open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from .span import DAY, ZONE_SECONDS, Span, floor_day
from .window import StoredWindow

# Judgement: before the end of what is complete, a weekend and a time zone in which rows may come late.
_LOOK_BACK: Final = 72 * 3600
# Judgement: a conversation open for longer was most likely forgotten; its day would be read on each run for nothing.
OPEN_DAYS: Final = 30


def open_since_us(now: float) -> int:
    """
    Return the epoch microseconds from which open conversations are read again.
    """
    return (int(now) - OPEN_DAYS * DAY) * 1_000_000


def read_again(
    windows: Sequence[StoredWindow], span: Span, *, complete_through: int | None, open_starts_us: Iterable[int]
) -> list[Span]:
    """
    Return the spans of a kind to be read again; none before the first run, which made the *windows*.
    """
    if not windows:
        return []
    mark = span.low if complete_through is None else complete_through
    spans = [Span(max(span.low, floor_day(mark - _LOOK_BACK)), span.high)]
    for day in sorted({floor_day(start / 1_000_000) for start in open_starts_us}):
        around = Span(floor_day(day - ZONE_SECONDS), floor_day(day + DAY + ZONE_SECONDS) + DAY)
        spans += [
            Span(max(around.low, window.span.low), min(around.high, window.span.high))
            for window in windows
            if window.span.low < around.high and around.low < window.span.high
        ]
    return [one for one in spans if one.low < one.high]
