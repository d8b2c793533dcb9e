"""One kind's windows still to be read, and the density of its rows."""

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
    A kind's queue of windows, and of those to be retried after all others.

    ``edges`` are the ends of what is read, a day outside of what belongs;
    ``beyond`` are days to add when the host does not go by the start.
    """

    reader: WindowReader
    density: Density
    todo: deque[Span]
    later: deque[Span] = attrs.field(factory=deque)
    attempts: dict[Span, int] = attrs.field(factory=dict)
    edges: tuple[int, ...] = ()
    beyond: Span | None = None

    @property
    def has_work(self) -> bool:
        """Whether a window is left to be read."""
        return bool(self.todo or self.later)

    def take(self) -> tuple[list[Span], list[Span]]:
        """
        Return the next windows and the parts that replace them; all parts but the first are queued again.

        Parts of a day are joined again once times of day are known to be ignored.
        """
        if not self.todo:
            span = self.later.popleft()
            return [span], [span]
        taken = [self.todo.popleft()]
        if self.reader.habits.instants is False:
            while self.todo and taken[-1].high == self.todo[0].low and taken[-1].high % DAY:
                taken.append(self.todo.popleft())
        span = Span(taken[0].low, taken[-1].high)
        if self.reader.accept or span in self.attempts:
            return taken, [span]
        parts = pieces(span, self.reader.habits, self.density)
        self.todo.extendleft(reversed(parts[1:]))
        return taken, parts

    def expects(self, span: Span) -> int:
        """
        Return an estimate of the rows a window will hold in memory page by page.
        """
        return 0 if self.reader.habits.paged is False else round(self.density.rate * span.seconds)

    def learn(self, done: FetchedWindow) -> None:
        """
        Update the density from a window that was read.
        """
        # Days at an edge may hold no row at all, and would let the others seem less dense than they are.
        seconds = done.span.seconds - DAY * sum(edge in (done.span.low, done.span.high) for edge in self.edges)
        if "moved" not in done.flags and seconds > 0:
            # Rows that enter while pages are read would ask for ever narrower windows, each read as long.
            self.density = self.density.seen(done.count, seconds)
