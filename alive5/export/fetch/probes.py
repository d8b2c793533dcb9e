"""
What a host does, found out with at most eight requests a kind before anything is exported.

Is the window honoured, what is the first page's number, is ``page`` honoured, how many rows has a full page; and, once
a day holds too many rows, is a time of day honoured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import attrs

from ... import errors
from ..._sansio.endpoint import Edition
from ..._sansio.endpoints import PAGE_SIZE
from ..plan.planner import Density, Habits
from ..plan.span import DAY, Span, day_span
from .base_probes import find_first, settle_base
from .date_probes import RANK, ask_last_day, is_ignored, learn_days
from .paging import Page, has_pages
from .source import Source

# A day before the service existed: any row in it proves that the dates are ignored.
_FAR_PAST: Final = day_span(date(1990, 1, 1), date(1990, 1, 1))
# A listing without pages comes whole: a week has all days of the week and is far less than most periods.
_WEEK: Final = 7 * DAY
# Rows of an answer without pages are as many as there are; a plan has to begin somewhere.
_HOPED_WHOLE: Final = 400
_MOST_ROWS: Final = 10_000_000.0


@attrs.frozen(kw_only=True)
class Probed:
    """
    The habits that were found, the pages that were read for it, and whether the window is ignored.

    ``sizes`` are those of the first two pages of ``span`` where ``page`` is honoured, else of the one there is;
    ``seen`` is how many rows its first pages hold together.
    """

    habits: Habits
    density: Density
    pages: Sequence[Page]
    ignored: bool
    span: Span
    sizes: tuple[int, ...] = ()
    seen: int = 0


async def probe(source: Source, span: Span) -> Probed:
    """
    Return a host's habits for a kind.
    """
    return await (_probe_whole(source, span) if source.route.may_be_whole else _probe_paged(source, span))


async def probe_known(source: Source, span: Span, *, chosen: Edition | None, known: Edition | None) -> Probed:
    """
    Return a host's habits in the edition found before; where that has none any more, find out again.
    """
    if chosen is None and known == "current":
        source.edition = known
        try:
            probed = await probe(source, span)
        except (errors.BadRequestError, errors.NotFoundError):
            pass
        else:
            if not probed.ignored:
                return probed
        source.edition = "documented"
    return await probe_editions(source, span, chosen=chosen)


async def probe_editions(source: Source, span: Span, *, chosen: Edition | None) -> Probed:
    """
    Find out which edition a host speaks, unless one was chosen, and its habits; leaves it with the source.

    The documented one comes first; the current one where that ignores the
    dates or refuses the request.
    """
    if chosen is not None:
        return await probe(source, span)
    found = await _documented(source, span)
    if isinstance(found, Probed) and not found.ignored:
        return found
    source.edition = "current"
    try:
        newer = await probe(source, span)
        # A host without the edition may answer as if nothing matched: only rows show that it is there.
        if not newer.ignored and any(page.rows for page in newer.pages):
            return newer
    except (errors.ApiError, errors.ResponseError):
        pass
    source.edition = "documented"
    if isinstance(found, errors.ApiError):
        raise found
    return found


async def _documented(source: Source, span: Span) -> Probed | errors.ApiError:
    """Probe the documented edition; a refusal of the request is a value."""
    try:
        return await probe(source, span)
    except (errors.BadRequestError, errors.NotFoundError) as error:
        return error


async def _probe_paged(source: Source, span: Span) -> Probed:
    base, pages = await find_first(source, span)
    first = next((page for page in pages if page.rows), pages[-1])
    asked = [(_FAR_PAST, first.number), *([(span, first.number + 1)] if first.rows else [])]
    past, *following = await source.together(lambda one: source.page(one[0], one[1], RANK), asked)
    habits = Habits(base=base.number if base.proven else None, cap=len(first.rows), hoped=source.limit or PAGE_SIZE)
    for second in following:
        habits = settle_base(source, _learn_second(habits, first, second), [*pages, second])
    habits, day = await learn_days(source, habits, first)
    seen = [*pages, *following, *day]
    seen += await ask_last_day(source, first.number, seen)
    return Probed(
        habits=habits,
        density=Density(rate=estimate(first, span, habits) / _inner(span, edges=2), known=True),
        pages=seen,
        ignored=is_ignored(past, first, seen),
        span=span,
        sizes=_sizes(habits, [first, *following]),
        seen=_seen([first, *following]),
    )


def _seen(pages: Sequence[Page]) -> int:
    return len({name for page in pages for name in page.ids})


def _sizes(habits: Habits, pages: Sequence[Page]) -> tuple[int, ...]:
    sizes = tuple(len(page.rows) for page in pages)
    if habits.paged is False:
        return sizes[:1]
    return sizes if habits.paged and len(sizes) > 1 and all(sizes) else ()


async def _probe_whole(source: Source, span: Span) -> Probed:
    recent = Span(max(span.low, span.high - _WEEK), span.high)
    base, pages = await find_first(source, recent)
    first = next((page for page in pages if page.rows), pages[-1])
    past = await source.page(_FAR_PAST, base.number, RANK)
    habits = Habits(base=base.number if base.proven else None, cap=len(first.rows), hoped=_HOPED_WHOLE)
    sizes, seen = tuple[int, ...](), len(first.rows)
    if first.rows:
        habits, second = await learn_paged(source, recent, first, habits, RANK)
        habits = settle_base(source, habits, [*pages, *second])
        sizes, seen = _sizes(habits, [first, *second]), _seen([first, *second])
        habits, day = await learn_days(source, habits, first)
        pages = [*pages, *second, *day]
        pages += await ask_last_day(source, first.number, pages)
    density = Density(rate=estimate(first, recent, habits) / _inner(recent, edges=1), known=bool(first.rows))
    if past.rows and recent != span:
        # Rows with an odd date may be all there is of a week.
        first = await source.page(span, base.number, RANK)
        pages = [*pages, first]
    return Probed(
        habits=habits,
        density=density,
        pages=pages,
        ignored=is_ignored(past, first, pages),
        span=recent,
        sizes=sizes,
        seen=seen,
    )


def _inner(span: Span, *, edges: int) -> int:
    """Return a span's seconds without the days at its edges, which may hold no row that belongs."""
    return max(span.seconds - edges * DAY, DAY)


