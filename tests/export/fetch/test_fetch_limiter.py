"""Places for requests: the oldest window first, within a number and a budget of bytes, none ever lost."""

from __future__ import annotations

import random
from contextlib import AsyncExitStack

import anyio
import pytest
from anyio.lowlevel import checkpoint

from alive5 import Event
from alive5.export.fetch.limiter import Limiter


def event(text: str, seconds: float = 0.5) -> Event:
    """
    Make the event of an attempt: "ok" or its code.
    """
    accepted = text == "ok"
    return Event(
        operation="conversations.sms",
        attempt=1,
        status=200,
        code=200 if accepted else int(text),
        seconds=seconds,
        outcome="accepted" if accepted else "rejected",
        retry_delay=None,
    )


async def rest() -> None:
    for _ in range(8):
        await checkpoint()


class Crowd:
    """
    Requests of a limiter, each with a name; those that have a place, in the order they got it.
    """

    def __init__(self, limiter: Limiter, tasks: anyio.abc.TaskGroup) -> None:
        self.limiter, self.tasks = limiter, tasks
        self.entered: list[str] = []
        self._scopes: dict[str, anyio.CancelScope] = {}
        self._leave: dict[str, anyio.Event] = {}
        self._landed: dict[str, anyio.Event] = {}

    async def arrive(self, name: str, rank: int, size: int) -> None:
        self._scopes[name], self._leave[name], self._landed[name] = anyio.CancelScope(), anyio.Event(), anyio.Event()
        self.tasks.start_soon(self._stay, name, rank, size)
        await rest()

    async def leave(self, name: str) -> None:
        self._landed[name].set()
        self._leave[name].set()
        await rest()

    async def land(self, name: str) -> None:
        self._landed[name].set()
        await rest()

    async def cancel(self, name: str) -> None:
        self._scopes[name].cancel()
        await rest()

    async def _stay(self, name: str, rank: int, size: int) -> None:
        with self._scopes[name]:
            async with self.limiter.place(rank, size) as land:
                self.entered.append(name)
                await self._landed[name].wait()
                land()
                land()
                await self._leave[name].wait()


@pytest.mark.parametrize(
    ("ceiling", "events", "limit", "refusals"),
    [
        (8, [], 4, 0),
        (2, [], 2, 0),
        (8, ["ok"], 4.25, 0),
        (8, ["ok"] * 99, 8, 0),
        (2, ["ok"] * 9, 2, 0),
        (8, ["429"], 2, 1),
        (8, ["503"], 2, 1),
        (8, ["429", "429", "503"], 1, 3),
        (8, ["429"] * 9, 1, 9),
        (8, ["429", "ok"], 2.5, 1),
        (1, ["429", "ok"], 1, 1),
        (8, ["500", "404", "401"], 4, 0),
    ],
)
def test_the_limit(ceiling: int, events: list[str], limit: float, refusals: int) -> None:
    limiter = Limiter(ceiling)
    for now, text in enumerate(events):
        limiter.note(event(text), now)
    assert (limit, refusals, len(events)) == (limiter.limit, limiter.refusals, limiter.requests)


@pytest.mark.parametrize(("seconds", "limit"), [(0.9, 1), (1.0, 1), (1.1, 2)])
def test_a_refusal_of_a_request_from_before_the_last_cut_says_nothing_new(seconds: float, limit: float) -> None:
    limiter = Limiter(8)
    limiter.note(event("429"), 10)
    limiter.note(event("429", seconds), 11)
    assert (limit, 2) == (limiter.limit, limiter.refusals)


@pytest.mark.anyio
async def test_the_lowest_rank_comes_first_and_equals_in_the_order_they_came() -> None:
    async with anyio.create_task_group() as tasks:
        crowd = Crowd(Limiter(1), tasks)
        for name, rank in (("first", 9), ("b", 2), ("c", 2), ("a", 1), ("d", 2)):
            await crowd.arrive(name, rank, 1)
        for name in ("first", "a", "b", "c", "d"):
            await crowd.leave(name)
    assert ["first", "a", "b", "c", "d"] == crowd.entered


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([6, 4], 2),
        ([6, 5], 1),
        ([20, 1], 1),
        ([4, 4, 4], 2),
        ([6, 5, 1], 1),  # the one whose turn it is is not overtaken
        ([2, 2, 2, 2, 2], 4),
    ],
)
async def test_the_budget_of_bytes(sizes: list[int], expected: int) -> None:
    async with anyio.create_task_group() as tasks:
        crowd = Crowd(Limiter(8, budget=10), tasks)
        for number, size in enumerate(sizes):
            await crowd.arrive(str(number), number, size)
        assert expected == len(crowd.entered) == crowd.limiter.in_flight
        for number in range(len(sizes)):
            await crowd.leave(str(number))
    assert len(sizes) == len(crowd.entered)


