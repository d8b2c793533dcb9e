"""Listings: an object to iterate, over the pure ``Reading`` of ``_sansio.paging``."""

from __future__ import annotations

import builtins
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Generic, NoReturn, TypeVar

import attrs

from .. import errors
from .._sansio.fetched import Fetched
from .._sansio.lookahead import LookAhead
from .._sansio.page_base import PAGE_ZERO_LOST, find_base
from .._sansio.paging import Reading
from .._sansio.step import NeedsAsyncFor
from .._sansio.validate import count
from ..models import ListingReport, Page
from ..models.listing import Listed
from .listing import PATIENCE, Listing, page_zero, warn

C = TypeVar("C", bound=Listed)


class AsyncPages(NeedsAsyncFor, Generic[C]):
    """
    A listing: ``async for`` yields its conversations, each once.

    Nothing is fetched before it is iterated, and each iteration fetches again.
    """

    def __init__(self, listing: Listing[C]) -> None:
        self._listing = listing
        self._report = ListingReport()

    @property
    def report(self) -> ListingReport:
        """The report on the latest reading, during it or after."""
        return self._report

    def __aiter__(self) -> AsyncIterator[C]:
        return _Items(self.pages())

    def pages(self) -> AsyncIterator[Page[C]]:
        """
        Return an iterator of whole pages, numbered from 1.
        """
        return _Reader(self._listing, self)

    async def page(self, number: int) -> Page[C]:
        """
        Return one page, counted from 1 even if the host counts from 0.
        """
        reader = _Reader(attrs.evolve(self._listing, start=count("number", number), prefetch=1), self)
        return await reader.single()

    async def list(self, *, max_items: int | None = None) -> builtins.list[C]:
        """
        Return all conversations, or the first *max_items*, as a list.
        """
        most = None if max_items is None else count("max_items", max_items)
        found: builtins.list[C] = []
        reader = _Reader(self._listing, self, LookAhead(self._listing.prefetch, rows=most, keeps=True))
        async for page in reader:
            found.extend(page.items)
            if most is not None:
                reader.ahead.rows = most - len(found)
                if len(found) >= most:
                    break
        return found[:most]

    async def first(self) -> C | None:
        """
        Return the first conversation, or None.
        """
        found = await self.list(max_items=1)
        return found[0] if found else None

    def __await__(self) -> NoReturn:
        raise TypeError("a listing is not awaited: use 'async for', or await its .list()")

    def __bool__(self) -> NoReturn:
        raise TypeError("a listing has no truth value before it is read: use .first() or .list()")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._listing.endpoint.operation} {self._listing.window}>"


class _Items(NeedsAsyncFor, Generic[C]):
    """The conversations of a reading, one by one."""

    def __init__(self, pages: AsyncIterator[Page[C]]) -> None:
        self._pages = pages
        self._ready: deque[C] = deque()

    def __aiter__(self) -> _Items[C]:
        return self

    async def __anext__(self) -> C:
        while not self._ready:
            self._ready.extend((await self._pages.__anext__()).items)
        return self._ready.popleft()


