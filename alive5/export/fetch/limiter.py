"""The limit of requests in flight: it grows with successes and halves when the server asks to slow down."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import anyio

from ..._sansio.events import Event

# Estimated bytes of all responses in memory; one is always let through. More needs a larger machine, less slows down
# exports of large pages.
_BUDGET_BYTES: Final = 256 << 20
# Half of the default concurrency: a server that cannot stand eight is not met with eight at once.
_START: Final = 4


class Limiter:
    """
    A limit on requests, by number and by bytes; they start in order of rank, the oldest window's first.
    """

    def __init__(self, ceiling: int, max_rps: float | None = None, budget: int = _BUDGET_BYTES) -> None:
        self.ceiling = ceiling
        self.limit: float = min(_START, ceiling)
        self.in_flight: int = 0
        self.refusals: int = 0
        self.requests: int = 0
        self._budget = budget
        self._held = 0
        self._gap = 1 / max_rps if max_rps else 0.0
        self._next_start = 0.0
        self._cut_at = float("-inf")
        self._waiting: list[tuple[int, int, int, anyio.Event]] = []
        self._order = itertools.count()

    @asynccontextmanager
    async def place(self, rank: int, size: int) -> AsyncIterator[Callable[[], None]]:
        """
        Wait until a request whose response takes about *size* bytes may start, and hold its share.

        Call the value once the response is there: its bytes stay counted until the end.
        """
        await self._enter(rank, size)
        landed = False

        def land() -> None:
            nonlocal landed
            if not landed:
                landed = True
                self.in_flight -= 1
                self._wake()

        try:
            if self._gap:
                await self._pace()
            yield land
        finally:
            self._held -= size
            land()
            self._wake()

    def note(self, event: Event, now: float) -> None:
        """
        Adapt the limit to an attempt that ended *now*.
        """
        self.requests += 1
        if event.code in (429, 503):
            self.refusals += 1
            # Requests that were in flight at the last cut say nothing new.
            if now - event.seconds >= self._cut_at:
                self.limit = max(1.0, self.limit / 2)
                self._cut_at = now
        elif event.outcome == "accepted":
            self.limit = min(float(self.ceiling), self.limit + 1 / self.limit)
            self._wake()

    async def _enter(self, rank: int, size: int) -> None:
        if not self._waiting and self._fits(size):
            self._take(size)
            return
        turn = anyio.Event()
        entry = (rank, next(self._order), size, turn)
        heapq.heappush(self._waiting, entry)
        try:
            await turn.wait()
        except BaseException:
            if entry in self._waiting:
                self._waiting.remove(entry)
                heapq.heapify(self._waiting)
            else:
                self.in_flight -= 1
                self._held -= size
            self._wake()
            raise

    def _wake(self) -> None:
        while self._waiting and self._fits(self._waiting[0][2]):
            _, _, size, turn = heapq.heappop(self._waiting)
            self._take(size)
            turn.set()

    def _fits(self, size: int) -> bool:
        if self._held == 0:
            return True
        return self.in_flight + 1 <= self.limit and self._held + size <= self._budget

    def _take(self, size: int) -> None:
        self.in_flight += 1
        self._held += size

    async def _pace(self) -> None:
        now = anyio.current_time()
        start = max(now, self._next_start)
        self._next_start = start + self._gap
        await anyio.sleep(start - now)
