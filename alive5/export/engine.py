"""
Reading a job's windows, several at a time, and committing them one after the other.

Workers take windows, oldest first; one writer commits. A window that cannot be
read is tried again after the others and then left for the next run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import anyio
import anyio.to_thread
import attrs

from .. import errors
from .._port.verbs import unwrapped
from .grades import second_look
from .meter import KindMeter, Meter
from .planner import Density, halves, pieces
from .reading import Reader
from .records import Done, StoredWindow
from .rows import Encoded
from .store import Store
from .windows import ZONE_SECONDS, Span

T = TypeVar("T")

SETTLE: Final = 15 * 60
_ATTEMPTS: Final = 3
_FAILURES_IN_A_ROW: Final = 10
_PAUSE: Final = 0.25
_QUEUED: Final = 2
_GROUP: Final = 3
_LONGEST_WAIT: Final = 60.0
# Nothing else would be answered either.
_FINAL: Final = (
    errors.AuthenticationError,
    errors.PermissionDeniedError,
    errors.NotFoundError,
    errors.ClientClosedError,
    errors.ConfigurationError,
    errors.ExportError,
)


async def in_thread(fn: Callable[..., T], *arguments: Any) -> T:
    """
    Run something that waits for the disk in a thread, to its end even when cancelled.
    """
    results: list[T] = []
    with anyio.CancelScope(shield=True):
        results.append(await anyio.to_thread.run_sync(fn, *arguments))
    return results[0]


@attrs.define(eq=False)
class Lane:
    """One kind's windows that are still to be read, and what is known of their rows."""

    reader: Reader
    density: Density
    todo: deque[Span]
    later: deque[Span] = attrs.field(factory=deque)
    attempts: dict[Span, int] = attrs.field(factory=dict)
    shrunk: int = 0


