"""
Workers that read a job's windows, several at a time.

They take windows, oldest first, and hand them to the committer. A window that
cannot be read is retried after the others and then left for the next run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import anyio
import attrs

from ... import errors
from ..._port.verbs import unwrapped
from ..fetch.window_reader import WindowReader
from ..fetch.window_reading import read_window
from ..plan.now import is_final
from ..plan.planner import Density, halves
from ..plan.span import Span
from ..plan.window import FetchedWindow, StoredWindow
from ..state.store import Store
from .backlog import Backlog
from .committer import Committer
from .ledger import Ledger
from .progress import KindProgress, Progress
from .review import Review
from .widen import remember_lasting, widen

# Reads of a window a run, on top of the retries of each call: a trouble that outlasts them is left for the next run.
_ATTEMPTS: Final = 3
# Windows that fail without one that succeeds between them: the service is down, and going on would fail all others.
_FAILURES_IN_A_ROW: Final = 10
# Seconds before a window is read again, doubled for each attempt, on top of the backoff of each call.
_PAUSE: Final = 0.25
# The default of RetryPolicy.max_retry_after: a service that asks for more is better met by another run.
_LONGEST_WAIT: Final = 60.0
# Windows of so many rows keep a worker's share of the requests in flight; more would only fill the memory.
_ENOUGH_ROWS: Final = 1000
# Nothing else would be answered either.
_FINAL: Final = (
    errors.AuthenticationError,
    errors.PermissionDeniedError,
    errors.NotFoundError,
    errors.ClientClosedError,
    errors.ConfigurationError,
    errors.ExportError,
)


class Engine:
    """
    A run over the windows of a job.
    """

    def __init__(
        self, *, store: Store, committer: Committer, progress: Progress, clock: Callable[[], float], workers: int
    ) -> None:
        self.backlogs: dict[str, Backlog] = {}
        self._store = store
        self._committer = committer
        self._progress = progress
        self._clock = clock
        self._workers = workers
        self._busy = 0
        self._expected = 0
        self._rank = 0
        self._failures = 0
        self._over = False
        self._failure: Exception | None = None

    def add(
        self,
        kind: str,
        reader: WindowReader,
        density: Density,
        windows: Sequence[StoredWindow],
        *,
        beyond: Span | None = None,
        again: Collection[Span] = (),
    ) -> None:
        """
        Add the windows of a kind; those *beyond* are read when rows show that the host does not go by the start.

        Those read *again* stay as they are until they have been.
        """
        todo = deque(window.span for window in windows if window.state == "todo" or window.span in again)
        edges = (windows[0].span.low, windows[-1].span.high) if windows else ()
        earlier = frozenset(window.span for window in windows if window.state == "done" and window.span not in again)
        self.backlogs[kind] = Backlog(
            reader, density, todo, edges=edges, beyond=beyond, again=frozenset(again), earlier=earlier
        )
        counts = self._progress.kinds.setdefault(kind, KindProgress())
        counts.in_hand, counts.again = reader.in_hand, again
        counts.seconds = sum(window.span.seconds for window in windows)
        counts.seconds_done = sum(window.span.seconds for window in windows if window.state == "done")
        counts.seconds_done -= sum(span.seconds for span in again)

    async def run(self) -> None:
        """
        Read all windows, or as many as can be read; those that were read are committed in any case.
        """
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._guarded, group, self._committer.run)
                async with anyio.create_task_group() as workers:
                    for _ in range(self._workers):
                        workers.start_soon(self._guarded, group, self._work)
                await self._committer.close()
        except BaseException as error:  # noqa: BLE001 - raised again, out of its groups
            raise unwrapped(error) from None
        finally:
            with anyio.CancelScope(shield=True):
                if not isinstance(self._failure, errors.ExportError):
                    await self._committer.drain()
        if self._failure is not None:
            raise self._failure

    async def _guarded(self, group: Any, task: Callable[[], Any]) -> None:
        try:
            await task()
        except Exception as failure:  # noqa: BLE001 - kept as a value, so that no group escapes
            self._failure = self._failure or failure
            group.cancel_scope.cancel()

    async def _work(self) -> None:
        while (task := await self._next()) is not None:
            kind, span, rank = task
            expected = self.backlogs[kind].expects(span)
            self._expected += expected
            try:
                await self._read(kind, span, rank)
            finally:
                self._busy -= 1
                self._expected -= expected
                with anyio.CancelScope(shield=True):
                    await self._notify_others()

    async def _next(self) -> tuple[str, Span, int] | None:
        while True:
            for kind, backlog in self.backlogs.items():
                if self._over or self._is_full or not backlog.has_work:
                    continue
                self._busy += 1
                self._rank += 1
                rank = self._rank
                try:
                    return kind, await self._take(kind, backlog), rank
                except BaseException:
                    self._busy -= 1
                    raise
            if self._over:
                return None
            if self._busy or self._has_work:
                await self._wait_for_work()
            else:
                await self._finish_or_review()

    async def _finish_or_review(self) -> None:
        self._busy += 1
        try:
            more = await self._review()
        finally:
            self._busy -= 1
        await self._notify_others(over=not more)

    async def _wait_for_work(self) -> None:
        async with self._committer.changed:
            while not self._over and (self._is_full if self._has_work else self._busy):
                await self._committer.changed.wait()

    @property
    def _has_work(self) -> bool:
        return any(backlog.has_work for backlog in self.backlogs.values())

    @property
    def _is_full(self) -> bool:
        return self._expected + self._committer.rows >= _ENOUGH_ROWS * self._workers

    async def _take(self, kind: str, backlog: Backlog) -> Span:
        old, parts = backlog.take()
        if old != parts:
            # Nobody takes a part before it is stored, or it could be committed before.
            backlog.is_held = True
            try:
                await self._replan(kind, old, parts)
            finally:
                backlog.is_held = False
            backlog.put_back(parts[1:])
            await self._notify_others()
        return parts[0]

    async def _read(self, kind: str, span: Span, rank: int) -> None:
        backlog = self.backlogs[kind]
        attempts = backlog.attempts.get(span, 0)
        try:
            if attempts:
                await backlog.reader.source.caller.port.sleep(_PAUSE * 2**attempts)
            found = await read_window(backlog.reader, span, rank)
        except _FINAL:
            raise
        except errors.Alive5Error as error:
            backlog.reader.in_hand.pop(span, None)
            await self._again_or_failed(kind, backlog, span, error)
            return
        self._failures = 0
        if isinstance(found, FetchedWindow):
            backlog.learn(found)
            await remember_lasting(kind, backlog, self._committer, self._store)
            read = min(self._clock(), found.read_us / 1_000_000)
            await self._committer.hand_over(attrs.evolve(found, open=not is_final(span, read)))
        else:
            backlog.reader.in_hand.pop(span, None)
            await self._replan(kind, [span], found)
            backlog.put_back(found)

    async def _again_or_failed(self, kind: str, backlog: Backlog, span: Span, error: errors.Alive5Error) -> None:
        self._failures += 1
        attempts = backlog.attempts[span] = backlog.attempts.get(span, 0) + 1
        waits_too_long = error.retry_after is not None and error.retry_after > _LONGEST_WAIT
        if self._failures >= _FAILURES_IN_A_ROW or waits_too_long:
            await self._committer.ask(self._store.fail, kind, span, str(error))
            await self._notify_others(over=True)
            return
        heavy = isinstance(error, (errors.ResponseError, errors.TimedOutError, errors.ServerError))
        heavy = heavy and span not in backlog.again
        parts = halves(span, backlog.reader.habits) if heavy and attempts > 1 else [span]
        if len(parts) > 1:
            await self._replan(kind, [span], parts)
            backlog.attempts.update(dict.fromkeys(parts, attempts - 1))
            backlog.later.extend(parts)
        elif attempts < _ATTEMPTS:
            backlog.later.append(span)
        else:
            await self._committer.ask(self._store.fail, kind, span, str(error))

    async def _replan(self, kind: str, old: Sequence[Span], parts: Sequence[Span]) -> None:
        windows = [StoredWindow(kind=kind, span=part) for part in parts]
        await self._committer.ask(self._store.replan, kind, old, windows)

    async def _review(self) -> bool:
        """Whether some windows have to be read again, or further ones."""
        facts = self._store, self._committer, self._progress
        more = False
        for kind, backlog in self.backlogs.items():
            more = await widen(kind, self.backlogs, self._committer, self._store, self._progress) or more
            more = await Review(Ledger(*facts, kind, backlog)).finds_more() or more
        return more

    async def _notify_others(self, *, over: bool = False) -> None:
        self._over = self._over or over
        await self._committer.notify()
