"""
Reading one window: in one page when it fits, else cut into narrower ones, else page by page, guarded.

After a window was paged its first page and some others, or all, are read again.
When one changed, rows moved between the pages and the window is read once more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import anyio
import attrs

from ..._sansio.page_base import Base
from ...errors import FilterIgnoredError
from ..plan.grades import grade_of
from ..plan.planner import Habits, children
from ..plan.span import Span
from ..plan.window import Done
from ..rows.encode import Encoded
from .collector import Harvest
from .paging import Page, Walk, promises_more
from .probes import estimate, first_pages, honours_instants, learn_paged
from .source import Source

SetAside = Callable[[str, Span, Sequence[Encoded]], Awaitable[None]]

_TOGETHER = 8
_PASSES = 2
_READ_AGAIN = 4


@attrs.define(eq=False)
class Reader:
    """
    Reads a kind's windows and learns the host's habits on the way.

    ``prove`` reads paged windows twice as a whole; ``accept`` takes what comes
    though the dates are ignored.
    """

    source: Source
    habits: Habits
    set_aside: SetAside
    prove: bool = False
    accept: bool = False
    _lock: anyio.Lock = attrs.field(factory=anyio.Lock)

    async def read(self, span: Span, rank: int) -> Done | list[Span]:
        """
        Read a window; gives narrower ones to be read instead when it is too large.

        :raises FilterIgnoredError: when a row proves that the dates are ignored.
        """
        first, following, base = await self._first(span, rank)
        doubtful = base.doubtful
        harvest = Harvest(lambda rows: self.set_aside(self.source.kind, span, rows), page_zero_lost=base.lost)
        await self._gather(harvest, [first])
        below_cap = len(first.rows) < self.habits.cap or not first.rows
        self._learn(cap=max(self.habits.cap, len(first.rows)))
        if below_cap and not self.accept and not self._promises_more(first, leeway=0):
            return self._done(span, harvest, ("strange",) if first.strange else (), proven=True)
        if first.rows and self.habits.paged is None and not self.source.limit:
            await self._learn_paged(span, first, harvest, rank)
            following, doubtful = self._following(first)
        cut = await self._cut(span, first, rank)
        if len(cut) > 1:
            return cut
        if self.habits.paged is False and first.rows:
            return self._whole(span, first, harvest)
        return await self._paged(span, first, following, doubtful=doubtful, harvest=harvest, rank=rank)

    async def _first(self, span: Span, rank: int) -> tuple[Page, int, Base]:
        if not self.source.limit:
            first = await self.source.page(span, None, rank)
            following, doubtful = self._following(first)
            return first, following, Base(following - 1, doubtful=doubtful)
        if self.habits.base is not None:
            base = Base(self.habits.base, proven=True)
            return await self.source.page(span, base.number, rank), base.number + 1, base
        base, pages = await first_pages(self.source, span, rank)
        if base.proven:
            self._learn(base=base.number)
        return pages[0], base.number + 1, base

    def _following(self, first: Page) -> tuple[int, bool]:
        base = first.meta.page if first.meta.page in (0, 1) else self.habits.base
        return (1, True) if base is None else (base + 1, False)

    async def _learn_paged(self, span: Span, first: Page, harvest: Harvest, rank: int) -> None:
        async with self._lock:
            if self.habits.paged is None:
                learned, pages = await learn_paged(self.source, span, first, self.habits, rank)
                self._learn(base=learned.base, paged=learned.paged, limited=learned.limited)
                await self._gather(harvest, pages)

    async def _cut(self, span: Span, first: Page, rank: int) -> list[Span]:
        habits = self.habits
        full = habits.size or (self.source.limit or 0)
        if self.accept or not full or len(first.rows) < full or (not habits.size and habits.paged is not False):
            return [span]
        rows = estimate(first, span, habits)
        cut = children(span, habits, rows)
        if len(cut) == 1 and habits.instants is None:
            async with self._lock:
                if self.habits.instants is None:
                    self._learn(instants=await honours_instants(self.source, first, span, rank))
            cut = children(span, self.habits, rows)
        return cut

    def _whole(self, span: Span, first: Page, harvest: Harvest) -> Done:
        full = self.habits.size or self.source.limit
        flags = ["cut"] if full and len(first.rows) >= full else []
        if self._promises_more(first, leeway=1):
            flags.append("promised_more")
        return self._done(span, harvest, tuple(flags), proven=False)

    async def _paged(
        self, span: Span, first: Page, following: int, *, doubtful: bool, harvest: Harvest, rank: int
    ) -> Done:
        walk, moved = Walk(doubtful=doubtful), False
        for attempt in range(_PASSES):
            if attempt:
                first = await self.source.page(span, first.number, rank)
                await self._gather(harvest, [first])
            walk = await self._walk(span, first, following, doubtful=doubtful, harvest=harvest, rank=rank)
            moved = walk.is_stuck or walk.is_uneven or await self._has_moved(walk, span, harvest, rank)
            if walk.is_stuck:
                self._learn(paged=False)
            if walk.is_stuck or not moved:
                break
        flags = [*walk.flags(self.habits.base), *(["moved"] if moved else [])]
        if walk.repeats_first and self.habits.paged is not True:
            self._learn(paged=False)
            return self._whole(span, first, harvest)
        all_again = self.prove or len(walk.prints) <= _READ_AGAIN
        return self._done(span, harvest, tuple(flags), proven=all_again and not walk.repeats_first)

    async def _walk(
        self, span: Span, first: Page, following: int, *, doubtful: bool, harvest: Harvest, rank: int
    ) -> Walk:
        walk = Walk(doubtful=doubtful)
        walk.take(first)
        expected = estimate(first, span, self.habits) / (self.habits.size or max(len(first.rows), 1))
        ahead = 2
        while not walk.over:
            ahead = min(_TOGETHER, max(ahead, int(expected) - walk.taken + 2))
            pages = await self.source.pages(span, range(following, following + ahead), rank)
            await self._gather(harvest, pages)
            for page in pages:
                if not walk.over:
                    walk.take(page)
                    self._learn_page(walk, page)
            following += ahead
            ahead *= 2
            if not walk.over and walk.is_slow:
                again = await self.source.page(span, first.number, rank)
                await self._gather(harvest, [again])
                walk.compare(again)
        return walk

    async def _has_moved(self, walk: Walk, span: Span, harvest: Harvest, rank: int) -> bool:
        """Read pages again, all where a proof is wanted: a row that left changed one of those read before."""
        if not walk.prints:
            return False
        chosen = walk.sample(len(walk.prints) if self.prove else _READ_AGAIN)
        for low in range(0, len(chosen), _TOGETHER):
            some = chosen[low : low + _TOGETHER]
            pages = await self.source.pages(span, [number for number, _ in some], rank)
            await self._gather(harvest, pages)
            if any(page.print != before for page, (_, before) in zip(pages, some, strict=True)):
                return True
        return False

    def _learn_page(self, walk: Walk, page: Page) -> None:
        if page.rows and len(walk.sizes) > 1:
            self._learn(paged=True, size=max(self.habits.size, *walk.sizes))
        elif not page.rows and walk.sizes and self.habits.paged is None:
            self._learn(paged=True)

    async def _gather(self, harvest: Harvest, pages: Sequence[Page]) -> None:
        for page in pages:
            if page.far and not self.accept:
                raise FilterIgnoredError(
                    "the server ignores the dates: rows far outside the window came",
                    operation=f"conversations.{self.source.kind}",
                )
            if page.astray and self.habits.instants:
                # What was taken for a time of day that is looked at was a row that left meanwhile.
                self._learn(instants=False)
            await harvest.add(page)

    def _promises_more(self, first: Page, *, leeway: int) -> bool:
        return promises_more(first.meta, self.habits.base, rows=len(set(first.ids)), pages=1, leeway=leeway)

    def _learn(self, **facts: object) -> None:
        self.habits = attrs.evolve(self.habits, **facts)  # type: ignore[arg-type]

    def _done(self, span: Span, harvest: Harvest, flags: tuple[str, ...], *, proven: bool) -> Done:
        more = {"filter_ignored": self.accept, "page_zero_lost": harvest.page_zero_lost}
        flags = (*flags, *(name for name, odd in more.items() if odd))
        return Done(
            kind=self.source.kind,
            span=span,
            rows=harvest.rows,
            observed_us=int(self.source.clock() * 1_000_000),
            count=len(harvest.ids),
            pages=harvest.pages,
            grade=grade_of(flags, proven=proven),
            flags=flags,
        )