@pytest.mark.anyio
async def test_an_answer_that_is_there_makes_room_for_a_request_but_not_for_its_bytes() -> None:
    async with anyio.create_task_group() as tasks:
        crowd = Crowd(Limiter(1, budget=10), tasks)
        for name, size in (("a", 4), ("b", 4), ("c", 4)):
            await crowd.arrive(name, 0, size)
        await crowd.land("a")
        assert ["a", "b"] == crowd.entered
        await crowd.land("b")
        assert (["a", "b"], 0) == (crowd.entered, crowd.limiter.in_flight)
        await crowd.leave("a")
        assert ["a", "b", "c"] == crowd.entered
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_more_room_lets_those_who_wait_in() -> None:
    async with anyio.create_task_group() as tasks:
        limiter = Limiter(8)
        limiter.note(event("429"), 0)
        crowd = Crowd(limiter, tasks)
        for name in "abcd":
            await crowd.arrive(name, 0, 1)
        assert ["a", "b"] == crowd.entered
        for now in range(1, 4):
            limiter.note(event("ok"), now)
        await rest()
        assert ["a", "b", "c"] == crowd.entered
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
@pytest.mark.parametrize("cancelled", ["waiting", "holding"])
async def test_a_cancelled_one_leaves_its_place_and_bytes_to_the_next(cancelled: str) -> None:
    async with anyio.create_task_group() as tasks:
        crowd = Crowd(Limiter(8, budget=10), tasks)
        for rank, (name, size) in enumerate((("holding", 6), ("waiting", 8), ("next", 4))):
            await crowd.arrive(name, rank, size)
        assert ["holding"] == crowd.entered
        await crowd.cancel(cancelled)
        assert (["holding", "next"] if cancelled == "waiting" else ["holding", "waiting"]) == crowd.entered
        tasks.cancel_scope.cancel()
    assert 0 == crowd.limiter.in_flight


@pytest.mark.anyio
@pytest.mark.parametrize("given_up", "abcdefg")
async def test_a_cancelled_wait_leaves_the_others_in_order(given_up: str) -> None:
    async with anyio.create_task_group() as tasks:
        crowd = Crowd(Limiter(1), tasks)
        await crowd.arrive("first", 0, 1)
        for name in "aebcfdg":
            await crowd.arrive(name, ord(name), 1)
        await crowd.cancel(given_up)
        left = ["first", *"abcdefg".replace(given_up, "")]
        for name in left:
            await crowd.leave(name)
        assert left == crowd.entered


@pytest.mark.anyio
async def test_a_failure_gives_the_place_back() -> None:
    limiter = Limiter(1, budget=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with limiter.place(0, 5):
                raise ZeroDivisionError
    async with limiter.place(0, 5):
        assert 1 == limiter.in_flight


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(20))
async def test_whatever_happens_nothing_is_lost(seed: int) -> None:
    rng = random.Random(seed)
    limiter = Limiter(rng.randrange(1, 6), budget=10)
    told = list[tuple[int, int]]()

    async def request(rank: int, size: int, steps: int, patience: int) -> None:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as inner:
                inner.start_soon(give_up, scope, patience)
                async with limiter.place(rank, size) as land:
                    told.append((limiter.in_flight, limiter.ceiling))
                    for _ in range(steps):
                        await checkpoint()
                    if rng.random() < 0.5:
                        land()
                        await checkpoint()
                    limiter.note(event(rng.choice(("ok", "ok", "429"))), rng.random())
                inner.cancel_scope.cancel()

    async def give_up(scope: anyio.CancelScope, patience: int) -> None:
        for _ in range(patience):
            await checkpoint()
        scope.cancel()

    async with anyio.create_task_group() as tasks:
        for _ in range(40):
            tasks.start_soon(request, rng.randrange(5), rng.randrange(1, 13), rng.randrange(6), rng.randrange(200))
    assert all(now <= ceiling for now, ceiling in told)
    assert 0 == limiter.in_flight
    limiter.limit = limiter.ceiling
    async with AsyncExitStack() as stack:
        for _ in range(limiter.ceiling):
            with anyio.fail_after(5):
                await stack.enter_async_context(limiter.place(0, 2))
        assert limiter.ceiling == limiter.in_flight
