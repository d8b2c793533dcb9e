"""
The review of a kind once all its windows are there: do longer periods hold as many rows, and was a window cut.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..fetch.recount import first_page
from ..plan.recount import Count, Group, counted, groups, uncounted
from ..plan.span import Span
from ..plan.upkeep import is_proven
from ..plan.window import StoredWindow
from .backlog import Backlog
from .ledger import NO_ANSWER, RANK, TOGETHER, Ledger
from .limits import LimitReview


@attrs.frozen(eq=False)
class Review:
    """
    The review of one kind's windows.
    """

    ledger: Ledger

    @property
    def backlog(self) -> Backlog:
        """The kind's queue and what was learned of it."""
        return self.ledger.backlog

    async def finds_more(self) -> bool:
        """
        Whether windows have to be read again, or in parts; grades those that are proven.
        """
        if self.backlog.reader.accept:
            return False
        await self.ledger.committer.drain()
        return await self._count_all() or await LimitReview(self.ledger).finds_more()

    async def _count_all(self) -> bool:
        """Count what was not yet; once an empty answer was seen to be wrong, also what agreed with such answers."""
        backlog = self.backlog
        if await self._count_again():
            return True
        if backlog.doubted or not backlog.reader.source.asks_again:
            return False
        backlog.doubted = True
        whole = backlog.reader.habits.paged is False
        # A whole answer with rows did not come empty, and a C says already that rows may be missing.
        fresh = [window for window in await self.ledger.windows() if is_proven(window) and window.span in backlog.fresh]
        await self.ledger.regrade([uncounted(window) for window in fresh if not (whole and window.rows)])
        return await self._count_again()

    async def _count_again(self) -> bool:
        backlog, windows = self.backlog, await self.ledger.windows()
        has_rows = any(window.rows for window in windows)
        short, doubtful = list[Group](), list[Group]()
        for group, count in await self._counts(self._groups(windows), has_rows):
            # What another count told of the pages holds for those that agreed by chance.
            is_counted = len(group.windows) == 1 or not self._have_no_sum
            if count is None or not (count.agrees and is_counted) or not await self._agreed(group, count):
                doubtful += group.alone()
                # Parts of a day overlap where the time of day is ignored.
                exact = all(window.span.is_days for window in group.windows)
                short += [group] if exact and count is not None and count.falls_short else []
        if doubtful:
            backlog.reader.source.asks_again = True
        again = {
            group.span: 0 if count is None else count.seen
            for group, count in await self._counts(doubtful, has_rows)
            if count is None or not count.agrees or not await self._agreed(group, count)
        }
        backlog.reader.careful.update(again)
        backlog.reader.is_uneven = backlog.reader.is_uneven or bool(again)
        await self.ledger.read_again(list(again), list(again))
        # Windows that hold together more than the period of all of them: there is a limit.
        sure = any(not again.keys() & {window.span for window in group.windows} for group in short)
        backlog.limited = backlog.limited or (sure and backlog.reader.evidence.fits_start)
        return bool(again)

    def _groups(self, windows: Sequence[StoredWindow]) -> list[Group]:
        """Return the windows to be counted, together where they have a sum."""
        reader = self.backlog.reader
        reader.compare(windows)
        made = groups(windows, reader.habits.page_at_most, self.backlog.together)
        return [one for group in made for one in group.alone()] if self._have_no_sum else made

    @property
    def _have_no_sum(self) -> bool:
        """Whether windows cannot be counted together: far rows are in each, and uneven pages have no number."""
        reader = self.backlog.reader
        return bool(reader.evidence.far) or (reader.is_uneven and reader.habits.paged is not False)

    async def _counts(self, made: Sequence[Group], has_rows: bool) -> list[tuple[Group, Count | None]]:
        """Return the groups that are counted; None where that is impossible."""

        async def one(group: Group) -> tuple[Group, Count | None]:
            if group.rows is None:
                return group, None
            # One empty answer more is no proof where others have rows; where none have, all would be asked again.
            surely = group.has_gaps or (not group.rows and has_rows)
            count = await self.ledger.count(group.span, group.rows, surely=surely)
            # A host that promised more than it gave says nothing by promising more.
            return group, attrs.evolve(count, is_promised_more=False) if count and group.is_promised_more else count

        return await self.backlog.reader.source.together(one, made, TOGETHER)

    async def _agreed(self, group: Group, count: Count) -> bool:
        """Grade what was counted; not where a window that came empty among others has rows now."""
        if group.has_gaps and await self._fills(group):
            return False
        self.backlog.surpass(count.most)
        self.backlog.fresh.update(window.span for window in group.windows)
        await self.ledger.regrade([counted(window) for window in group.windows])
        return True

    async def _fills(self, group: Group) -> bool:
        """Whether an empty window has rows after all: a limit may have cut the count to what the others hold."""
        source, habits = self.backlog.reader.source, self.backlog.reader.habits

        async def one(span: Span) -> bool:
            try:
                return bool((await first_page(source, habits, span, RANK)).rows)
            except NO_ANSWER:
                return True  # no proof

        return any(await source.together(one, group.gaps(), TOGETHER))
