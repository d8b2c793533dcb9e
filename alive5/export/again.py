"""What ``since_last`` reads again: the last days, and the days of conversations that were open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .records import StoredWindow
from .store import Store
from .windows import DAY, ZONE_SECONDS, Span, floor_day

_LOOK_BACK: Final = 72 * 3600
_OPEN_DAYS: Final = 30


def read_again(store: Store, kind: str, windows: Sequence[StoredWindow], span: Span, now: float) -> list[Span]:
    """
    Give the spans of a kind to be read again; none before the first run, which made the *windows*.
    """
    if not windows:
        return []
    mark = store.facts(kind).get("complete_through", span.low)
    spans = [Span(max(span.low, floor_day(mark - _LOOK_BACK)), span.high)]
    starts = store.open_starts(kind, (int(now) - _OPEN_DAYS * DAY) * 1_000_000)
    for day in sorted({floor_day(start / 1_000_000) for start in starts}):
        around = Span(floor_day(day - ZONE_SECONDS), floor_day(day + DAY + ZONE_SECONDS) + DAY)
        spans += [
            Span(max(around.low, window.span.low), min(around.high, window.span.high))
            for window in windows
            if window.span.low < around.high and around.low < window.span.high
        ]
    return [one for one in spans if one.low < one.high]
