"""Ways to cancel a coroutine at a chosen point."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import attrs

from support.loopback import Loopback


@attrs.define
class Suspensions:
    """
    Awaits a coroutine and calls *act* when it waits for the *number*-th time.

    *act* gets what the task waits for, before the task waits.
    """

    coroutine: Awaitable[Any]
    number: int
    act: Callable[[Any], object]
    count: int = 0

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self.coroutine.__await__()
        send: Callable[[], Any] = lambda: next(steps)  # noqa: E731
        while True:
            try:
                waited = send()
            except StopIteration as done:
                return done.value
            self.count += 1
            if self.count == self.number:
                self.act(waited)
            try:
                value = yield waited
                send = _sender(steps, value)
            except BaseException as error:
                send = _thrower(steps, error)


def _sender(steps: Any, value: Any) -> Callable[[], Any]:
    return lambda: steps.send(value)


def _thrower(steps: Any, error: BaseException) -> Callable[[], Any]:
    return lambda: steps.throw(error)


async def cancel_natively(call: Awaitable[Any], number: int, *, ready: bool, twice: bool) -> bool:
    """
    Cancel a task at its *number*-th wait, at once or when what it waits for is *ready*; False when it came to its end.
    """
    loop = asyncio.get_running_loop()

    def act(waited: Any) -> None:
        if waited is None or not ready:
            loop.call_soon(task.cancel)
        else:
            waited.add_done_callback(lambda _: task.cancel())
        if twice:
            loop.call_soon(lambda: loop.call_soon(task.cancel))

    async def run() -> Any:
        return await Suspensions(call, number, act)

    task = asyncio.ensure_future(run())
    return await _was_cancelled(task)


async def cancel_after(call: Awaitable[Any], ticks: int, seconds: float) -> bool:
    """
    Cancel a task after some rounds of the loop and some time.
    """
    task = asyncio.ensure_future(call)
    if seconds:
        await asyncio.sleep(seconds)
    for _ in range(ticks):
        await asyncio.sleep(0)
    task.cancel()
    return await _was_cancelled(task)


async def cancel_by_timeout(call: Awaitable[Any], seconds: float) -> bool:
    """
    Use the standard library's own time limit.
    """
    try:
        if seconds * 1e6 % 2 < 1:
            async with asyncio.timeout(seconds):
                await call
        else:
            await asyncio.wait_for(call, seconds)
    except TimeoutError:
        return True
    return False


async def cancel_by_scope(call: Awaitable[Any], number: int) -> bool:
    """
    Cancel an anyio scope at the *number*-th wait of what runs in it.
    """
    with anyio.CancelScope() as scope:
        await Suspensions(call, number, lambda _: scope.cancel())
    return scope.cancelled_caught


async def _was_cancelled(task: asyncio.Task[Any]) -> bool:
    results: Any = await asyncio.gather(task, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]
    return isinstance(results[0], asyncio.CancelledError)


def descriptors() -> int:
    """
    Count the open descriptors of this process.
    """
    return len(os.listdir("/proc/self/fd" if os.path.exists("/proc/self/fd") else "/dev/fd"))


def settled(condition: Callable[[], bool]) -> bool:
    """
    Wait until another thread has noticed; False after ten seconds.
    """
    end = time.monotonic() + 10
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


@contextmanager
def nothing_left_open(server: Loopback) -> Iterator[None]:
    """
    Check that no descriptor is left, without help of the garbage collector.
    """
    before = descriptors()
    gc.disable()
    try:
        yield
        assert settled(lambda: server.open_connections == 0)
        assert settled(lambda: descriptors() == before), (before, descriptors())
    finally:
        gc.enable()
