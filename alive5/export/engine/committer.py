"""The only user of the store while windows are read: it commits them and runs queries."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

import anyio

from ..._port.off_loop import in_thread
from ..plan.span import Span
from ..plan.window import FetchedWindow
from ..rows.encode import Encoded
from ..state.store import Store
from .progress import Progress

T = TypeVar("T")

# Windows that may wait for the disk before readers do: more would hold more rows in memory, and one would stop a
# reader at every commit.
_QUEUED: Final = 2
# Windows a commit: those that waited and one that came meanwhile; each commit is a sync of the disk.
_GROUP: Final = 3


class Committer:
    """
    A queue of windows that were read, and their commits.

    ``changed`` is what readers wait on, and :meth:`notify` wakes them. ``shrunk``
    counts by kind the rows that came with fewer messages, ``united`` further
    deliveries of a conversation.
    """

    def __init__(self, store: Store, run: int, progress: Progress) -> None:
        self.changed: anyio.Condition = anyio.Condition()
        self.shrunk: Counter[str] = Counter()
        self.united: Counter[str] = Counter()
        self._store = store
        self._run = run
        self._progress = progress
        self._ready: deque[FetchedWindow] = deque()
        self._database = anyio.Lock()
        self._closed = False

    @property
    def rows(self) -> int:
        """The number of rows not committed yet."""
        return sum(len(done.rows) for done in self._ready)

    async def ask(self, fn: Callable[..., T], *arguments: Any) -> T:
        """
        Return the result of a call on the store in a thread, never two at a time, never abandoned.
        """
        async with self._database:
            return await in_thread(fn, *arguments)

    async def set_aside(self, kind: str, span: Span, rows: Sequence[Encoded]) -> None:
        """
        Store rows of a very large window on the disk until it is done.
        """
        self.united[kind] += await self.ask(self._store.set_aside, kind, span, rows)

    async def hand_over(self, done: FetchedWindow) -> None:
        """
        Add a window to be committed, waiting while the queue is full.
        """
        try:
            async with self.changed:
                while len(self._ready) >= _QUEUED:
                    await self.changed.wait()
        finally:
            # Also when cancelled: what was read is committed.
            self._ready.append(done)
        await self.notify()

    async def run(self) -> None:
        """
        Commit windows as they are added, until closed.
        """
        while True:
            async with self.changed:
                while not (self._ready or self._closed):
                    await self.changed.wait()
            if not self._ready:
                return
            await self._commit()
            await self.notify()

    async def close(self) -> None:
        """
        End :meth:`run` after the last window.
        """
        self._closed = True
        await self.notify()

    async def drain(self) -> None:
        """
        Commit all waiting windows now.
        """
        while self._ready:
            await self._commit()

    async def notify(self) -> None:
        """
        Wake all that wait on ``changed``.
        """
        async with self.changed:
            self.changed.notify_all()

    async def _commit(self) -> None:
        async with self._database:
            group = list(islice(self._ready, _GROUP))
            if not group:
                return
            changes = await in_thread(self._store.finish, group, self._run)
            for done, change in zip(group, changes, strict=True):
                self._ready.popleft()
                self.shrunk[done.kind] += change.shrunk
                self.united[done.kind] += done.united + change.united
                counts = self._progress.kinds[done.kind]
                counts.seconds_done += done.span.seconds
                counts.in_hand.pop(done.span, None)
                counts.conversations += change.new
                counts.messages += change.messages
        self._progress.notify()
