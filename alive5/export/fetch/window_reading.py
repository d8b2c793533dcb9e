"""
Reading of one window: in one page when it fits, else cut into narrower ones, else page by page, guarded.

After a window was paged its first page and some others, or all, are read again.
When one changed, rows moved between the pages and the window is read once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import attrs

from ..._sansio.page_base import Base
from ...errors import FilterIgnoredError
from ..plan.grades import SAMPLED, UNCOUNTED, grade_of
from ..plan.planner import children
from ..plan.span import Span
from ..plan.window import FetchedWindow
from .base_probes import first_pages
from .collector import WindowRows
from .paging import Page, PagePass, promises_more
from .probes import estimate
from .recount import AT_ONCE, have_changed
from .window_reader import WindowReader

# Rows that move during two passes will move in a third.
_PASSES: Final = 2
# Pages read again after a pass: rows that leave shift every page behind them, so a few show it.
_READ_AGAIN: Final = 4


async def read_window(reader: WindowReader, span: Span, rank: int) -> FetchedWindow | list[Span]:
    """
    Return a window with its rows, or narrower ones to read instead when it is too large.

    :raises FilterIgnoredError: when rows prove that the dates are ignored.
    """
    return await WindowReading(reader, span, rank).result()


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
    has_second: bool = False
    odd: dict[str, None] = attrs.field(factory=dict)

    async def result(self) -> FetchedWindow | list[Span]:
        """
        Return what :func:`read_window` returns.
        """
        reader = self.reader
        self.read_us = int(reader.source.clock() * 1_000_000)
        self.rows = WindowRows(partial(reader.set_aside, reader.source.kind, self.span))
        await self._read_first()
        await self._gather([self.first])
        below_cap = len(self.first.rows) < reader.habits.cap or not self.first.rows
        reader.learn(cap=max(reader.habits.cap, len(self.first.rows)))
        reader.most = max(reader.most, len(set(self.first.ids)))
        if self.span in reader.careful:
            return self._whole() if reader.habits.paged is False else await self._paged()
        if below_cap and not reader.accept and not self._promises_more(leeway=0) and not await self._goes_on():
            # Not so few rows as a page holds, nor none, prove that these were all: they are counted again later.
            doubt = () if reader.habits.paged is False and self.first.rows else (UNCOUNTED,)
            return self._fetched(doubt, proven=True)
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
        self.base, (self.first, *others) = await first_pages(source, self.span, self.rank)
        if self.base.proven:
            self.reader.learn(base=self.base.number)
        self.has_second = any(page.rows and self.reader.note_second(self.first, page) for page in others)

    async def _goes_on(self) -> bool:
        """
        Whether there is a second page, of a host that was seen to ignore the page, or may be.

        One that begins again after its last page looks so while one page is all, and its pages may vary in size.
        """
        reader, paged, whole = self.reader, self.reader.habits.paged, self.reader.source.route.may_be_whole
        if self.has_second:
            return True
        if paged or (paged is None and not whole) or not self.first.rows:
            return False
        if whole and not reader.doubts_whole(self.span):
            return False
        await self._gather(await reader.learn_paged(self.span, self.first, self.rank))
        return reader.habits.paged is True

    async def _cut(self) -> list[Span]:
        reader, habits, came = self.reader, self.reader.habits, len(self.first.rows)
        # Where pages vary in size the largest counts: by the smallest, each row would be looked for by the minute.
        full = max(habits.size, habits.cap) if habits.size else (reader.source.limit or 0)
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
                reader.is_stuck = True
                reader.learn(paged=False)
            if done.is_stuck or not moved:
                break
        if moved:
            reader.note_moved(self.span)
        flags = (*done.flags(reader.habits.base), *(("moved",) if moved else ()))
        reader.is_uneven = reader.is_uneven or "short_page" in flags
        if done.repeats_first and not reader.habits.size:
            # No second page was ever seen; that a page was empty once proves little.
            reader.learn(paged=False)
            return self._whole()
        if not self._reads_all(done):
            flags = (*flags, SAMPLED)
        if not done.repeats_rows and self.span not in reader.careful and not reader.accept:
            flags = (*flags, UNCOUNTED)
        return self._fetched(flags, proven=not done.repeats_first, done=done)

    def _reads_all(self, done: PagePass) -> bool:
        """Whether all pages are read again: where a proof is asked for, few pages are there, or some are odd."""
        return self.reader.prove or len(done.fingerprints) <= _READ_AGAIN or self.span in self.reader.careful

    async def _pass(self) -> PagePass:
        source, habits = self.reader.source, self.reader.habits
        done = PagePass(base_unknown=self.base.doubtful, hasty=self.reader.is_stuck)
        done.take(self.first)
        expected = estimate(self.first, self.span, habits) / (habits.size or max(len(self.first.rows), 1))
        following, ahead = self.base.number + 1, 2
        while not done.over:
            ahead = min(AT_ONCE, max(ahead, int(expected) - done.taken + 2))
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
        chosen = done.sample(len(done.fingerprints) if self._reads_all(done) else _READ_AGAIN)
        return await have_changed(self.reader.source, self.span, chosen, self.rank, self._gather)

    def _learn_from(self, done: PagePass, page: Page) -> None:
        habits = self.reader.habits
        if page.rows and len(done.sizes) > 1 and not (done.overlaps and done.overlaps[-1] * 2 > done.sizes[-1]):
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
            reader.in_hand[self.span] = len(self.rows.ids)

    def _promises_more(self, *, leeway: int) -> bool:
        meta, rows = self.first.meta, len(set(self.first.deliveries))
        return promises_more(meta, self.reader.habits.base, rows=rows, pages=1, leeway=leeway)

    def _fetched(self, flags: tuple[str, ...], *, proven: bool, done: PagePass | None = None) -> FetchedWindow:
        # As the host counts: a limit is one of rows, of which several may be deliveries of one conversation. One
        # reading alone tells of it: rows that entered since are kept, and the host never gave as many at once.
        count = max(len(self.first.rows), done.count if done else 0)
        conversations = len(done.seen) if done else len(set(self.first.ids))
        fewer = count < self.reader.careful.get(self.span, 0)
        more = {"filter_ignored": self.reader.accept, "page_zero_lost": self.base.lost, "moved": fewer}
        flags = tuple(dict.fromkeys((*flags, *(name for name, odd in more.items() if odd), *self.odd)))
        return FetchedWindow(
            kind=self.reader.source.kind,
            span=self.span,
            rows=self.rows.rows,
            observed_us=int(self.reader.source.clock() * 1_000_000),
            deliveries=self.rows.deliveries,
            ids=self.rows.ids,
            conversations=conversations,
            count=count,
            pages=self.rows.pages,
            grade=grade_of(flags, proven=proven),
            flags=flags,
            united=self.rows.united,
            read_us=self.read_us,
        )