class Engine:
    """
    One run over the windows of a job.
    """

    def __init__(self, *, store: Store, run: int, meter: Meter, clock: Callable[[], float], workers: int) -> None:
        self.lanes: dict[str, Lane] = {}
        self._store = store
        self._run = run
        self._meter = meter
        self._clock = clock
        self._workers = workers
        self._ready: deque[Done] = deque()
        self._changed = anyio.Condition()
        self._database = anyio.Lock()
        self._busy = 0
        self._rank = 0
        self._failures = 0
        self._over = False
        self._failure: Exception | None = None

    async def ask(self, fn: Callable[..., T], *arguments: Any) -> T:
        """
        Use the store in a thread, never two at a time and never abandoned half-way.
        """
        async with self._database:
            return await in_thread(fn, *arguments)

    def add(self, kind: str, reader: Reader, density: Density, windows: Sequence[StoredWindow]) -> None:
        """
        Take a kind's windows on.
        """
        self.lanes[kind] = Lane(reader, density, deque(window.span for window in windows if window.state == "todo"))
        meter = self._meter.kinds.setdefault(kind, KindMeter())
        meter.seconds = sum(window.span.seconds for window in windows)
        meter.seconds_done = sum(window.span.seconds for window in windows if window.state == "done")

    async def run(self) -> None:
        """
        Read until nothing is left, or nothing more can be read; what was read is committed in any case.
        """
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._guarded, group, self._write)
                for _ in range(self._workers):
                    group.start_soon(self._guarded, group, self._work)
        except BaseException as error:  # noqa: BLE001 - raised again, out of its groups
            raise unwrapped(error) from None
        finally:
            with anyio.CancelScope(shield=True):
                while self._ready and not isinstance(self._failure, errors.ExportError):
                    await self._commit()
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
            try:
                await self._read(kind, span, rank)
            finally:
                self._busy -= 1
                with anyio.CancelScope(shield=True):
                    await self._tell_others()

    async def _next(self) -> tuple[str, Span, int] | None:
        while True:
            for kind, lane in self.lanes.items():
                if self._over or not (lane.todo or lane.later):
                    continue
                self._busy += 1
                self._rank += 1
                rank = self._rank
                try:
                    return kind, await self._take(kind, lane), rank
                except BaseException:
                    self._busy -= 1
                    raise
            if self._over:
                return None
            if self._busy == 0:
                await self._finish_or_review()
            else:
                await self._wait_for_work()

    async def _finish_or_review(self) -> None:
        self._busy += 1
        try:
            more = await self._review()
        finally:
            self._busy -= 1
        await self._tell_others(over=not more)

    async def _wait_for_work(self) -> None:
        async with self._changed:
            while self._busy and not self._over and not any(lane.todo or lane.later for lane in self.lanes.values()):
                await self._changed.wait()

    async def _take(self, kind: str, lane: Lane) -> Span:
        if not lane.todo:
            return lane.later.popleft()
        span = lane.todo.popleft()
        parts = (
            [span] if lane.reader.accept or span in lane.attempts else pieces(span, lane.reader.habits, lane.density)
        )
        if len(parts) > 1:
            lane.todo.extendleft(reversed(parts[1:]))
            await self._replan(kind, span, parts)
        return parts[0]

    async def _read(self, kind: str, span: Span, rank: int) -> None:
        lane = self.lanes[kind]
        attempts = lane.attempts.get(span, 0)
        try:
            if attempts:
                await lane.reader.source.caller.port.sleep(_PAUSE * 2**attempts)
            found = await lane.reader.read(span, rank)
        except _FINAL:
            raise
        except errors.Alive5Error as error:
            await self._again_or_failed(kind, lane, span, error)
            return
        self._failures = 0
        if isinstance(found, Done):
            lane.density = lane.density.seen(found.count, span.seconds)
            open_until = span.high + SETTLE + (ZONE_SECONDS - 2 * 3600 if span.is_days else 0)
            await self._hand_over(attrs.evolve(found, open=open_until > self._clock()))
        else:
            await self._replan(kind, span, found)
            lane.todo.extendleft(reversed(found))

    async def _again_or_failed(self, kind: str, lane: Lane, span: Span, error: errors.Alive5Error) -> None:
        self._failures += 1
        attempts = lane.attempts[span] = lane.attempts.get(span, 0) + 1
        waits_too_long = error.retry_after is not None and error.retry_after > _LONGEST_WAIT
        if self._failures >= _FAILURES_IN_A_ROW or waits_too_long:
            await self.ask(self._store.fail, kind, span, str(error))
            await self._tell_others(over=True)
            return
        heavy = isinstance(error, (errors.ResponseError, errors.TimedOutError, errors.ServerError))
        parts = halves(span, lane.reader.habits) if heavy and attempts > 1 else [span]
        if len(parts) > 1:
            await self._replan(kind, span, parts)
            lane.attempts.update(dict.fromkeys(parts, attempts - 1))
            lane.later.extend(parts)
        elif attempts < _ATTEMPTS:
            lane.later.append(span)
        else:
            await self.ask(self._store.fail, kind, span, str(error))

    async def _regrade(self, kind: str, windows: Sequence[StoredWindow]) -> None:
        if windows:
            await self.ask(self._store.replan, kind, [window.span for window in windows], windows)

    async def _replan(self, kind: str, span: Span, parts: Sequence[Span]) -> None:
        windows = [StoredWindow(kind=kind, span=part) for part in parts]
        await self.ask(self._store.replan, kind, [span], windows)

    async def _review(self) -> bool:
        """Look again at whole answers once all are there; true when some windows are to be read anew."""
        more = False
        for kind, lane in self.lanes.items():
            habits, reader = lane.reader.habits, lane.reader
            if habits.paged is not False or reader.accept:
                continue
            while self._ready:
                await self._commit()
            sure_limit = reader.prove or habits.limited or reader.source.limit is not None
            windows = await self.ask(self._store.windows, kind)
            proven, doubtful = second_look(windows, habits.cap, sure_limit=sure_limit)
            await self._regrade(kind, [attrs.evolve(window, grade="A") for window in proven])
            for window in doubtful:
                parts = halves(window.span, habits)
                if len(parts) > 1:
                    await self._replan(kind, window.span, parts)
                    lane.todo.extend(parts)
                    self._meter.kinds[kind].seconds_done -= window.span.seconds
                    more = True
                else:
                    await self._regrade(kind, [attrs.evolve(window, grade="C", flags=("cut",))])
        return more

    async def _hand_over(self, done: Done) -> None:
        try:
            async with self._changed:
                while len(self._ready) >= _QUEUED:
                    await self._changed.wait()
        finally:
            # Also when cancelled: what was read is committed.
            self._ready.append(done)
        await self._tell_others()

    async def _tell_others(self, *, over: bool = False) -> None:
        async with self._changed:
            self._over = self._over or over
            self._changed.notify_all()

    async def _write(self) -> None:
        while True:
            async with self._changed:
                while not self._ready and not (self._over and self._busy == 0):
                    await self._changed.wait()
                if not self._ready:
                    return
            await self._commit()
            await self._tell_others()

    async def _commit(self) -> None:
        async with self._database:
            group = [self._ready[number] for number in range(min(len(self._ready), _GROUP))]
            if not group:
                return
            changes = await in_thread(self._store.finish, group, self._run)
            for done, change in zip(group, changes, strict=True):
                self._ready.popleft()
                self.lanes[done.kind].shrunk += change.shrunk
                meter = self._meter.kinds[done.kind]
                meter.seconds_done += done.span.seconds
                meter.conversations += change.new
                meter.messages += change.messages
        self._meter.tell()

    async def set_aside(self, kind: str, span: Span, rows: Sequence[Encoded]) -> None:
        """
        Keep rows of a very large window on the disk until it is done.
        """
        await self.ask(self._store.set_aside, kind, span, rows)
