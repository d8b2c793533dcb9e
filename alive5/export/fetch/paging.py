"""
One pass over the pages of a window, in order: when it ends and what was odd; pure.

What the metadata says never ends a pass. A pass ends with two pages in a row
that have no new row: one may stand between others. Known conversations with
other content are news, too: they may be deliveries with other messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from ..._sansio.page_meta import Meta
from ..rows.encode import Encoded
from .sights import Told

# Judgement: so many rows with an odd date may come without any near ones, as for a day that has no others.
_FEW: Final = 3
# Judgement: pages after which few new rows on one are looked into, and again after four times as many.
_SLOW: Final = 30


@attrs.frozen(repr=False)
class Page:
    """
    One page as it came, with the host's own number.

    ``far`` counts rows far outside of what was asked, ``off_hours`` says that one
    proves the times of day to be ignored; ``by_end`` and ``by_message``, that one is there for its
    end or for a message alone. ``has_list`` is
    False for a null or a 404, which prove no window to be empty.
    """

    number: int
    rows: Sequence[Encoded] = ()
    meta: Meta = Meta()
    far: int = 0
    by_end: bool = False
    by_message: bool = False
    end: Told = Told()
    message: Told = Told()
    off_hours: bool = False
    has_list: bool = True

    @property
    def out_of_window(self) -> bool:
        """Whether most rows lie far outside, and not only a few with an odd date: the dates are ignored."""
        return 2 * self.far > len(self.rows) and self.far > _FEW

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows' ids with their starts, in order."""
        return tuple(row.identity for row in self.rows)

    @property
    def deliveries(self) -> tuple[tuple[str, bytes], ...]:
        """The rows' ids with their starts and contents, in order."""
        return tuple(row.delivery for row in self.rows)

    @property
    def packed_size(self) -> int:
        """The compressed size of its rows, in bytes."""
        return sum(len(block.packed) for block in {row.block for row in self.rows})

    @property
    def fingerprint(self) -> int:
        """A digest of its rows' ids, in any order."""
        return hash(frozenset(self.ids))


NO_ROWS: Final = Page(0).fingerprint
"""The fingerprint of a page without rows."""


