"""One kind's windows that are still to be read, and what is known of its rows."""

from __future__ import annotations

from collections import deque

import attrs

from ..fetch.window_reader import WindowReader
from ..plan.planner import Density, pieces
from ..plan.span import DAY, Span
from ..plan.window import FetchedWindow


@attrs.define(eq=False)
class Backlog:
    """
    A kind's queue of windows, and of those to be tried again after all others.
    """

    reader: WindowReader
    density: Density
    todo: deque[Span]
    later: deque[Span] = attrs.field(factory=deque)
    attempts: dict[Span, int] = attrs.field(factory=dict)

    @property
    def has_work(self) -> bool:
        """True when a window is left to be read."""
        return bool(self.todo or self.later)

    def take(self) -> tuple[list[Span], list[Span]]:
        """
        Take what comes next; gives which windows that were and their new parts, all but the first of which wait again.

        Parts of a day come as one again once times of day are known to be ignored.
        """
        if not self.todo:
            span = self.later.popleft()
            return [span], [span]
        gone = [self.todo.popleft()]
        if self.reader.habits.instants is False:
            while self.todo and gone[-1].high == self.todo[0].low and gone[-1].high % DAY:
                gone.append(self.todo.popleft())
        span = Span(gone[0].low, gone[-1].high)
        if self.reader.accept or span in self.attempts:
            return gone, [span]
        parts = pieces(span, self.reader.habits, self.density)
        self.todo.extendleft(reversed(parts[1:]))
        return gone, parts

    def expects(self, span: Span) -> int:
        """
        Guess how many rows a window is going to hold in memory page by page.
        """
        return 0 if self.reader.habits.paged is False else round(self.density.rate * span.seconds)

    def learn(self, done: FetchedWindow) -> None:
        """
        Learn the density from a window that was read.
        """
        if "moved" not in done.flags:
            # Rows that enter while pages are read would ask for ever narrower windows, each read as long.
            self.density = self.density.seen(done.count, done.span.seconds)
