"""One kind's windows still to be read, and the density of its rows."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Final

import attrs

from ..fetch.paging import Page
from ..fetch.recount import Names
from ..fetch.window_reader import WindowReader
from ..plan.grades import rows_of
from ..plan.planner import Density, pieces
from ..plan.span import DAY, Span
from ..plan.window import FetchedWindow, StoredWindow

# Judgement: seconds of a window that tells how dense rows are; narrower ones are cut where they prove to be too wide.
_TELLS: Final = 3_600


@attrs.define(eq=False)
class Measure:
    """
    What a host may have a limit of: its number in a window, in the largest, and in a period that is known to meet none.

    ``names`` gives what a page has of it, ``parts`` are digests of what each window holds, kept while one thing may be
    in several.
    """

    size: Callable[[StoredWindow], int]
    names: Callable[[Page], Names]
    largest: int = 0
    surpassed: int = 0
    parts: dict[Span, array[int]] = attrs.field(factory=dict)


@attrs.define(eq=False)
class Backlog:
    """
    A kind's queue of windows, and of those to be retried after all others.

    ``edges`` are the ends of what is read, a day outside of what belongs;
    ``beyond`` are days to add when the host does not go by the start, or some when that is not known;
    ``lasting_us`` is how long a conversation goes on, as it is remembered;
    windows read ``again`` keep the width they were read with, those of
    ``earlier`` runs are left alone.
    ``fresh`` are the windows this run has read or counted, ``conversations`` how
    many those it has read hold; ``limited`` says that answers were seen to have a
    limit, ``by_rows`` and ``by_conversations`` are what it may be one of;
    ``doubted`` says that all windows are counted once more, since an empty answer
    was seen to be wrong.
    """

    reader: WindowReader
    density: Density
    todo: deque[Span]
    later: deque[Span] = attrs.field(factory=deque)
    attempts: dict[Span, int] = attrs.field(factory=dict)
    edges: tuple[int, ...] = ()
    beyond: Span | None = None
    lasting_us: int = 0
    again: frozenset[Span] = frozenset()
    earlier: frozenset[Span] = frozenset()
    is_held: bool = False
    joined: set[Span] = attrs.field(factory=set)
    fresh: set[Span] = attrs.field(factory=set)
    conversations: dict[Span, int] = attrs.field(factory=dict)
    limited: bool = False
    by_rows: Measure = attrs.field(factory=lambda: Measure(rows_of, attrgetter("deliveries")))
    by_conversations: Measure = attrs.field(init=False)
    doubted: bool = False
    _at_end: dict[Span, int] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.by_conversations = Measure(
            lambda window: self.conversations.get(window.span, window.rows),
            lambda page: [(name, b"") for name in page.ids],
        )

    @property
    def has_work(self) -> bool:
        """Whether a window may be taken."""
        return bool(self.todo or self.later) and not self.is_held

    def take(self) -> tuple[list[Span], list[Span]]:
        """
        Return the next windows and the parts that replace them, of which the first is to be read.

        Parts of a day are joined again once times of day are known to be
        ignored or no help, but no two times to the same: what was joined and
        cut again is read in parts, or it would be for ever.
        """
        if not self.todo:
            span = self.later.popleft()
            return [span], [span]
        taken = [self.todo.popleft()]
        if self.reader.habits.narrows is False:
            while self.todo and taken[-1].high == self.todo[0].low and taken[-1].high % DAY:
                taken.append(self.todo.popleft())
        span = Span(taken[0].low, taken[-1].high)
        if span in self.joined:
            self.put_back(taken[1:])
            taken, span = taken[:1], taken[0]
        elif len(taken) > 1:
            self.joined.add(span)
        if self.reader.accept or span in self.attempts or span in self.reader.careful or span in self.again:
            return taken, [span]
        return taken, pieces(span, self.reader.habits, self.density)

    def put_back(self, spans: Sequence[Span]) -> None:
        """
        Queue windows before all others.
        """
        self.todo.extendleft(reversed(spans))

    def expects(self, span: Span) -> int:
        """
        Return an estimate of the rows a window will hold in memory page by page.
        """
        return 0 if self.reader.habits.paged is False else round(self.density.rate * span.seconds)

    def learn(self, done: FetchedWindow) -> None:
        """
        Update the density from a window that was read.
        """
        self.fresh.add(done.span)
        self.conversations[done.span] = done.conversations
        end_us = done.span.high * 1_000_000
        self._at_end[done.span] = sum(row.start_us is not None and row.start_us >= end_us for row in done.rows)
        if not self._are_apart:
            self.by_rows.parts[done.span] = array("q", done.deliveries)
            self.by_conversations.parts[done.span] = array("q", map(hash, done.ids))
        # Days at an edge may hold no row at all, and would let the others seem less dense than they are.
        seconds = done.span.seconds - DAY * sum(edge in (done.span.low, done.span.high) for edge in self.edges)
        # Rows that enter while pages are read would ask for ever narrower windows, each read as long; and those that
        # enter with each request make the narrowest the densest.
        if "moved" not in done.flags and seconds >= _TELLS:
            self.density = self.density.seen(done.count, seconds)

    @property
    def _are_apart(self) -> bool:
        """
        Whether no row lies in two windows of whole days.

        What an end date means is known, the start decides, and no row lies far outside: such are in each.
        """
        evidence = self.reader.evidence
        return self.reader.habits.whole_days is not None and evidence.fits_start and not evidence.far

    def measures(self, windows: Iterable[StoredWindow]) -> list[Measure]:
        """
        Return of what the host may have a limit: where several rows are one conversation, of either.
        """
        measures = [self.by_rows, self.by_conversations]
        return measures if any(measures[0].size(one) != measures[1].size(one) for one in windows) else measures[:1]

    def measure(self, windows: Iterable[StoredWindow]) -> None:
        """
        Note the largest windows; without pages the largest answers, as rows that entered make a window more than one.
        """
        if self.reader.habits.paged is False:
            self.by_rows.largest, self.by_conversations.largest = self.reader.habits.cap, self.reader.most
            return
        chosen = list(windows)
        for measure in (self.by_rows, self.by_conversations):
            measure.largest = max([measure.largest, *map(measure.size, chosen)])

    def surpass(self, rows: int) -> None:
        """
        Note that one answer had so many rows, so that they met no limit.

        It tells nothing of conversations: one cut away for another may have as many rows.
        """
        self.by_rows.surpassed = max(self.by_rows.surpassed, rows)

    def holds_more_around(
        self, window: StoredWindow, around: Span, measure: Measure, windows: Iterable[StoredWindow]
    ) -> bool:
        """
        Whether windows of a longer period hold more together than one of them: an answer to it that does not was cut.
        """
        inside = [one for one in windows if one.state == "done" and one.rows and one.span.lies_in(around)]
        # Those that overlap are left out, and those that an earlier run read: the others are enough.
        apart = [one for one in inside if self._has_own_rows(one) and (self._are_apart or one.span in measure.parts)]
        return (self._held(apart, measure) or 0) > measure.size(window)

    def together(self, windows: Sequence[StoredWindow]) -> int | None:
        """
        Return how many rows windows hold together, each counted once; None when one was read by an earlier run.
        """
        return self._held(windows, self.by_rows)

    def _held(self, windows: Sequence[StoredWindow], measure: Measure) -> int | None:
        if self._are_apart and all(map(self._has_own_rows, windows)):
            return self._sum(windows, measure)
        parts = [measure.parts.get(window.span) for window in windows]
        return None if None in parts else len(set[int]().union(*(part for part in parts if part is not None)))

    def _has_own_rows(self, window: StoredWindow) -> bool:
        """Whether it can be told apart from its neighbours: parts of a day overlap where the time of day is ignored."""
        return bool(self.reader.habits.instants) or window.span.is_days

    def _sum(self, windows: Sequence[StoredWindow], measure: Measure) -> int:
        """Return the sum of windows in order; the rows at the very end of one are in the next, too."""
        twice = sum(
            self._at_end.get(one.span, 0) for one, after in pairwise(windows) if one.span.high == after.span.low
        )
        return sum(map(measure.size, windows)) - twice
