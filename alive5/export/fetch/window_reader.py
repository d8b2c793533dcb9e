"""
Reading of one window: in one page when it fits, else cut into narrower ones, else page by page, guarded.

After a window was paged its first page and some others, or all, are read again.
When one changed, rows moved between the pages and the window is read once more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import anyio
import attrs

from ..._sansio.page_base import Base
from ...errors import FilterIgnoredError
from ..plan.grades import grade_of
from ..plan.planner import Habits, children
from ..plan.span import Span
from ..plan.window import FetchedWindow
from ..rows.encode import Encoded
from .collector import WindowRows
from .evidence import DateEvidence
from .paging import Page, PagePass, promises_more
from .probes import estimate, first_pages, honours_instants, learn_paged
from .source import Source

SetAside = Callable[[str, Span, Sequence[Encoded]], Awaitable[None]]

# As many pages of one window at a time as an export has requests in flight by default.
_TOGETHER: Final = 8
# Rows that move during two passes will move in a third.
_PASSES: Final = 2
# Pages read again after a pass: rows that leave shift every page behind them, so a few show it.
_READ_AGAIN: Final = 4


@attrs.define(eq=False)
class WindowReader:
    """
    A reader of a kind's windows, which learns the host's habits.

    ``prove`` reads paged windows twice as a whole; ``accept`` keeps all rows
    though the dates are ignored, and ``tolerant`` goes on when rows prove that.
    """

    source: Source
    habits: Habits
    set_aside: SetAside
    prove: bool = False
    accept: bool = False
    tolerant: bool = False
    evidence: DateEvidence = attrs.field(factory=DateEvidence)
    _lock: anyio.Lock = attrs.field(factory=anyio.Lock)

    async def read(self, span: Span, rank: int) -> FetchedWindow | list[Span]:
        """
        Return a window with its rows, or narrower ones to read instead when it is too large.

        :raises FilterIgnoredError: when a row proves that the dates are ignored.
        """
        return await WindowReading(self, span, rank).result()

    def learn(self, **facts: object) -> None:
        """
        Update the habits of the host.
        """
        self.habits = attrs.evolve(self.habits, **facts)  # type: ignore[arg-type]

    async def learn_paged(self, span: Span, first: Page, rank: int) -> list[Page]:
        """
        Learn whether ``page`` is honoured, until it is proven to be, and return the pages read for it.
        """
        async with self._lock:
            if self.habits.paged is True:
                return []
            learned, pages = await learn_paged(self.source, span, first, self.habits, rank)
            self.learn(paged=learned.paged, limited=learned.limited)
            return pages

    async def learn_instants(self, span: Span, first: Page, rank: int) -> None:
        """
        Learn once whether a time of day is honoured, and return it.
        """
        async with self._lock:
            if self.habits.instants is None:
                self.learn(instants=await honours_instants(self.source, first, span, rank))


@attrs.define(eq=False)
class WindowReading:
    """
    One window while it is read: its first page, its rows so far, and its next page.
    """

    reader: WindowReader
    span: Span
    rank: int
    first: Page = attrs.field(init=False)
    base: Base = attrs.field(init=False)
    rows: WindowRows = attrs.field(init=False)
    read_us: int = attrs.field(init=False)
    odd: dict[str, None] = attrs.field(factory=dict)

    async def result(self) -> FetchedWindow | list[Span]:
        """
        Return what :meth:`WindowReader.read` returns.
        """
        reader = self.reader
        self.read_us = int(reader.source.clock() * 1_000_000)
        self.rows = WindowRows(partial(reader.set_aside, reader.source.kind, self.span))
        await self._read_first()
        await self._gather([self.first])
        below_cap = len(self.first.rows) < reader.habits.cap or not self.first.rows
        reader.learn(cap=max(reader.habits.cap, len(self.first.rows)))
        if below_cap and not reader.accept and not self._promises_more(leeway=0):
            return self._fetched((), proven=self.first.has_list)
        paged = reader.habits.paged
        if self.first.rows and (paged is False or (paged is None and reader.source.route.may_be_whole)):
            # Also when page seemed to be ignored: a host that repeats its last page looks so while one page is all.
            await self._gather(await reader.learn_paged(self.span, self.first, self.rank))
        cut = await self._cut()
        if len(cut) > 1:
            return cut
        if reader.habits.paged is False and self.first.rows:
            return self._whole()
        return await self._paged()

    async def _read_first(self) -> None:
        source, known = self.reader.source, self.reader.habits.base
        if known is not None:
            self.base = Base(known, proven=True)
            self.first = await source.page(self.span, known, self.rank)
            return
        self.base, pages = await first_pages(source, self.span, self.rank)
        self.first = pages[0]
        if self.base.proven:
            self.reader.learn(base=self.base.number)

    async def _cut(self) -> list[Span]:
        reader, habits, came = self.reader, self.reader.habits, len(self.first.rows)
        full = habits.size or (reader.source.limit or 0)
        if reader.accept or not full or came < full or (not habits.size and habits.paged is not False):
            return [self.span]
        rows = estimate(self.first, self.span, habits)
        cut = children(self.span, habits, rows)
        if len(cut) == 1 and habits.instants is None:
            await reader.learn_instants(self.span, self.first, self.rank)
            cut = children(self.span, reader.habits, rows)
        return cut

    def _whole(self) -> FetchedWindow:
        source, habits = self.reader.source, self.reader.habits
        # Where nobody knows the size of a page, the largest answer so far may be one.
        full = habits.size or source.limit or (None if source.route.may_be_whole else habits.cap)
        flags = ["cut"] if full and len(self.first.rows) >= full else []
        if self._promises_more(leeway=1):
            flags.append("promised_more")
        return self._fetched(tuple(flags), proven=False)

    async def _paged(self) -> FetchedWindow:
        reader, done, moved = self.reader, PagePass(), False
        for attempt in range(_PASSES):
            if attempt:
                self.first = await reader.source.page(self.span, self.first.number, self.rank)
                await self._gather([self.first])
            done = await self._pass()
            moved = done.is_stuck or done.is_uneven or await self._has_moved(done)
            if done.is_stuck:
                reader.learn(paged=False)
            if done.is_stuck or not moved:
                break
        flags = (*done.flags(reader.habits.base), *(("moved",) if moved else ()))
        if done.repeats_first and reader.habits.paged is not True:
            reader.learn(paged=False)
            return self._whole()
        all_again = reader.prove or len(done.fingerprints) <= _READ_AGAIN
        return self._fetched(flags, proven=all_again and not done.repeats_first)

    async def _pass(self) -> PagePass:
        source, habits = self.reader.source, self.reader.habits
        done = PagePass(base_unknown=self.base.doubtful)
        done.take(self.first)
        expected = estimate(self.first, self.span, habits) / (habits.size or max(len(self.first.rows), 1))
        following, ahead = self.base.number + 1, 2
        while not done.over:
            ahead = min(_TOGETHER, max(ahead, int(expected) - done.taken + 2))
            pages = await source.pages(self.span, range(following, following + ahead), self.rank)
            await self._gather(pages)
            for page in pages:
                if not done.over:
                    done.take(page)
                    self._learn_from(done, page)
            following += ahead
            ahead *= 2
            if not done.over and done.is_slow:
                again = await source.page(self.span, self.first.number, self.rank)
                await self._gather([again])
                done.compare(again)
        return done

    async def _has_moved(self, done: PagePass) -> bool:
        """Read pages again, all where a proof is wanted: a row that left changed one of those read before."""
        if not done.fingerprints:
            return False
        chosen = done.sample(len(done.fingerprints) if self.reader.prove else _READ_AGAIN)
        for low in range(0, len(chosen), _TOGETHER):
            some = chosen[low : low + _TOGETHER]
            pages = await self.reader.source.pages(self.span, [number for number, _ in some], self.rank)
            await self._gather(pages)
            if any(page.fingerprint != before for page, (_, before) in zip(pages, some, strict=True)):
                return True
        return False

    def _learn_from(self, done: PagePass, page: Page) -> None:
        habits = self.reader.habits
        if page.rows and len(done.sizes) > 1:
            self.reader.learn(paged=True, size=max(habits.size, *done.sizes))
        elif not page.rows and done.sizes and habits.paged is None:
            self.reader.learn(paged=True)

    async def _gather(self, pages: Sequence[Page]) -> None:
        reader = self.reader
        for page in pages:
            reader.evidence.note(page)
            self.odd.update(dict.fromkeys(reader.evidence.flags(page)))
            if reader.evidence.is_ignored(page) and not reader.tolerant:
                raise FilterIgnoredError(
                    "the server ignores the dates: rows far outside the window came",
                    operation=f"conversations.{reader.source.kind}",
                )
            if page.off_hours and reader.habits.instants:
                # What seemed to prove that times of day are honoured was a row that left meanwhile.
                reader.learn(instants=False)
            await self.rows.add(page)

    def _promises_more(self, *, leeway: int) -> bool:
        first = self.first
        return promises_more(first.meta, self.reader.habits.base, rows=len(set(first.ids)), pages=1, leeway=leeway)

    def _fetched(self, flags: tuple[str, ...], *, proven: bool) -> FetchedWindow:
        more = {"filter_ignored": self.reader.accept, "page_zero_lost": self.base.lost}
        flags = tuple(dict.fromkeys((*flags, *(name for name, odd in more.items() if odd), *self.odd)))
        return FetchedWindow(
            kind=self.reader.source.kind,
            span=self.span,
            rows=self.rows.rows,
            observed_us=int(self.reader.source.clock() * 1_000_000),
            # As the host counts: a limit is one of rows, of which several may be deliveries of one conversation.
            count=max(len(self.rows.ids), len(self.first.rows)),
            pages=self.rows.pages,
            grade=grade_of(flags, proven=proven),
            flags=flags,
            united=self.rows.united,
            read_us=self.read_us,
        )
