"""Which page of a host is the first, found out by its pages 0 and 1, and 2 where those are alike."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..._core.listing import PATIENCE, page_zero
from ..._sansio.page_base import Base, find_base
from ..plan.planner import Habits
from ..plan.span import Span
from .date_probes import RANK
from .paging import Page
from .source import Source


async def find_first(source: Source, span: Span) -> tuple[Base, list[Page]]:
    """
    Find out again which page is the first: a host that changed since the client asked last is noticed.
    """
    source.forget_base()
    return await first_pages(source, span, RANK)


async def first_pages(source: Source, span: Span, rank: int) -> tuple[Base, list[Page]]:
    """
    Return the base and the first page; while the base is unknown, pages 0 and 1, fetched together.
    """
    known = source.base
    if known is not None:
        return Base(known, proven=True), [await source.page(span, known, rank)]

    async def ask(number: int) -> Page | None:
        if number:
            return await source.page(span, number, rank)
        return await page_zero(source.page(span, 0, rank, patience=PATIENCE), Page(0))

    first, zeroth = await source.together(ask, [1, 0])
    # Asked twice: to take an empty answer for the truth would lose a page of every window, or count another one.
    if zeroth is not None and not zeroth.rows and first.rows:
        zeroth = await ask(0)
    elif zeroth is not None and zeroth.rows and not first.rows:
        first = await source.page(span, 1, rank)
    base = _base_of(zeroth, first)
    if base.proven:
        source.learn_base(base.number)
    seen = [page for page in (zeroth, first) if page is not None]
    return base, seen[::-1] if base.number else seen


def settle_base(source: Source, habits: Habits, pages: Sequence[Page]) -> Habits:
    """
    Learn from the page after pages 0 and 1 which of them is the first.
    """
    if habits.base is not None or [page.number for page in pages] != [1, 0, 2]:
        return habits
    base = _base_of(pages[1], pages[0], pages[2].ids)
    if base.proven:
        source.learn_base(base.number)
    return attrs.evolve(habits, base=base.number if base.proven else None)


def _base_of(zeroth: Page | None, first: Page, second: Sequence[str] = ()) -> Base:
    if zeroth is None:
        return find_base(None, first.ids)
    return find_base(zeroth.ids, first.ids, second, differ=set(zeroth.deliveries) != set(first.deliveries))
