"""
Planning of windows: as wide as fits in one page, days where nothing less is known; pure.

One page needs no paging, so nothing can move under it. Where a day holds more
than a page, many days are paged together instead, since the end of each paged
window costs requests of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final

import attrs

from .span import DAY, MINUTE, Span
from .window import StoredWindow

# Judgement: a wider window saves few requests, and loses more work when it fails or has to be read again.
WIDEST: Final = 31 * DAY
# Share of a page to plan with: rows do not come evenly, and a window that overflows costs a request more.
FILL: Final = 0.85
# Least share of a page, half of the above: days that fill less than that are many requests, so days are paged together.
_WORTH: Final = 0.42
# Pages of a paged window: more spread the cost of its end, fewer have to be read again when rows moved.
PAGES: Final = 40
# Read before any density is known: a week has all days of the week, and little is lost when it holds too much.
_FIRST_GUESS: Final = 7 * DAY
# Rows may crowd at one time, where an estimate from their density is far off.
_MOST_CHILDREN: Final = 31
_MOST_PARTS_OF_A_DAY: Final = 4


@attrs.frozen(kw_only=True)
class Habits:
    """
    The known habits of a host for one kind.

    ``base`` is the number of the first page, ``paged`` says whether ``page``
    is honoured, ``instants`` whether a time of day is; None is unknown.
    ``restless`` says that rows enter the narrowest windows while they are read.
    ``cap`` is the size of the largest response, ``size`` the rows a full page is
    proven to have, ``hoped`` what to plan with until it is; ``limited`` says
    that answers are known to have a limit, ``whole_days`` whether an end date is
    proven to be the end of its day, or its midnight.
    """

    base: int | None = None
    paged: bool | None = None
    instants: bool | None = None
    restless: bool = False
    cap: int = 0
    size: int = 0
    hoped: int = 100
    limited: bool = False
    whole_days: bool | None = None

    @property
    def page(self) -> int:
        """The number of rows to plan a page with."""
        return self.size or self.hoped

    @property
    def page_at_most(self) -> int:
        """The number of rows no page exceeds, as far as seen."""
        return max(self.cap, self.size or self.hoped)

    @property
    def narrows(self) -> bool | None:
        """Whether parts of a day are quieter to read than the day; None is unknown."""
        return False if self.restless else self.instants

    @property
    def unit(self) -> int:
        """The length of the narrowest window, in seconds."""
        return MINUTE if self.narrows else DAY


@attrs.frozen(kw_only=True)
class Density:
    """Rows a second, as far as known."""

    rate: float = 0.0
    known: bool = False

    def seen(self, rows: float, seconds: float) -> Density:
        """
        Return the density with another window, which weighs as much as all before.
        """
        rate = rows / max(seconds, 1)
        return Density(rate=(self.rate + rate) / 2 if self.known else rate, known=True)


def plan(existing: Sequence[StoredWindow], span: Span, again: Iterable[Span], kind: str) -> list[StoredWindow]:
    """
    Return the windows of a period: those proven stay, all else is to do, *again* included.
    """
    todo: list[Span] = []
    kept: list[StoredWindow] = []
    edges = [edge for one in again for edge in (one.low, one.high)]
    for window in existing:
        if window.state != "done" or window.open or window.grade == "C":
            todo.append(window.span)
            continue
        for piece in window.span.cut(edges):
            if any(one.low < piece.high and piece.low < one.high for one in again):
                todo.append(piece)
            else:
                kept.append(attrs.evolve(window, span=piece))
    begin = min((window.span.low for window in existing), default=span.low)
    if span.low < begin:
        todo.append(Span(span.low, begin))
    end = max((window.span.high for window in existing), default=span.low)
    if end < span.high:
        todo.append(Span(end, span.high))
    joined = _joined(todo)
    return sorted([*kept, *(StoredWindow(kind=kind, span=one) for one in joined)], key=lambda window: window.span)


def pieces(span: Span, habits: Habits, density: Density) -> list[Span]:
    """
    Return the parts of a window to ask for; without a known density only its beginning is cut off.
    """
    if not density.known:
        wanted = WIDEST if habits.size else _FIRST_GUESS
        return span.cut([span.low + wanted])
    wanted = _ideal(habits, density.rate)
    return [span] if span.seconds <= wanted else _even(span, ceil(span.seconds / wanted), habits)


def children(span: Span, habits: Habits, rows: float) -> list[Span]:
    """
    Return the parts of a window of about *rows*, more than a page; [span] when it is better paged.
    """
    rate = rows / span.seconds
    ideal = _ideal(habits, rate)
    if ideal * rate > habits.page and rows <= 2 * PAGES * habits.page and habits.paged is not False:
        return [span]
    most = _MOST_CHILDREN if span.seconds > DAY else _MOST_PARTS_OF_A_DAY
    return _even(span, min(max(ceil(span.seconds / ideal), 2), most), habits)


def halves(span: Span, habits: Habits) -> list[Span]:
    """
    Return the halves of a window; [span] when it cannot be cut.
    """
    return _even(span, 2, habits)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and joined[-1].high == span.low and span.is_days and joined[-1].is_days:
            joined[-1] = Span(joined[-1].low, span.high)
        else:
            joined.append(span)
    return [piece for span in joined for piece in span.cut(list(range(span.low, span.high, WIDEST)))]


def _ideal(habits: Habits, rate: float) -> int:
    """Return the best width for so many rows a second."""
    if rate * WIDEST <= FILL * habits.page:
        return WIDEST
    one = int(FILL * habits.page / rate) // habits.unit * habits.unit
    if one * rate >= _WORTH * habits.page or habits.narrows or not habits.paged:
        return max(one, habits.unit)
    return min(max(int(PAGES * habits.page / rate) // habits.unit * habits.unit, habits.unit), WIDEST)


def _even(span: Span, parts: int, habits: Habits) -> list[Span]:
    # Cut where days begin, also a span that begins at another time: it was cut while times of day seemed honoured.
    low, steps = span.low // habits.unit * habits.unit, span.high // habits.unit - span.low // habits.unit
    parts = min(parts, steps)
    return span.cut([low + habits.unit * (steps * part // parts) for part in range(1, parts)])
