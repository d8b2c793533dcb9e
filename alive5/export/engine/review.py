"""
The review of a kind once all its windows are there: do longer periods hold as many rows, and was a window cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from ... import errors
from ..fetch.recount import count_again
from ..plan.grades import looks_like_limit, second_look
from ..plan.planner import WIDEST, halves
from ..plan.recount import Count, Group, counted, groups
from ..plan.span import DAY, Span
from ..plan.window import StoredWindow
from ..state.store import Store
from .backlog import Backlog
from .committer import Committer
from .progress import Progress

# After all windows.
_RANK: Final = 1 << 30
# Counts at a time: as many requests as an export has in flight by default.
_TOGETHER: Final = 4


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
        return await self._count_again() or await self._look_for_limit()

    async def _count_again(self) -> bool:
        backlog = self.backlog
        habits = backlog.reader.habits
        short, doubtful = list[Group](), list[Group]()
        for group, count in await self._counts(groups(await self._windows(), habits.page_at_most, backlog.together)):
            if count is not None and count.agrees:
                await self._agreed(group)
            else:
                doubtful += group.alone()
                # Parts of a day overlap where the time of day is ignored.
                exact = all(window.span.is_days for window in group.windows)
                short += [group] if exact and count is not None and count.falls_short else []
        if doubtful:
            backlog.reader.source.asks_again = True
        again = {
            group.span: 0 if count is None else count.seen
            for group, count in await self._counts(doubtful)
            if count is None or not count.agrees or not await self._agreed(group)
        }
        backlog.reader.careful.update(again)
        backlog.reader.is_uneven = backlog.reader.is_uneven or bool(again)
        await self._read_again(list(again), list(again))
        # Windows that hold together more than the period of all of them: there is a limit.
        sure = any(not again.keys() & {window.span for window in group.windows} for group in short)
        backlog.limited = backlog.limited or (sure and backlog.reader.evidence.is_by_start)
        return bool(again)

    async def _counts(self, made: Sequence[Group]) -> list[tuple[Group, Count | None]]:
        """Return the groups that are counted; None where that is impossible."""
        reader = self.backlog.reader

        async def one(group: Group) -> tuple[Group, Count | None]:
            if group.rows is None:
                return group, None
            return group, await self._count(group.span, group.rows)

        found = list[tuple[Group, Count | None]]()
        for low in range(0, len(made), _TOGETHER):
            found += await reader.source.together(one, list(made[low : low + _TOGETHER]))
        return found

    async def _count(self, span: Span, rows: int) -> Count | None:
        reader = self.backlog.reader
        try:
            return await count_again(reader.source, reader.habits, span, rows, _RANK)
        except (errors.ServerError, errors.ResponseError, errors.TransportError):
            return None  # no proof: what it was to prove is read again

    async def _agreed(self, group: Group) -> bool:
        if len(group.windows) > 1:
            self.backlog.surpassed = max(self.backlog.surpassed, group.rows or 0)
        self.backlog.fresh.update(window.span for window in group.windows)
        await self._regrade([counted(window) for window in group.windows])
        return True

    async def _look_for_limit(self) -> bool:
        backlog = self.backlog
        reader, habits = backlog.reader, backlog.reader.habits
        whole = habits.paged is False
        sure = backlog.limited or (whole and (reader.prove or habits.limited or not reader.source.route.may_be_whole))
        # What an earlier run read says nothing of the limit the host has now.
        windows = [window for window in await self._windows() if window.span not in backlog.earlier]
        backlog.largest = max(backlog.largest, habits.cap if whole else 0, *(window.rows for window in windows), 0)
        largest = backlog.largest
        proven, doubtful = second_look(windows, largest)
        doubtful = [window for window in doubtful if window.span in backlog.fresh]
        if whole:
            await self._regrade([attrs.evolve(window, grade="A") for window in proven])
        elif doubtful and not sure and (largest < backlog.surpassed or await self._is_surpassed(doubtful[0])):
            backlog.surpassed = largest + 1
            return False
        return await self._halve(doubtful, is_cut=looks_like_limit(windows, largest, sure_limit=sure))

    async def _halve(self, windows: Sequence[StoredWindow], *, is_cut: bool) -> bool:
        """Compare windows with their halves, which a limit would cut less; return whether one has any."""
        more = False
        for window in windows:
            parts = halves(window.span, self.backlog.reader.habits)
            if len(parts) > 1:
                await self._read_again([window.span], parts)
                more = True
            elif is_cut and not await self._is_surpassed(window):
                flags = tuple(dict.fromkeys((*window.flags, "cut")))
                await self._regrade([attrs.evolve(window, grade="C", flags=flags)])
        return more

    async def _is_surpassed(self, window: StoredWindow) -> bool:
        """Whether a longer period holds more rows than a window, which then met no limit."""
        reader = self.backlog.reader
        if reader.is_uneven and reader.habits.paged is not False:
            return False  # more pages are not more rows
        # Whole answers grow with the period: a day more first.
        for around in (DAY, WIDEST) if reader.habits.paged is False else (WIDEST,):
            count = await self._count(Span(window.span.low - around, window.span.high + around), window.rows)
            if count is not None and count.exceeds:
                return True
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
