"""Whether a host honours a time of day, by an hour of a day that has rows at other hours too."""

from __future__ import annotations

from typing import Final

from ...errors import BadRequestError, NotFoundError
from ..plan.span import Span, day_of
from .paging import Page
from .source import Source

# On each side of a row: narrow enough that other rows of its day lie outside.
_HALF_HOUR: Final = 1800


async def honours_instants(source: Source, first: Page, span: Span, rank: int) -> bool:
    """
    Whether a time of day is honoured, by an hour of a day that has rows at other hours too.
    """
    starts = {row.identity: row.start_us // 1_000_000 for row in first.rows if row.start_us is not None}
    hour = _telling_hour(sorted(starts.values()), span)
    if hour is None:
        return False
    try:
        answer = await source.page(hour, first.number, rank)
    except (BadRequestError, NotFoundError):
        return False
    inside = {name for name, start in starts.items() if hour.low <= start <= hour.high}
    outside = [row for row in answer.rows if row.start_us is None or not _lies_in(row.start_us, hour)]
    # A full page could be the first of a whole day whose beginning is crowded.
    return not outside and len(answer.rows) < len(first.rows) and bool(inside & set(answer.ids))


def _telling_hour(starts: list[int], span: Span) -> Span | None:
    for start in starts[len(starts) // 2 :] + starts[: len(starts) // 2]:
        hour = Span(start - _HALF_HOUR, start + _HALF_HOUR)
        same_day = (other for other in starts if day_of(other) == day_of(start))
        if span.low <= start < span.high and any(not hour.low <= other <= hour.high for other in same_day):
            return hour
    return None


def _lies_in(start_us: int, span: Span) -> bool:
    return span.low * 1_000_000 <= start_us <= (span.high + 1) * 1_000_000
