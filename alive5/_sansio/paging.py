"""
Paging: which page to fetch next, when to stop, what to report.

Hosts count from 0 or 1, clamp the limit, ignore the page, repeat the last one
for ever, promise too many or too few rows. Metadata alone never ends a
reading of numbered pages; contradictions are reported as issues.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from weakref import WeakValueDictionary

import attrs

from ..models import ListingReport, Page
from ..models._base import count_of
from ..models.listing import Listed
from .fetched import Fetched, key_of
from .page_meta import Meta
from .same import are_one_conversation, may_be_one
from .unite import unite_conversations
from .window import Sight, Window

C = TypeVar("C", bound=Listed)

# Limits are round numbers: what has exactly a multiple of this may have been cut there. Judgement: a smaller number
# doubts more that is whole, a larger one misses limits.
USUAL_LIMIT: Final = 50
_BY_END = "the server goes by the end or the last message, not by the start: what ended later is missing"
_SHARED = "several conversations have one id, and are given each"
_CAME_LATE = "a conversation came again with other content after it was given"


@attrs.define
class Reading(Generic[C]):
    """
    The state of one pass over a listing, to which each page is added in order.

    ``limit`` is the page size asked for, None where pages have no size;
    ``base`` is the host's first page number. ``may_be_whole`` says that one
    answer may hold all rows, so that pages may all be alike.
    """

    window: Window
    limit: int | None
    may_be_whole: bool = False
    base: int = 1
    start: int = 1
    over: bool = False
    issues: list[str] = attrs.field(factory=list)
    window_ignored: bool = False
    page_repeated: bool = False
    falls_short: bool = False
    _next: int = attrs.field(init=False)
    _seen: set[str] = attrs.field(factory=set, init=False)
    _given: dict[str, tuple[int, datetime | None]] = attrs.field(factory=dict, init=False)
    _alive: WeakValueDictionary[str, C] = attrs.field(factory=WeakValueDictionary, init=False)
    _pages: set[int] = attrs.field(factory=set, init=False)
    _first: frozenset[str] = attrs.field(default=frozenset(), init=False)
    _meta: Meta = attrs.field(default=Meta(), init=False)
    _received: int = attrs.field(default=0, init=False)
    _filled: int = attrs.field(default=0, init=False)
    _empties: int = attrs.field(default=0, init=False)
    _duplicates: int = attrs.field(default=0, init=False)
    _outside: int = attrs.field(default=0, init=False)
    _united: int = attrs.field(default=0, init=False)
    _proves: bool = attrs.field(default=True, init=False)

    def __attrs_post_init__(self) -> None:
        self._next = self.start

    @property
    def next(self) -> int:
        """The number of the next page, counted from 1."""
        return self._next

    def wire(self, number: int) -> int:
        """
        Return a page's number as the host counts.
        """
        return number - 1 + self.base

    def upcoming(self, most: int) -> range:
        """
        Return the numbers of the next pages, at most *most*, up to one after the promised last page.
        """
        promised = self._meta.pages
        if promised is not None:
            most = min(most, max(promised + 1 - self.wire(self._next) + 1, 1))
        return range(self._next, self._next + most)

    def is_last(self, page: Fetched[Any], number: int) -> bool:
        """
        Whether a page is short and its metadata calls it the last.
        """
        if page.meta.pages is None or self.wire(number) < page.meta.pages:
            return False
        return self.limit is None or len(page.rows) < self.limit

    def has_seen(self, page: Fetched[Any]) -> bool:
        """
        Whether an earlier page had exactly the same rows.
        """
        return bool(page.rows) and hash(page.keys) in self._pages

    def take(self, page: Fetched[C]) -> Page[C]:
        """
        Return the next page without rows outside the window and rows returned before.
        """
        number, keys, again = self._next, page.keys, self.has_seen(page)
        self._next += 1
        self._meta = self._meta.updated(page.meta)
        self._count(page, keys, number)
        return Page(
            number=number,
            items=list(self._kept(page.rows, again)),
            total_pages=self._meta.total(self.base),
            total_items=self._meta.items,
            has_next=False if self.over else None if page.meta.pages is None else self.wire(number) < page.meta.pages,
        )

    def report(self) -> ListingReport:
        """
        Return the report on the reading so far.
        """
        wrong = self.window_ignored or self.page_repeated or self.falls_short
        single = self.start == 1 and self._filled <= 1 and (self._meta.total(self.base) or 1) <= 1
        proven = self.over and single and self._proves and not self.issues and not self._may_be_cut()
        return ListingReport(
            complete=False if wrong else True if proven else None,
            issues=tuple(self.issues),
            pages=self._filled,
            duplicates=self._duplicates,
            dropped=self._outside + self._united,
            outside=self._outside,
            united=self._united,
        )

    def _count(self, page: Fetched[C], keys: frozenset[str], number: int) -> None:
        self._empties = 0 if page.rows else self._empties + 1
        self._filled += bool(page.rows)
        self._proves = self._proves and (page.has_list or self._filled > 0)
        if page.rows and not keys - self._seen:
            self._stop_at_repetition(page, keys)
        else:
            self._received += len(page.rows)
            if self._empties == 2 or self.is_last(page, number):
                # What a host says of its last page may be wrong: only a page after it shows that it was.
                self._proves = self._proves and self._empties == 2
                self._stop()
        self._first = self._first or keys
        self._seen |= keys
        self._pages.add(hash(keys))

    def _stop(self) -> None:
        self.over = True
        if self._is_short():
            self.falls_short = True
            self.issues.append(f"the server promised {self._meta.items} rows and gave {self._received}")

    def _stop_at_repetition(self, page: Fetched[C], keys: frozenset[str]) -> None:
        self.over = True
        promised = self._meta.total(self.base)
        same = keys == self._first and promised != 1
        # An answer of exactly the size asked for was cut to it, more likely than not.
        whole = self.may_be_whole and promised is None and len(page.rows) != self.limit
        if self._is_short() or (same and not whole):
            self.page_repeated = True
            self.issues.append(f"page {self._next - 1} repeated an earlier one")

    def _is_short(self) -> bool:
        return self.start == 1 and self._meta.items is not None and self._received < self._meta.items

    def _may_be_cut(self) -> bool:
        """Whether rows, or conversations where some came in several, are as many as a limit may be."""
        # Rows without an id have a name of their own behind the NUL.
        conversations = len({name.partition("\0")[0] or name for name in self._seen})
        return bool(self._received) and not (self._received % USUAL_LIMIT and conversations % USUAL_LIMIT)

    def _kept(self, rows: Iterable[Any], again: bool) -> Iterable[C]:
        # Rows without an id are given again, save those of a page that came before as a whole.
        for row in rows:
            self._look(self.window.sight_of(row))
            if not self.window.holds(row):
                self._outside += 1
            elif row.id is None:
                if again:
                    self._duplicates += 1
                else:
                    yield row
            elif (name := self._name(row)) not in self._given:
                self._given[name] = count_of(row, "chat_conversation"), row.start_time
                self._alive[name] = row
                yield row
            else:
                self._unite(name, row)

    def _look(self, sight: Sight) -> None:
        if sight == "far" and not self.window_ignored:
            self.window_ignored = True
            self.issues.append("the server ignored the dates")
        elif sight in ("by_end", "by_message") and self.window.last is not None and _BY_END not in self.issues:
            self.falls_short = True
            self.issues.append(_BY_END)

    def _name(self, row: Any) -> str:
        """Return what a row is known by: its id, and its start when that id is another conversation's."""
        name: str = row.id
        if name not in self._given:
            return name
        kept: Any = self._alive.get(name)
        if are_one_conversation(kept, row) if kept is not None else may_be_one(self._given[name][1], row.start_time):
            return name
        self.issues += [_SHARED] * (_SHARED not in self.issues)
        return key_of(row)

    def _unite(self, name: str, row: Any) -> None:
        """Count a second delivery, and unite it with the first as long as somebody holds that."""
        kept: Any = self._alive.get(name)
        if kept is not None and unite_conversations(kept, row):
            self._united += 1
        elif kept is None and count_of(row, "chat_conversation") != self._given[name][0]:
            self._united += 1
            self.issues += [_CAME_LATE] * (_CAME_LATE not in self.issues)
        else:
            self._duplicates += 1
