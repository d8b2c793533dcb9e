"""What dates mean to a host: are they honoured, is an end date its whole day, and which moment do they choose by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from ... import errors
from ..plan.planner import Habits
from ..plan.span import DAY, Span, floor_day
from ..rows.encode import OLDEST_US
from .paging import Page
from .source import Source

RANK: Final = -1
"""Before all windows."""
_QUARTER_HOUR: Final = 900
_SECOND: Final = 1_000_000


def is_ignored(past: Page, first: Page, seen: Sequence[Page]) -> bool:
    """
    Whether dates are ignored: a few rows with an odd date may come whatever was asked, among more that fit.
    """
    same = bool(past.rows) and 2 * len(past.rows) > len(first.rows)
    return same or any(page.out_of_window for page in seen)


async def ask_last_day(source: Source, number: int, pages: Sequence[Page]) -> list[Page]:
    """
    Ask for the day on which the longest conversation ended, and for that beside it on which it did in other zones.

    When it comes, the host goes by the end, or by the last message.
    """
    if any(page.by_end or page.by_message for page in pages):
        return []
    found = list[Page]()
    for day in _last_days(pages):
        try:
            found.append(await source.page(Span(day, day + DAY), number, RANK))
        except (errors.ServerError, errors.ResponseError, errors.TransportError):
            continue  # not proven, though other windows may tell
        if found[-1].by_end or found[-1].by_message:
            break
    return found


def _last_days(pages: Sequence[Page]) -> list[int]:
    """Return the days on which the longest conversation may have ended, so long after its start that they tell."""
    longest = max(max(page.end.longest, page.message.longest) for page in pages)
    day = floor_day(longest.last_us / _SECOND)
    beside = day - DAY if longest.last_us // _SECOND % DAY < DAY // 2 else day + DAY
    return [one for one in (day, beside) if longest.start_us < Span(one, one + DAY).near_us()[0]]


async def learn_days(source: Source, habits: Habits, first: Page) -> tuple[Habits, list[Page]]:
    """
    Ask for one day that has rows as its own end: rows that come prove that an end date is not its midnight.

    Where none comes, a row that does with a day more proves that it is.
    """
    starts = {
        row.identity: row.start_us for row in first.rows if row.start_us is not None and row.start_us >= OLDEST_US
    }
    if not starts:
        return habits, []
    # Noon is on the same day in nearly all zones.
    name = min(sorted(starts), key=lambda one: abs(starts[one] // _SECOND % DAY - DAY // 2))
    day = floor_day(starts[name] / _SECOND)
    try:
        page = await source.page(Span(day, day + DAY), first.number, RANK, exactly=True)
        if not page.out_of_window and _has_row_inside(page, Span(day, day + DAY)):
            return attrs.evolve(habits, whole_days=True), [page]
        longer = await source.page(Span(day, day + 2 * DAY), first.number, RANK, exactly=True)
    except (errors.ServerError, errors.ResponseError, errors.TransportError):
        return habits, []  # not proven, which costs a day more of each window and nothing else
    came = any(row.identity == name for row in longer.rows)
    return attrs.evolve(habits, whole_days=False if came else None), [page, longer]


def _has_row_inside(page: Page, day: Span) -> bool:
    """Whether a row began on the day, and not at a midnight, which lies on a quarter of an hour in every zone."""
    low, high = day.near_us()
    starts = (row.start_us for row in page.rows if row.start_us is not None)
    return any(low <= start < high and start // _SECOND % _QUARTER_HOUR for start in starts)
