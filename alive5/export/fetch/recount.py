"""Second readings: pages that may have changed meanwhile, and a period counted by one page or two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final, TypeAlias

from ...errors import BadRequestError, NotFoundError
from ..plan.planner import Habits
from ..plan.recount import Count, last_page
from ..plan.span import Span
from .paging import NO_ROWS, Page, promises_more, says_as_many
from .source import Source

Names: TypeAlias = Collection[tuple[str, bytes]]
"""What there may be a limit of, by the conversation and what tells several of one apart."""
AT_ONCE: Final = 8
"""Pages of one window at a time: as many requests as an export has in flight by default."""


async def count_again(
    source: Source, habits: Habits, span: Span, rows: int, rank: int, *, surely: bool = False
) -> Count:
    """
    Count a period that should hold *rows*, by what should be its last page and the ones before and after it.

    *Surely* takes no single empty answer for the end.
    """
    first = _first(source, habits)

    async def ask(number: int) -> Page:
        return await _page(source, span, number, rank, surely=surely)

    if habits.paged is False:
        return Count(rows, rows + 1, (await ask(first)).deliveries)  # one page, as large as it may be
    number = first + last_page(rows, habits.page_at_most)
    last, after = await source.together(ask, [number, number + 1])
    # A host that repeats its last page gives it for any number beyond; and pages may vary in size.
    before = (await ask(number - 1)).deliveries if number > first else ()
    pages = number - first + 1
    # What comes empty is asked for again by the source itself, surely and once an answer was lost.
    is_sure = surely or source.asks_again or says_as_many(last.meta, habits.base, rows=rows, pages=pages)
    if last.rows and not after.rows and not is_sure:
        # Nothing else tells that these are all: where pages vary in size the last has as many as expected by chance.
        after = await ask(number + 1)
    more = any(promises_more(page.meta, habits.base, rows=rows, pages=pages) for page in (last, after))
    return Count(rows, habits.page_at_most, last.deliveries, after.deliveries, before, more)


async def first_page(source: Source, habits: Habits, span: Span, rank: int) -> Page:
    """
    Return the first page of a period.
    """
    return await _page(source, span, _first(source, habits), rank)


async def holds_more(
    source: Source, habits: Habits, span: Span, most: int, rank: int, *, names: Callable[[Page], Names]
) -> bool:
    """
    Whether a period holds more than *most* of what *names* gives of a page, rows or conversations.

    Only reading it tells: more pages are not more rows where they vary in size or share some. What came in several
    answers was not there at one moment, as one leaves and another comes for it; what two readings hold was, between
    them.
    """
    first = _first(source, habits)
    if habits.paged is False:
        return len(set(names(await _page(source, span, first, rank)))) > most

    ahead = min(AT_ONCE, last_page(most, habits.page_at_most) + 2)

    def pages(number: int) -> Awaitable[list[Page]]:
        return source.together(lambda each: _page(source, span, each, rank), range(number, number + ahead))

    async def read() -> Counter[str]:
        # How often each conversation came: its content may be another in each answer.
        return Counter(identity for identity, _ in await _names_past(most, first, pages, names))

    held = await read()
    return held.total() > most and (held & await read()).total() > most


async def _names_past(
    most: int,
    number: int,
    pages: Callable[[int], Awaitable[list[Page]]],
    names: Callable[[Page], Names],
) -> set[tuple[str, bytes]]:
    """Return the names on all pages, or on those with which they are more than *most*."""
    seen, known, before = set[tuple[str, bytes]](), set[tuple[str, bytes]](), -1
    while before < len(seen) <= most:
        before = len(seen)
        came = await pages(number)
        for page in came:
            if len(known.intersection(page.deliveries)) * 2 > len(page.rows):
                return seen  # past the end, where a host repeats pages
            seen.update(names(page))
            known.update(page.deliveries)
        number += len(came)
    return seen


def _first(source: Source, habits: Habits) -> int:
    return next((number for number in (habits.base, source.base) if number is not None), 1)


async def _page(source: Source, span: Span, number: int, rank: int, *, surely: bool = False) -> Page:
    try:
        return await source.page(span, number, rank, surely=surely)
    except (BadRequestError, NotFoundError):
        return Page(number)  # as some hosts answer past the end


async def have_changed(
    source: Source,
    span: Span,
    chosen: Sequence[tuple[int, int]],
    rank: int,
    gather: Callable[[Sequence[Page]], Awaitable[None]],
) -> bool:
    """
    Whether one of the pages, given by number and fingerprint, has other rows now; all rows go to *gather*.
    """
    for low in range(0, len(chosen), AT_ONCE):
        some = chosen[low : low + AT_ONCE]
        pages = await source.pages(span, [number for number, _ in some], rank)
        await gather(pages)
        changed = [(page, before) for page, (_, before) in zip(pages, some, strict=True) if page.fingerprint != before]
        if any(not page.rows or before == NO_ROWS for page, before in changed):
            source.asks_again = True
        if changed:
            return True
    return False