async def learn_paged(source: Source, span: Span, first: Page, habits: Habits, rank: int) -> tuple[Habits, list[Page]]:
    """
    Return the habits, and a second page if a listing documented without pages has one.
    """
    limited = first.meta.pages is not None or first.meta.page is not None
    habits = attrs.evolve(habits, limited=limited)
    try:
        second = await source.page(span, first.number + 1, rank)
    except (errors.BadRequestError, errors.NotFoundError):
        return attrs.evolve(habits, paged=False), []
    return with_second(habits, first, second), [second]


def with_second(habits: Habits, first: Page, second: Page) -> Habits:
    """
    Return what the second page of a window tells of pages and their size, besides what is known.
    """
    paged = has_pages(first, second)
    size = max(habits.size, len(first.rows), len(second.rows)) if paged and second.rows else habits.size
    return attrs.evolve(habits, paged=paged, size=size)


def _learn_second(habits: Habits, first: Page, second: Page) -> Habits:
    """Learn from a second page: whether there are pages, and how many rows a full one has."""
    if not second.rows:
        return habits
    if not set(second.ids) - set(first.ids):
        ignored = habits.base is not None and has_pages(first, second) is False
        return attrs.evolve(habits, paged=False) if ignored else habits
    return attrs.evolve(habits, paged=True, size=max(habits.size, len(first.rows), len(second.rows)))


def estimate(first: Page, span: Span, habits: Habits) -> float:
    """
    Return an estimate of a window's rows by its first page.
    """
    count = len(first.rows)
    if habits.size == 0 and habits.paged is not True and not first.meta.items:
        return float(count)
    if first.meta.items is not None and first.meta.items >= count:
        return min(float(first.meta.items), _MOST_ROWS)
    if count < habits.size:
        return float(count)
    starts = [row.start_us for row in first.rows if row.start_us is not None]
    covered = (max(starts) - min(starts)) / 1_000_000 if len(starts) > 1 else 0.0
    return min(count * span.seconds / covered, _MOST_ROWS) if covered else 2.0 * count
