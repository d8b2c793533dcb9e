"""Was a window cut at a limit of answers: do longer periods hold more than the largest, and do its halves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from ..fetch.recount import first_page, holds_more
from ..plan.grades import looks_like_limit, second_look
from ..plan.planner import WIDEST, halves
from ..plan.recount import flagged
from ..plan.span import DAY, Span
from ..plan.window import StoredWindow
from .backlog import Backlog, Measure
from .ledger import NO_ANSWER, RANK, Ledger


@attrs.frozen(eq=False)
class LimitReview:
    """
    The review of one kind's windows for a limit, once they are counted.
    """

    ledger: Ledger

    @property
    def backlog(self) -> Backlog:
        """The kind's queue and what was learned of it."""
        return self.ledger.backlog

    async def finds_more(self) -> bool:
        """
        Whether windows have to be read in parts; grades those that are proven and those that may be cut.
        """
        backlog, habits = self.backlog, self.backlog.reader.habits
        # What an earlier run read says nothing of the limit the host has now.
        windows = [window for window in await self.ledger.windows() if window.span not in backlog.earlier]
        measures = backlog.measures(windows)
        backlog.measure(windows)
        paged = habits.paged is not False
        looks = [second_look(windows, measure.largest, measure.size, paged=paged) for measure in measures]
        if not paged:
            if await self._contradicts(windows):
                return False
            proven = [one for one in looks[0][0] if all(one in others for others, _ in looks)]
            await self.ledger.regrade([attrs.evolve(window, grade="A") for window in proven])
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
        count = await self.ledger.count(reader.probed, most, surely=True)  # rows may have entered since
        if count is None or len(count.last) >= most:
            return False
        await self.ledger.regrade([flagged(one, "cut") for one in inside])
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
        if is_asked and await self._is_surpassed(doubtful[0], measure):
            return
        is_limit = looks_like_limit(windows, measure.largest, sure_limit=sure, size=measure.size)
        for window in doubtful:
            is_cut = is_limit or backlog.holds_more_around(window, _around(window, WIDEST), measure, windows)
            doubts.setdefault(window.span, (window, []))[1].extend([measure] * is_cut)

    async def _halve(self, doubts: Iterable[tuple[StoredWindow, Sequence[Measure]]]) -> bool:
        """Compare windows with their halves, which a limit would cut less; return whether one has any."""
        more = False
        for window, measures in doubts:
            parts = halves(window.span, self.backlog.reader.habits)
            if len(parts) == 1:
                if measures and all([await self._is_surpassed(window, measure) for measure in measures]):
                    continue
                parts = await self._parts_of_day(window)
            if len(parts) > 1:
                await self.ledger.read_again([window.span], parts)
                more = True
            elif measures:
                await self.ledger.regrade([flagged(window, "cut")])
        return more

    async def _parts_of_day(self, window: StoredWindow) -> list[Span]:
        """Return the halves of a day, once a time of day is known to be honoured."""
        reader = self.backlog.reader
        if reader.habits.instants is None:
            try:
                first = await first_page(reader.source, reader.habits, window.span, RANK)
                await reader.learn_instants(window.span, first, RANK)
            except NO_ANSWER:
                pass
        return halves(window.span, reader.habits)

    async def _is_surpassed(self, window: StoredWindow, measure: Measure) -> bool:
        """Whether a longer period is seen to hold more than a window, which then met no limit."""
        reader, number = self.backlog.reader, measure.size(window)
        if number < measure.surpassed:
            return True
        # Whole answers grow with the period: a day more first.
        for around in (DAY, WIDEST) if reader.habits.paged is False else (WIDEST,):
            span = _around(window, around)
            try:
                if await holds_more(reader.source, reader.habits, span, number, RANK, names=measure.names):
                    measure.surpassed = number + 1
                    return True
            except NO_ANSWER:
                pass
        return False


def _around(window: StoredWindow, seconds: int) -> Span:
    return Span(window.span.low - seconds, window.span.high + seconds)
