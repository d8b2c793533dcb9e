"""Running coroutines in one step, and what waits for a loop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator
from typing import Any

import pytest

from alive5._sansio.step import Steps, step


async def gives(value: Any) -> Any:
    return value


async def fails(error: BaseException) -> None:
    raise error


class Waits:
    """An awaitable that suspends."""

    closed = False

    def __await__(self) -> Any:
        try:
            yield
        finally:
            self.closed = True


async def waits(what: Waits) -> None:
    await what


def test_a_coroutine_runs_to_its_end() -> None:
    assert (5, None) == (step(gives(5)), step(gives(None)))


@pytest.mark.parametrize("error", [ValueError("text"), KeyboardInterrupt(), SystemExit(3), StopAsyncIteration()])
def test_what_it_raises_comes_out_as_it_is(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught:
        step(fails(error))
    assert error is caught.value


def test_a_coroutine_that_waits_is_named_and_closed() -> None:
    what = Waits()
    coroutine = waits(what)
    with pytest.raises(RuntimeError, match="waits waited for an event loop; a port for Alive5 must never suspend"):
        step(coroutine)
    assert (True, inspect.CORO_CLOSED) == (what.closed, inspect.getcoroutinestate(coroutine))


def test_a_loops_own_coroutine_is_named() -> None:
    with pytest.raises(RuntimeError, match="sleep waited"):
        step(asyncio.sleep(0))


def test_what_has_no_name_is_shown() -> None:
    class Nameless:
        def send(self, _: None) -> None:
            return None

        def close(self) -> None:
            return None

        def __repr__(self) -> str:
            return "<nameless>"

    with pytest.raises(RuntimeError, match="<nameless> waited"):
        step(Nameless())  # type: ignore[arg-type]


def test_a_step_works_inside_a_running_loop() -> None:
    async def main() -> int:
        return step(gives(5))

    assert asyncio.run(main()) == 5


class Count:
    """An asynchronous iterator over a few numbers."""

    def __init__(self, most: int) -> None:
        self.now, self.most = 0, most

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        if self.now == self.most:
            raise StopAsyncIteration
        self.now += 1
        return self.now


def test_steps_are_a_blocking_iterator() -> None:
    steps = Steps(Count(3))
    assert iter(steps) is steps
    assert [1, 2, 3] == list(steps)
    with pytest.raises(StopIteration) as caught:
        next(steps)
    assert (None, True) == (caught.value.__cause__, caught.value.__suppress_context__)
