"""
The review of a kind once all its windows are there: do longer periods hold as many rows, and was a window cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from ... import errors
from ..fetch.recount import count_again, has_rows, holds_more
from ..plan.grades import looks_like_limit, second_look
from ..plan.planner import WIDEST, halves
from ..plan.recount import Count, Group, counted, flagged, groups, uncounted
from ..plan.span import DAY, Span
from ..plan.upkeep import is_proven
from ..plan.window import StoredWindow
from ..state.store import Store
from .backlog import Backlog, Measure
from .committer import Committer
from .progress import Progress

# After all windows.
_RANK: Final = 1 << 30
# Counts at a time: as many requests as an export has in flight by default.
_TOGETHER: Final = 4
_NO_ANSWER: Final = (errors.ServerError, errors.ResponseError, errors.TransportError)


@attrs.frozen(eq=False)
class Review:
    """
    The review of one kind's windows.
    """

    store: Store
    committer: Committer
    progress: Progress
    kind: str
    backlog: Backlog

    async def finds_more(self) -> bool:
        """
        Whether windows have to be read again, or in parts; grades those that are proven.
        """
        if self.backlog.reader.accept:
            return False
        await self.committer.drain()
        return await self._count_all() or await self._look_for_limit()

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
        fresh = [window for window in await self._windows() if is_proven(window) and window.span in backlog.fresh]
        await self._regrade([uncounted(window) for window in fresh if not (whole and window.rows)])
        return await self._count_again()

    async def _count_again(self) -> bool:
        backlog, windows = self.backlog, await self._windows()
        has_rows = any(window.rows for window in windows)
        short, doubtful = list[Group](), list[Group]()
        for group, count in await self._counts(self._groups(windows), has_rows):
            # What another count told of the pages holds for those that agreed by chance.
            agrees = count is not None and count.agrees and (len(group.windows) == 1 or not self._have_no_sum)
            if not agrees or not await self._agreed(group):
                doubtful += group.alone()
                # Parts of a day overlap where the time of day is ignored.
                exact = all(window.span.is_days for window in group.windows)
                short += [group] if exact and count is not None and count.falls_short else []
        if doubtful:
            backlog.reader.source.asks_again = True
        again = {
            group.span: 0 if count is None else count.seen
            for group, count in await self._counts(doubtful, has_rows)
            if count is None or not count.agrees or not await self._agreed(group)
        }
        backlog.reader.careful.update(again)
        backlog.reader.is_uneven = backlog.reader.is_uneven or bool(again)
        await self._read_again(list(again), list(again))
        # Windows that hold together more than the period of all of them: there is a limit.
        sure = any(not again.keys() & {window.span for window in group.windows} for group in short)
        backlog.limited = backlog.limited or (sure and backlog.reader.evidence.is_by_start)
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
            count = await self._count(group.span, group.rows, surely=surely)
            # A host that promised more than it gave says nothing by promising more.
            return group, attrs.evolve(count, is_promised_more=False) if count and group.is_promised_more else count

        return await self.backlog.reader.source.together(one, made, _TOGETHER)

    async def _count(self, span: Span, rows: int, *, surely: bool = False) -> Count | None:
        reader = self.backlog.reader
        try:
            count = await count_again(reader.source, reader.habits, span, rows, _RANK, surely=surely)
        except _NO_ANSWER:
            return None  # no proof: what it was to prove is read again
        reader.is_uneven = reader.is_uneven or count.is_uneven
        return count

    async def _agreed(self, group: Group) -> bool:
        """Grade what was counted; not where a window that came empty among others has rows now."""
        if group.has_gaps and await self._fills(group):
            return False
        if len(group.windows) > 1:
            self.backlog.surpass(group.windows, group.rows)
        self.backlog.fresh.update(window.span for window in group.windows)
        await self._regrade([counted(window) for window in group.windows])
        return True

    async def _fills(self, group: Group) -> bool:
        """Whether an empty window has rows after all: a limit may have cut the count to what the others hold."""
        source, habits = self.backlog.reader.source, self.backlog.reader.habits

        async def one(span: Span) -> bool:
            try:
                return await has_rows(source, habits, span, _RANK)
            except _NO_ANSWER:
                return True  # no proof

        return any(await source.together(one, group.gaps(), _TOGETHER))

    async def _look_for_limit(self) -> bool:
        backlog, habits = self.backlog, self.backlog.reader.habits
        # What an earlier run read says nothing of the limit the host has now.
        windows = [window for window in await self._windows() if window.span not in backlog.earlier]
        measures = backlog.measures(windows)
        backlog.measure(windows)
        looks = [second_look(windows, measure.largest, measure.size) for measure in measures]
        if habits.paged is False:
            if await self._contradicts(windows):
                return False
            proven = [one for one in looks[0][0] if all(one in others for others, _ in looks)]
            await self._regrade([attrs.evolve(window, grade="A") for window in proven])
        doubts: dict[Span, tuple[StoredWindow, list[Measure]]] = {}
        for measure, (_, doubtful) in zip(measures, looks, strict=True):
            fresh = [window for window in doubtful if window.span in backlog.fresh]
            await self._doubt(doubts, measure, fresh, windows)
        return await self._halve(doubts.values())

    async def _contradicts(self, windows: Sequence[StoredWindow]) -> bool:
        """
        Whether the answer to a period has fewer rows than one to a part of it: no answer is proven to be whole.

        No limit does that: there are pages, though ``page`` seemed to be ignored, and their sizes differ.
        """
        reader = self.backlog.reader
        if reader.probed is None or not reader.sizes:
            return False
        inside = [one for one in windows if one.span.lies_in(reader.probed) and one.span in self.backlog.fresh]
        most = max((window.rows for window in inside), default=0)
        if most <= reader.sizes[0]:
            return False
        count = await self._count(reader.probed, most, surely=True)  # rows may have entered since
        if count is None or len(count.last) >= most:
            return False
        await self._regrade([flagged(one, "cut") for one in inside])
        return True

    async def _doubt(
        self,
        doubts: dict[Span, tuple[StoredWindow, list[Measure]]],
        measure: Measure,
        doubtful: Sequence[StoredWindow],
        windows: Sequence[StoredWindow],
    ) -> None:
        """Add windows that a limit of one measure may have cut, and the measure where it looks so."""
        backlog, habits = self.backlog, self.backlog.reader.habits
        may_be_whole = backlog.reader.source.route.may_be_whole
        whole = habits.paged is False
        sure = backlog.limited or (whole and (backlog.reader.prove or habits.limited or not may_be_whole))
        is_asked = not whole and bool(doubtful) and not sure
        if is_asked and (measure.largest < measure.surpassed or await self._is_surpassed(doubtful[0], measure)):
            measure.surpassed = measure.largest + 1
            return
        is_cut = looks_like_limit(windows, measure.largest, sure_limit=sure, size=measure.size)
        for window in doubtful:
            doubts.setdefault(window.span, (window, []))[1].extend([measure] * is_cut)

    async def _halve(self, doubts: Iterable[tuple[StoredWindow, Sequence[Measure]]]) -> bool:
        """Compare windows with their halves, which a limit would cut less; return whether one has any."""
        more = False
        for window, measures in doubts:
            parts = halves(window.span, self.backlog.reader.habits)
            if len(parts) > 1:
                await self._read_again([window.span], parts)
                more = True
            elif not all([await self._is_surpassed(window, measure) for measure in measures]):
                await self._regrade([flagged(window, "cut")])
        return more

    async def _is_surpassed(self, window: StoredWindow, measure: Measure) -> bool:
        """Whether a longer period holds more than a window, which then met no limit."""
        # Whole answers grow with the period: a day more first.
        for around in (DAY, WIDEST) if self.backlog.reader.habits.paged is False else (WIDEST,):
            span = Span(window.span.low - around, window.span.high + around)
            if await self._exceeds(span, measure.size(window), measure):
                return True
        return False

    async def _exceeds(self, span: Span, number: int, measure: Measure) -> bool:
        reader = self.backlog.reader
        if measure is self.backlog.by_rows:
            if reader.is_uneven and reader.habits.paged is not False:
                return False  # more pages are not more rows
            count = await self._count(span, number)
            if count is None or not count.overlaps:
                return count is not None and count.exceeds
        try:
            return await holds_more(reader.source, reader.habits, span, number, _RANK)
        except _NO_ANSWER:
            return False

    async def _windows(self) -> list[StoredWindow]:
        return await self.committer.ask(self.store.windows, self.kind)

    async def _read_again(self, old: Sequence[Span], parts: Sequence[Span]) -> None:
        if not old:
            return
        await self.committer.ask(
            self.store.replan, self.kind, old, [StoredWindow(kind=self.kind, span=part) for part in parts]
        )
        self.backlog.todo.extend(parts)
        self.progress.kinds[self.kind].seconds_done -= sum(span.seconds for span in old)

    async def _regrade(self, windows: Sequence[StoredWindow]) -> None:
        if windows:
            await self.committer.ask(self.store.replan, self.kind, [window.span for window in windows], windows)
