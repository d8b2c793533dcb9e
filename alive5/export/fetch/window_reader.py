"""The reader of a kind's windows, and what it has learned of the host meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

import anyio
import attrs

from ..plan.planner import Habits
from ..plan.span import DAY, Span
from ..plan.window import StoredWindow
from ..rows.encode import Encoded
from .evidence import DateEvidence
from .instants import honours_instants
from .paging import Page
from .probes import learn_paged, with_second
from .source import Source

# Judgement: windows of some weeks in a row that are one page each, of a host with pages, are rare.
_LOOKS: Final = 3
# Judgement: of a service in use, rows enter the minute that is the present, and hardly two others.
_RESTLESS: Final = 3

SetAside = Callable[[str, Span, Sequence[Encoded]], Awaitable[None]]


@attrs.define(eq=False)
class WindowReader:
    """
    A reader of a kind's windows, which learns the host's habits.

    ``prove`` reads paged windows twice as a whole; ``accept`` keeps all rows
    though the dates are ignored, and ``tolerant`` goes on when rows prove that.
    ``careful`` are windows that a second count found to hold other rows: all
    their pages are read twice, and hold at least as many rows as that saw.
    ``is_uneven`` says that a page was shorter than others and not the last,
    ``probed`` is the span that was probed, ``sizes`` those of its first two pages, or of one where all are alike,
    ``seen`` the rows on them; ``most`` is how many conversations one answer held;
    ``is_stuck`` says that pages of a window went on without end;
    ``in_hand`` counts the rows of windows that are being read.
    """

    source: Source
    habits: Habits
    set_aside: SetAside
    prove: bool = False
    accept: bool = False
    tolerant: bool = False
    evidence: DateEvidence = attrs.field(factory=DateEvidence)
    careful: dict[Span, int] = attrs.field(factory=dict)
    is_uneven: bool = False
    probed: Span | None = None
    sizes: tuple[int, ...] = ()
    seen: int = 0
    most: int = 0
    is_stuck: bool = False
    in_hand: dict[Span, int] = attrs.field(factory=dict)
    _looks: int = 0
    _moved: set[Span] = attrs.field(factory=set)
    _lock: anyio.Lock = attrs.field(factory=anyio.Lock)

    def learn(self, **facts: object) -> None:
        """
        Update the habits of the host.
        """
        # Windows taken for whole were not: they are counted.
        self.source.asks_again = self.source.asks_again or (self.habits.paged is False and facts.get("paged") is True)
        self.habits = attrs.evolve(self.habits, **facts)  # type: ignore[arg-type]

    def note_moved(self, span: Span) -> None:
        """
        Note that rows moved while a window was read; where the narrowest are no quieter, parts of days are no help.
        """
        if span.seconds <= self.habits.unit < DAY:
            self._moved.add(span)
        if len(self._moved) >= _RESTLESS and self.habits.paged:
            self.learn(restless=True)

    def note_second(self, first: Page, second: Page) -> bool:
        """
        Whether a page is the one after the first of a window, which is then known of the host.
        """
        found = with_second(self.habits, first, second)
        if not found.paged or self._is_misled(first, [second]):
            return False
        self.learn(paged=True, size=found.size)
        return True

    def doubts_whole(self, span: Span) -> bool:
        """
        Whether to look for a second page of a listing documented without, in some windows longer than what was probed.
        """
        if self.probed is None or span.seconds <= self.probed.seconds or self._looks >= _LOOKS:
            return False
        self._looks += 1
        return True

    def compare(self, windows: Iterable[StoredWindow]) -> None:
        """
        Compare what was probed with what its windows were found to hold.

        Fewer rows than were seen then mean that an answer was lost; more than on
        two pages, of which the second is a short one, that pages vary in size.
        """
        if self.probed is None:
            return
        touching = [one for one in windows if one.span.touches(self.probed)]
        found = sum(one.rows for one in touching if one.span.lies_in(self.probed))
        if all(one.state == "done" for one in touching) and sum(one.rows for one in touching) < self.seen:
            self.source.asks_again = True
        if len(self.sizes) > 1:
            first, second = self.sizes[:2]
            self.is_uneven = self.is_uneven or first < second or (second < first and found > first + second)

    async def learn_paged(self, span: Span, first: Page, rank: int) -> list[Page]:
        """
        Learn whether ``page`` is honoured, until it is proven to be, and return the pages read for it.
        """
        async with self._lock:
            if self.habits.paged is True:
                return []
            learned, pages = await learn_paged(self.source, span, first, self.habits, rank)
            if learned.paged and self._is_misled(first, pages):
                learned = attrs.evolve(self.habits, paged=False, limited=learned.limited)
            self.learn(paged=learned.paged, limited=learned.limited, size=learned.size)
            return pages

    def _is_misled(self, first: Page, pages: Sequence[Page]) -> bool:
        """Whether rows that enter make the same answer look like another page, where pages went on without end."""
        return self.is_stuck and any(set(first.ids) & set(page.ids) for page in pages)

    async def learn_instants(self, span: Span, first: Page, rank: int) -> None:
        """
        Learn once whether a time of day is honoured, and return it.
        """
        async with self._lock:
            if self.habits.instants is None:
                self.learn(instants=await honours_instants(self.source, first, span, rank))
