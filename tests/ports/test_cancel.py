"""A call cancelled at any point damages nothing: no place, no socket, no task is lost."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import anyio
import pytest
from support.cancelling import (
    cancel_after,
    cancel_by_scope,
    cancel_by_timeout,
    cancel_natively,
    nothing_left_open,
    settled,
)
from support.counts import Seeded, count
from support.exchanges import client_context, read, server_context, write
from support.loopback import Loopback, Peer
from support.watch import CANARY

from alive5 import AsyncAlive5, RetryPolicy

PLACES = 2
POINTS = 34
Trial = Callable[[Callable[[], Awaitable[Any]]], Awaitable[bool]]


def client_of(server: Loopback, places: int = PLACES) -> AsyncAlive5:
    return AsyncAlive5(
        CANARY,
        base_url=server.url,
        ssl_context=client_context(),
        max_connections=places,
        retry=RetryPolicy(attempts=1),
        timeout=20.0,
    )


async def all_places_answer(client: AsyncAlive5) -> None:
    """
    Fill every place at once; a lost one would wait for the deadline.
    """
    with anyio.fail_after(15):
        async with anyio.create_task_group() as group:
            for _ in range(PLACES):
                group.start_soon(read, client)


async def living_tasks() -> int:
    return len(anyio.get_running_tasks())


def run_trials(tls: bool, backend: str, trials: list[tuple[bool, Trial]]) -> int:
    """
    Run trials over one client; each starts with idle connections or without.
    """

    async def main(server: Loopback) -> int:
        cancelled = 0
        async with client_of(server) as client:
            before = await living_tasks()
            for number, (writes, trial) in enumerate(trials):
                if number % 2:
                    await client._caller.shared.port.aclose()
                cancelled += await trial(partial(write if writes else read, client))
                await all_places_answer(client)
                assert await living_tasks() == before
        return cancelled

    with Loopback(tls=server_context() if tls else None) as server, nothing_left_open(server):
        return anyio.run(main, server, backend=backend)


def at_point(number: int, ready: bool, twice: bool) -> Trial:
    return lambda call: cancel_natively(call(), number, ready=ready, twice=twice)


def in_scope(number: int) -> Trial:
    return lambda call: cancel_by_scope(call(), number)


def by_chance(seeded: Seeded) -> Trial:
    ticks, seconds = seeded.randrange(60), seeded.choice((0.0, seeded.random() * 0.006))
    if seeded.random() < 0.5:
        return lambda call: cancel_after(call(), ticks, seconds)
    return lambda call: cancel_by_timeout(call(), seeded.random() * 0.006)


@pytest.mark.promise("L1")
@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
def test_native_cancellation_at_every_point(tls: bool) -> None:
    points = itertools.product((False, True), range(1, POINTS), (False, True), (False, True))
    trials = [(writes, at_point(number, ready, twice)) for writes, number, ready, twice in points]
    count(ci=len(trials), full=len(trials))
    assert run_trials(tls, "asyncio", trials) > 30


@pytest.mark.promise("L1")
@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_scope_cancellation_at_every_point(backend: str, tls: bool) -> None:
    trials = [(writes, in_scope(number)) for writes, number in itertools.product((False, True), range(1, POINTS))]
    count(ci=2 * len(trials), full=2 * len(trials))
    assert run_trials(tls, backend, trials * 2) > 15


@pytest.mark.promise("L1")
@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
def test_native_cancellation_by_chance(seeded: Seeded, tls: bool) -> None:
    trials = [(seeded.random() < 0.5, by_chance(seeded)) for _ in range(count(ci=150, full=17_000))]
    assert run_trials(tls, "asyncio", trials) > 20


@pytest.mark.promise("L1")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_crowd_cancelled_at_once(backend: str, seeded: Seeded) -> None:
    async def main(server: Loopback) -> None:
        async with client_of(server) as client:
            for _ in range(count(ci=60, full=120)):
                async with anyio.create_task_group() as group:
                    for _ in range(8):
                        group.start_soon(seeded.choice((read, write)), client)
                    await anyio.sleep(seeded.random() * 0.006)
                    group.cancel_scope.cancel()
                await all_places_answer(client)

    with Loopback() as server, nothing_left_open(server):
        anyio.run(main, server, backend=backend)


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_handshake_leaves_no_socket(backend: str, native: bool) -> None:
    met = threading.Event()

    def shake_no_hand(peer: Peer) -> None:
        peer.sock.recv(16)
        met.set()
        peer.hang()

    async def main(server: Loopback) -> None:
        async with client_of(server) as client:
            if native and backend == "asyncio":
                task = asyncio.ensure_future(read(client))
                while not met.is_set():
                    await anyio.sleep(0.001)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            else:
                async with anyio.create_task_group() as group:
                    group.start_soon(read, client)
                    while not met.is_set():
                        await anyio.sleep(0.001)
                    group.cancel_scope.cancel()
            assert await anyio.to_thread.run_sync(settled, lambda: server.open_connections == 0)

    with Loopback(shake_no_hand, tls=server_context(), early=True) as server:
        anyio.run(main, server, backend=backend)