@attrs.define
class PagePass:
    """
    The state of one pass, to which each page is added in order.

    ``base_unknown`` allows the second page to repeat the first, while it is
    unknown whether a host counts from 0 or from 1. ``hasty`` says that pages went on without end in another window.
    ``fingerprints`` holds the number of each page with rows and a digest of their ids, ``ending`` those of the first
    page after them. ``overlaps`` counts the conversations of each page that were known.
    """

    base_unknown: bool = False
    hasty: bool = False
    over: bool = False
    repeats_first: bool = False
    taken: int = 0
    holes: int = 0
    is_stuck: bool = False
    meta: Meta = Meta()
    fingerprints: list[tuple[int, int]] = attrs.field(factory=list)
    ending: tuple[int, int] = (0, 0)
    seen: set[str] = attrs.field(factory=set)
    sizes: list[int] = attrs.field(factory=list)
    overlaps: list[int] = attrs.field(factory=list)
    _deliveries: set[tuple[str, bytes]] = attrs.field(factory=set)
    _repeated: list[int] = attrs.field(factory=list)
    _without_news: list[int] = attrs.field(factory=list)
    _late: int = 0
    _given: int = 0
    _latest: frozenset[str] = frozenset()
    _check_at: int = _SLOW

    def take(self, page: Page) -> None:
        """
        Add the next page.
        """
        self.taken += 1
        self.meta = self.meta.updated(page.meta)
        ids, deliveries = set(page.ids), set(page.deliveries)
        self._given += len(ids)
        known = deliveries & self._deliveries
        if ids - self.seen:
            self._add(page, len(ids & self.seen), len(known))
            self.sizes.append(len(page.rows))
            self._late = 0
        elif len(known) < len(deliveries) and self._late < len(self.sizes):
            # So many in a row come of second deliveries alone; of rows that change with each answer more would come.
            self._add(page, len(ids), len(known))
            self._late += 1
        elif not (ids and self.base_unknown and self.taken == 2):
            if not self._without_news:
                self.ending = page.number, page.fingerprint
            self._without_news.append(len(ids))
            self.over = len(self._without_news) == 2
            self.repeats_first = self.over and len(self.sizes) == 1 and 0 not in self._without_news
        self.seen |= ids
        self._deliveries |= deliveries

    def _add(self, page: Page, overlap: int, repeated: int) -> None:
        if self.sizes:
            if 0 in self._without_news:
                self.holes += 1
            else:
                self.overlaps += [*self._without_news, overlap]
                self._repeated += [*self._without_news, repeated]
        self._without_news = []
        self.fingerprints.append((page.number, page.fingerprint))
        self._latest = frozenset(page.ids)

    @property
    def is_slow(self) -> bool:
        """Whether pages bring so few new rows that ``page`` may be ignored, or go on only since rows enter."""
        if self.taken < self._check_at or not self.overlaps:
            return False
        # Past the end, a host that begins again may give a page of rows that entered meanwhile for each of known ones.
        return self.overlaps[-1] * 2 >= self.sizes[-1] or (self.is_uneven and len(self.seen) * 4 <= self._given * 3)

    def compare(self, first: Page) -> None:
        """
        Compare the first page, read again, with the latest: when they are alike, ``page`` is ignored while rows enter.

        Pages that are slow for the second time, or where others were, repeat the last one or all in turn, and a row may
        enter with each.
        """
        is_alike = len(self._latest & set(first.ids)) * 2 >= len(self._latest)
        self.over = self.is_stuck = is_alike or self.hasty or self._check_at > _SLOW
        self._check_at = 4 * self.taken

    def sample(self, most: int) -> list[tuple[int, int]]:
        """
        Return the pages to read again: all, or *most* of them, the first and others evenly spread, and the ending.

        A last page that came wrongly empty shows nowhere else.
        """
        size, some = len(self.fingerprints), most - 1
        known = self.fingerprints
        return [*([known[size * part // some] for part in range(some)] if size > most else known), self.ending]

    @property
    def count(self) -> int:
        """The number of different rows, several deliveries of a conversation among them."""
        return len(self._deliveries)

    @property
    def repeats_rows(self) -> bool:
        """Whether a page had rows of one before it: then they are more than the host has, and cannot be counted."""
        return any(self._repeated)

    @property
    def is_uneven(self) -> bool:
        """Whether some pages repeat more rows than others, which only rows that moved explain."""
        return len(set(self._repeated)) > 1

    def flags(self, base: int | None) -> tuple[str, ...]:
        """
        Return the names of the anomalies.
        """
        found = {
            "hole": self.holes > 0,
            "short_page": any(size < max(self.sizes) for size in self.sizes[:-1]),
            "promised_more": promises_more(self.meta, base, rows=self.count, pages=len(self.fingerprints)),
        }
        return tuple(name for name, odd in found.items() if odd)


def promises_more(meta: Meta, base: int | None, *, rows: int, pages: int, leeway: int = 1) -> bool:
    """
    Whether metadata promises more rows than came; with *leeway* for "pages", which hosts count differently.
    """
    if meta.items is not None and meta.items > rows:
        return True
    total = meta.total(1 if base is None else base)
    return total is not None and total > max(pages, 1) + (0 if meta.counted else leeway)


def says_as_many(meta: Meta, base: int | None, *, rows: int, pages: int) -> bool:
    """
    Whether metadata names just as many rows as came, or as many pages.
    """
    return rows == meta.items or pages == meta.total(1 if base is None else base)


def has_pages(first: Page, second: Page) -> bool | None:
    """
    Whether a second page is another one than the first; None where its rows are known with other content, or fewer.
    """
    # A row that entered meanwhile makes the same page no other one.
    ids = set(second.ids)
    if len(ids & set(first.ids)) * 2 < max(len(ids), 1) or _goes_on(first, second):
        return True
    return None if differ(first, second) or len(second.rows) + 1 < len(first.rows) else False


def _goes_on(first: Page, second: Page) -> bool:
    """Whether a page begins with the rows another ends with, and has several more: one row may enter or leave."""
    before, after = first.ids, second.ids
    common, end = len(set(before) & set(after)), len(before)
    # Rows far outside stand behind those on each first page.
    ends = (before[end - common - behind : end - behind] for behind in range(first.far + 1))
    return 0 < common <= len(after) - 2 and after[:common] in ends


def differ(first: Page, second: Page) -> bool:
    """
    Whether conversations of both pages differ: other deliveries of them, or they changed meanwhile.
    """
    ids, deliveries = set(first.ids), set(first.deliveries)
    return any(row.identity in ids and row.delivery not in deliveries for row in second.rows)
