"""Fanning out, of both kinds: order, limit, the first failure alone, and how it stops."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import anyio
import pytest
from support.front import Front

from alive5._port.threads import BlockingVerbs, Stopped, WorkerGroup
from alive5._port.verbs import AsyncVerbs, unwrapped
from alive5._sansio.step import step

NINE = list(range(9))


class Gauge:
    """Counts how many are inside at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.inside = self.most = self.entered = 0

    def __enter__(self) -> None:
        with self._lock:
            self.inside += 1
            self.entered += 1
            self.most = max(self.most, self.inside)

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self.inside -= 1


def verbs_of(front: Front) -> Any:
    return BlockingVerbs() if front.is_blocking else AsyncVerbs()


def fan_out(front: Front, fn: Callable[[Any], Awaitable[Any]], items: Any, limit: int) -> Any:
    return front.drive(lambda: verbs_of(front).fan_out(fn, items, limit))


@pytest.mark.parametrize("limit", [1, 2, 4, 9, 40])
def test_results_keep_their_order_and_the_limit_holds(front: Front, limit: int) -> None:
    verbs, gauge = verbs_of(front), Gauge()

    async def fn(item: int) -> int:
        with gauge:
            while gauge.most < min(limit, 2):
                await verbs.sleep(0.001)
            await verbs.sleep(0.002 * (item % 3))
            return item * item

    assert [item * item for item in NINE] == fan_out(front, fn, iter(NINE), limit)
    assert min(limit, 2) <= gauge.most <= limit


@pytest.mark.parametrize("items", [[], [7]])
def test_few_items_need_nobody_else(front: Front, items: list[int]) -> None:
    threads: list[int] = []

    async def fn(item: int) -> int:
        threads.append(threading.get_ident())
        return item

    assert items == fan_out(front, fn, items, 4)
    assert threads == [threading.get_ident()] * len(items)


@pytest.mark.parametrize("limit", [1, 3, 9])
def test_the_first_failure_by_order_is_raised_alone(front: Front, limit: int) -> None:
    verbs, gauge = verbs_of(front), Gauge()

    async def fn(item: int) -> int:
        with gauge:
            await verbs.sleep(0.05 if item == 3 else 0.001)
            if item in (3, 4, 5):
                raise ValueError(str(item))
            await verbs.sleep(0.2)
            return item

    with pytest.raises(ValueError, match="3") as caught:
        fan_out(front, fn, NINE, limit)
    assert type(caught.value) is ValueError
    if limit == 3:
        assert gauge.entered <= 6


def test_what_is_in_flight_comes_to_its_end(front: Front) -> None:
    verbs, ended = verbs_of(front), []

    async def fn(item: int) -> None:
        if item == 1:
            await verbs.sleep(0.02)
            raise ValueError(str(item))
        await verbs.sleep(0.1)
        ended.append(item)

    with pytest.raises(ValueError, match="1"):
        fan_out(front, fn, NINE, 3)
    assert [0, 2] == sorted(ended)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_inside_stays_what_it_is(front: Front, error: type[BaseException]) -> None:
    verbs, started = verbs_of(front), []

    async def fn(item: int) -> None:
        started.append(item)
        await verbs.sleep(0.01)
        if item == 1:
            raise error
        await verbs.sleep(0.05)

    async def main() -> None:
        with pytest.raises(error) as caught:
            await verbs.fan_out(fn, NINE, 3)
        assert type(caught.value) is error

    # asyncio ends its loop with an interrupt out of a task, whoever catches it.
    with pytest.raises(error) if front.name == "asyncio" else nullcontext():
        front.drive(main)
    assert len(started) <= 4


def test_fan_outs_nest(front: Front) -> None:
    verbs = verbs_of(front)

    async def inner(item: int) -> int:
        await verbs.sleep(0.001)
        if item == 44:
            raise ValueError("inner")
        return item

    async def outer(item: int) -> list[int]:
        found: list[int] = await verbs.fan_out(inner, [item * 10 + n for n in range(5)], 3)
        return found

    assert [[0, 1, 2, 3, 4], [10, 11, 12, 13, 14]] == fan_out(front, outer, [0, 1], 2)
    with pytest.raises(ValueError, match="inner") as caught:
        fan_out(front, outer, NINE, 3)
    assert type(caught.value) is ValueError


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_fan_out_is_cancelled_whole(backend: str) -> None:
    verbs, gauge = AsyncVerbs(), Gauge()

    async def fn(item: int) -> None:
        with gauge:
            await anyio.sleep_forever()

    async def main() -> None:
        with anyio.move_on_after(0.05) as scope:
            await verbs.fan_out(fn, NINE, 3)
        assert scope.cancelled_caught
        assert (gauge.inside, gauge.entered) == (0, 3)

    anyio.run(main, backend=backend)


def test_stopping_a_nested_fan_out_stops_the_inner_one(monkeypatch: pytest.MonkeyPatch) -> None:
    verbs, crews, started, ends = BlockingVerbs(), [], [], []
    ready = threading.Event()

    class Watched(WorkerGroup):
        def __init__(self) -> None:
            super().__init__()
            crews.append(self)

    async def inner(item: int) -> None:
        started.append(item)
        ready.set()
        await verbs.sleep(20)

    async def outer(item: int) -> None:
        await verbs.fan_out(inner, NINE, 2)

    def run() -> None:
        try:
            step(verbs.fan_out(outer, [0, 1], 2))
        except Stopped:
            ends.append("stopped")

    monkeypatch.setattr("alive5._port.threads.WorkerGroup", Watched)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    crews[0].stop()
    thread.join(10)
    assert ends == ["stopped"]
    assert len(started) <= 4


@pytest.mark.promise("L4")
@pytest.mark.parametrize("startable", [0, 1])
def test_work_goes_on_where_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch, startable: int) -> None:
    verbs, started, threads = BlockingVerbs(), [], set()
    start = threading.Thread.start

    def refusing(thread: threading.Thread) -> None:
        if len(started) == startable:
            raise RuntimeError("can't create new thread at interpreter shutdown")
        started.append(thread)
        start(thread)

    async def inner(item: int) -> int:
        threads.add(threading.get_ident())
        return item

    async def outer(item: int) -> list[int]:
        found: list[int] = await verbs.fan_out(inner, [item, item + 1], 2)
        return found

    async def failing(item: int) -> None:
        await outer(item)
        raise ValueError(str(item))

    monkeypatch.setattr(threading.Thread, "start", refusing)
    assert [[item, item + 1] for item in NINE] == step(verbs.fan_out(outer, NINE, 3))
    assert (1, startable) == (len(threads), len(started))
    with pytest.raises(ValueError, match="0"):
        step(verbs.fan_out(failing, NINE, 3))


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_is_raised_inside_is_no_refusal_of_threads(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    seen: list[int] = []

    def refusing(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def fn(item: int) -> None:
        seen.append(item)
        raise error

    monkeypatch.setattr(threading.Thread, "start", refusing)
    with pytest.raises(error):
        step(BlockingVerbs().fan_out(fn, NINE, 3))
    assert [0] == seen


def test_groups_are_unwrapped_to_one_interrupt() -> None:
    group = BaseExceptionGroup("outer", [BaseExceptionGroup("inner", [KeyboardInterrupt()]), SystemExit()])
    assert type(unwrapped(group)) is KeyboardInterrupt
    assert type(unwrapped(ValueError())) is ValueError
