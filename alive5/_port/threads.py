"""Clock, sleep and fan-out for blocking code, over threads that can be stopped."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, TypeVar, cast

from .._sansio.step import step

T = TypeVar("T")
R = TypeVar("R")
# Seconds an interrupt waits for its threads: control has to return within one.
_GRACE = 0.5


class Stopped(BaseException):
    """Ends a worker thread whose fan-out was interrupted."""


class WorkerGroup:
    """The threads of one fan-out, which can be stopped."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._cutters: dict[int, Callable[[], None]] = {}

    def check(self) -> None:
        """
        End the calling worker when the fan-out is being stopped.
        """
        if self.stopping.is_set():
            raise Stopped

    def watch(self, cut: Callable[[], None]) -> None:
        """
        Register *cut*, which ends what this worker is about to wait for, until :meth:`forget`.
        """
        self._cutters[threading.get_ident()] = cut
        self.check()

    def forget(self) -> None:
        """
        Remove what this worker registered with :meth:`watch`.
        """
        self._cutters.pop(threading.get_ident(), None)

    def stop(self) -> None:
        """
        Stop new requests and cut those on the wire.
        """
        self.stopping.set()
        for cut in list(self._cutters.values()):
            cut()


# Of its context, not of its thread: a process patched by gevent late has one real thread for all its greenlets.
_group: contextvars.ContextVar[WorkerGroup | None] = contextvars.ContextVar("alive5_group", default=None)


def current_group() -> WorkerGroup | None:
    """
    Return the fan-out the calling thread works for.
    """
    return _group.get()


class Worker:
    """
    A daemon thread that signals its own end.

    An interrupted ``Thread.join`` takes a running thread for ended (bpo-45274).
    It has a thread and is none, since gevent puts another class in the place of
    ``Thread``, maybe after this module is loaded.
    """

    def __init__(self, job: Callable[[], None], name: str) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(job,), name=name, daemon=True)

    def start(self) -> None:
        """
        Start the thread.
        """
        self._thread.start()

    def wait(self, limit: float | None = None) -> None:
        """
        Wait until it is over, at most *limit* seconds; at once when it was never started.
        """
        if self._thread.ident is not None and self._over.wait(limit):
            self._thread.join(limit)

    def _run(self, job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            self._over.set()


class BlockingVerbs:
    """Clock, sleep and fan-out for code without a loop; nothing here suspends."""

    def now(self) -> float:
        """
        Return the time of the process's monotonic clock.
        """
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """
        Wait, at most until the fan-out of this thread is stopped.
        """
        group = current_group()
        if group is None:
            time.sleep(seconds)
        elif group.stopping.wait(seconds):
            raise Stopped

    async def fan_out(self, fn: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int) -> list[R]:
        """
        Run *fn* for every item in daemon threads; the first failure by order is raised.

        An interrupt stops the threads: nothing new leaves, sockets are cut. Where
        no thread can be started, the calling one does the work.
        """
        queue = list(enumerate(items))
        if len(queue) < 2 or limit < 2:
            return [await fn(item) for _, item in queue]
        group, pending = WorkerGroup(), iter(queue)
        results: list[Any] = [None] * len(queue)
        failures: dict[int, BaseException] = {}
        lock = threading.Lock()

        def work() -> None:
            _group.set(group)
            while not group.stopping.is_set() and not failures:
                with lock:
                    index, item = next(pending, (-1, None))
                if index < 0:
                    return
                try:
                    results[index] = step(cast("Any", fn)(item))
                except Stopped:
                    return
                except BaseException as failure:  # noqa: BLE001 - handed to the caller's thread
                    failures[index] = failure

        _run(group, [work] * min(limit, len(queue)))
        if failures:
            raise failures[min(failures)]
        return results

    async def aclose(self) -> None:
        """
        Close nothing: there are no connections.
        """


def _run(group: WorkerGroup, jobs: list[Callable[[], None]]) -> None:
    threads = [Worker(partial(contextvars.copy_context().run, job), f"alive5-{at}") for at, job in enumerate(jobs)]
    outer = current_group()
    try:
        if outer is not None:
            outer.watch(group.stop)
        if not _start(threads):
            contextvars.copy_context().run(jobs[0])
        for thread in threads:
            thread.wait()
        group.check()
    except BaseException:
        group.stop()
        until = time.monotonic() + _GRACE
        for thread in threads:
            thread.wait(max(until - time.monotonic(), 0))
        raise
    finally:
        if outer is not None:
            outer.forget()


def _start(threads: list[Worker]) -> int:
    """Return how many were started: from Python 3.12 on, none is while the interpreter ends."""
    for count, thread in enumerate(threads):
        try:
            thread.start()
        except RuntimeError:
            return count
    return len(threads)
