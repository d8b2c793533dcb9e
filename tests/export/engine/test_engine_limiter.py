"""Requests in flight: more while all goes well, half when refused, and no place lost to a cancelled wait."""

from __future__ import annotations

import anyio
import pytest
from anyio.lowlevel import checkpoint

from alive5 import Event
from alive5.export.fetch.limiter import Limiter

pytestmark = pytest.mark.anyio


def event(outcome: str, code: int) -> Event:
    return Event(
        operation="conversations.sms",
        attempt=1,
        status=200,
        code=code,
        seconds=0.5,
        outcome=outcome,
        retry_delay=None,
    )


async def rest() -> None:
    for _ in range(5):
        await checkpoint()


async def stay(limiter: Limiter, rank: int, entered: list[int], leave: anyio.Event) -> None:
    """
    Hold a place until told to leave.
    """
    async with limiter.place(rank, 10):
        entered.append(rank)
        await leave.wait()


async def test_a_refusal_halves_it_once_for_all_that_were_under_way() -> None:
    limiter = Limiter(32)
    for now in range(1000):
        limiter.note(event("accepted", 200), now)
    assert 32 == limiter.limit
    for now in (1000.0, 1000.1, 1000.4):
        limiter.note(event("rejected", 429), now)
    assert (16, 3) == (limiter.limit, limiter.refusals)
    for now in range(1001, 1010):
        limiter.note(event("rejected", 503), now)
    assert 1 == limiter.limit
    assert 1012 == limiter.requests


async def test_other_failures_leave_it_as_it_is() -> None:
    limiter = Limiter(8)
    limiter.note(event("unknown", 500), 0)
    limiter.note(event("rejected", 404), 1)
    assert (4, 0, 2) == (limiter.limit, limiter.refusals, limiter.requests)


async def test_places_go_by_rank() -> None:
    limiter, entered, leave = Limiter(1), list[int](), anyio.Event()
    async with anyio.create_task_group() as tasks:
        async with limiter.place(0, 10):
            for rank in (3, 1, 2):
                tasks.start_soon(stay, limiter, rank, entered, leave)
                await rest()
            assert not entered
        leave.set()
    assert [1, 2, 3] == entered


@pytest.mark.parametrize("served", [False, True])
async def test_a_cancelled_wait_takes_no_place(served: bool) -> None:
    limiter, entered, leave, scope = Limiter(1), list[int](), anyio.Event(), anyio.CancelScope()

    async def given_up() -> None:
        with scope:
            await stay(limiter, 1, entered, leave)

    async with anyio.create_task_group() as tasks:
        async with limiter.place(0, 10):
            tasks.start_soon(given_up)
            tasks.start_soon(stay, limiter, 2, entered, leave)
            await rest()
            if not served:
                scope.cancel()
                await rest()
        # Its turn has come by now; whether it still runs is the backend's to say.
        scope.cancel()
        await rest()
        assert 2 == entered[-1]
        leave.set()
    assert 0 == limiter.in_flight
    async with limiter.place(0, 10):
        assert 1 == limiter.in_flight


async def test_starts_keep_their_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter, waits = Limiter(8, max_rps=4), list[float]()
    moments = (100.0, 100.0, 100.0, 100.5, 103.0, 103.0)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    monkeypatch.setattr(anyio, "current_time", iter(moments).__next__)
    for _ in moments:
        async with limiter.place(0, 1):
            pass
    assert [0, 0.25, 0.5, 0.25, 0, 0.25] == waits


async def test_a_page_larger_than_the_budget_goes_alone() -> None:
    limiter, entered, leave = Limiter(8, budget=5), list[int](), anyio.Event()
    async with anyio.create_task_group() as tasks:
        for rank in (1, 2):
            tasks.start_soon(stay, limiter, rank, entered, leave)
            await rest()
        assert [1] == entered
        leave.set()
    assert [1, 2] == entered