class _Reader(NeedsAsyncFor, Generic[C]):
    """One reading, with pages read ahead while one is waited for; between two pages nothing is in flight."""

    def __init__(self, listing: Listing[C], pages: AsyncPages[C], ahead: LookAhead | None = None) -> None:
        self.ahead = ahead or LookAhead(listing.prefetch)
        self._listing = listing
        self._pages = pages
        self._reading: Reading[C] = listing.reading()
        self._fetched: dict[int, Fetched[C]] = {}
        self._failed: dict[int, Exception] = {}
        self._started = False
        self._alike = frozenset[str]()
        self._warned: set[str] = set()
        pages._report = ListingReport()

    def __aiter__(self) -> _Reader[C]:
        return self

    async def __anext__(self) -> Page[C]:
        reading = self._reading
        if reading.over:
            raise StopAsyncIteration
        if not self._started:
            await self._find_base()
        if reading.next not in self._fetched and reading.next not in self._failed:
            await self._read_ahead()
        if reading.next in self._failed:
            raise self._failed.pop(reading.next)
        return self._take(self._fetched.pop(reading.next))

    async def single(self) -> Page[C]:
        """
        Return the first page of this reading alone.
        """
        await self._find_base()
        number = self._reading.next
        if number not in self._fetched:
            self._keep(number, await self._listing.fetch(self._reading.wire(number)))
        if self._listing.route.may_be_whole and number > 1 and await self._is_whole(self._fetched[number]):
            return Page(number=number, items=[], has_next=False)
        return self._take(self._fetched[number])

    def _take(self, fetched: Fetched[C]) -> Page[C]:
        reading = self._reading
        page = reading.take(fetched)
        if self._alike and page.number == 2 and find_base(self._alike, self._alike, fetched.keys).proven:
            self._listing.learn_base(1)
        self._pages._report = reading.report()
        self._listing.warn(reading, self._warned)
        return page

    async def _is_whole(self, page: Fetched[C]) -> bool:
        """Whether a later page is the first one again, which then holds all rows."""
        first = self._fetched.get(1) or await self._listing.fetch(self._reading.wire(1))
        return first.keys == page.keys

    async def _find_base(self) -> None:
        known = self._listing.base
        if known is None:
            self._begin(*await self._listing.caller.port.fan_out(self._probe, (0, 1), 2))
        else:
            self._reading.base = known
        # Not before: who goes on after an error or a cancellation would have page 1 for the first, wherever it counts.
        self._started = True

    async def _probe(self, wire: int) -> Any:
        if wire:
            return await self._listing.fetch(wire)
        return await page_zero(self._listing.fetch(0, patience=PATIENCE), Fetched[C](()))

    def _begin(self, zeroth: Fetched[C] | None, first: Fetched[C]) -> None:
        listing, reading = self._listing, self._reading
        differ = zeroth is not None and zeroth.differs(first)
        base = find_base(None if zeroth is None else zeroth.keys, first.keys, differ=differ)
        if base.proven:
            listing.learn_base(base.number)
        if zeroth is not None and zeroth.keys == first.keys and not differ:
            self._alike = first.keys
        if zeroth is not None and base.number == 0 and not base.doubtful:
            reading.base = 0
            self._keep(1, zeroth)
            self._keep(2, first)
            return
        # Pages 0 and 1 together are right as the first page, whichever of them it is.
        self._keep(1, zeroth.before(first) if zeroth is not None and base.doubtful else first)
        if base.lost:
            reading.issues.append(PAGE_ZERO_LOST)
            warn(f"{listing.endpoint.operation} {listing.window}: {PAGE_ZERO_LOST}", errors.Alive5Warning)

    def _keep(self, number: int, page: Fetched[C]) -> None:
        self._fetched[number] = page
        self.ahead.see(len(page.rows))

    async def _read_ahead(self) -> None:
        listing, reading, ahead = self._listing, self._reading, self.ahead
        numbers = reading.upcoming(ahead.pages(reading.next - listing.start))
        ended, came = False, set[frozenset[str]]()
        # What failed ahead is raised when its page is wanted, after those before it. Older failures are asked for anew.
        failed = self._failed = {}

        async def fetch(number: int) -> None:
            nonlocal ended
            before = number - numbers[0]
            if number in self._fetched or (before and (ended or not ahead.has_room(before))):
                return
            try:
                page: Fetched[C] = await listing.fetch(reading.wire(number))
            except Exception as failure:  # noqa: BLE001 - kept as a value, and raised in its turn
                ended, failed[number] = True, failure
                return
            keys = page.keys
            ended = ended or not page.rows or reading.is_last(page, number) or reading.has_seen(page) or keys in came
            came.add(keys)
            self._keep(number, page)

        await listing.caller.port.fan_out(fetch, numbers, ahead.flight)
