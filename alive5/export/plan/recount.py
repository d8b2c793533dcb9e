"""
The second count: rows of neighbouring windows, counted again as one longer period; pure.

A short page is no proof of an end, nor is an empty answer: hosts were seen
whose pages vary in size, and who said once that nothing matches. Where pages
hold at most *size* rows, all rows are there when the page that should be the
last of a longer period has just as many as are missing to full ones, the one
before it is full, and none comes after it. That takes three requests for dozens
of windows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from itertools import groupby, pairwise

import attrs

from .grades import UNCOUNTED, grade_of
from .planner import PAGES
from .span import Span
from .window import StoredWindow


@attrs.frozen
class Group:
    """
    Windows in a row, counted as one; ``rows`` is None where it is unknown how many they hold together.
    """

    windows: tuple[StoredWindow, ...]
    rows: int | None

    @property
    def span(self) -> Span:
        """The period of all windows."""
        return Span(self.windows[0].span.low, self.windows[-1].span.high)

    @property
    def has_gaps(self) -> bool:
        """Whether a window without rows is among others: it is a wrong answer, or nothing happened in it."""
        return bool(self.rows) and not all(window.rows for window in self.windows)

    @property
    def is_promised_more(self) -> bool:
        """Whether a window was promised more rows than came when it was read."""
        return any("promised_more" in window.flags for window in self.windows)

    def gaps(self) -> list[Span]:
        """
        Return the periods without rows, neighbouring windows as one.
        """
        runs = [list(some) for rows, some in groupby(self.windows, key=lambda window: window.rows) if not rows]
        return [Span(some[0].span.low, some[-1].span.high) for some in runs]

    def alone(self) -> list[Group]:
        """
        Return each window as a group of its own.
        """
        return [Group((window,), window.rows) for window in self.windows]


def groups(
    windows: Iterable[StoredWindow], size: int, together: Callable[[Sequence[StoredWindow]], int | None]
) -> list[Group]:
    """
    Return the windows that were not counted again, in groups of some pages of *size* rows.

    *together* returns how many rows several windows hold, each counted once.
    """
    made: list[list[StoredWindow]] = []
    for window in windows:
        if window.state != "done" or window.open or UNCOUNTED not in window.flags:
            continue
        last = made[-1] if made else []
        if last and last[-1].span.high == window.span.low and sum(w.rows for w in last) + window.rows <= PAGES * size:
            last.append(window)
        else:
            made.append([window])
    return [Group(tuple(some), some[0].rows if len(some) == 1 else together(some)) for some in made]


@attrs.frozen
class Count:
    """
    The deliveries on the page that is the last of a period if it holds *rows*, on the one after it and the one before.

    Not only their ids: what comes after may be known conversations with other messages. ``is_promised_more`` says that
    the host names more rows or pages beside these.
    """

    rows: int
    size: int
    last: Sequence[Hashable]
    after: Collection[Hashable] = ()
    before: Collection[Hashable] = ()
    is_promised_more: bool = False

    @property
    def agrees(self) -> bool:
        """Whether the period holds so many rows, by the last page and by the host's own word, if it gives one."""
        return self._fits and not (self.is_uneven or self.overlaps or self.is_promised_more)

    @property
    def falls_short(self) -> bool:
        """Whether it holds fewer than its parts, as if answers had a limit."""
        return self._is_end and not self.is_uneven and (self._is_past or len(self.last) < self._expected)

    @property
    def is_uneven(self) -> bool:
        """Whether more follows a page that is not full: then a page's number tells nothing of the rows before it."""
        if self.before and self.last and not self._is_past and len(self.before) != self.size:
            return True
        return len(self.last) < self.size and bool(set(self.after) - set(self.last))

    @property
    def overlaps(self) -> bool:
        """Whether neighbouring pages share some rows and not all: then a page's number tells nothing of the rows."""
        pages = set(self.before), set(self.last), set(self.after)
        return any(one & other and not other <= one for one, other in pairwise(pages))

    @property
    def _fits(self) -> bool:
        """Whether the page is the last and has what full ones leave; some hosts repeat it instead of an empty one."""
        return len(self.last) == self._expected and self._is_end and not self._is_past

    @property
    def _is_end(self) -> bool:
        """Whether nothing comes after the page, or all of it again: some of it alone may be a page among others."""
        return not self.after or set(self.after) == set(self.last)

    @property
    def _is_past(self) -> bool:
        """Whether the page is one that was there before: the host repeats its last page for any number beyond."""
        return bool(self.last) and set(self.last) <= set(self.before)

    @property
    def _expected(self) -> int:
        return self.rows - last_page(self.rows, self.size) * self.size

    @property
    def seen(self) -> int:
        """The number of different rows on its pages, which the period holds at least."""
        return len({*self.before, *self.last, *self.after})

    @property
    def most(self) -> int:
        """The most rows on one of its pages: only those are sure to have been there at one moment."""
        return max(map(len, map(set, (self.before, self.last, self.after))))


def last_page(rows: int, size: int) -> int:
    """
    Return the number of the last page with rows, counted from 0.
    """
    return max(rows - 1, 0) // size


def counted(window: StoredWindow) -> StoredWindow:
    """
    Return a window that was counted again.
    """
    flags = tuple(flag for flag in window.flags if flag != UNCOUNTED)
    return attrs.evolve(window, flags=flags, grade=grade_of(flags, proven=True))


def uncounted(window: StoredWindow) -> StoredWindow:
    """
    Return a window that is to be counted again.
    """
    return flagged(window, UNCOUNTED)


def flagged(window: StoredWindow, flag: str) -> StoredWindow:
    """
    Return a window with one more anomaly, and the grade that leaves.
    """
    flags = tuple(dict.fromkeys((*window.flags, flag)))
    return attrs.evolve(window, flags=flags, grade=grade_of(flags, proven=True))
