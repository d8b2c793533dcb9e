"""T4 on a clock that jumps: whole jobs of 500 requests, in every run of the tests."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator

import attrs
import pytest
import trio
from support import counts
from trio.testing import MockClock

from alive5 import AsyncAlive5, Call, Reply
from alive5._port.verbs import AsyncVerbs

JOBS, LIMIT, WINDOW = 500, 5, 1.0


@attrs.define(eq=False)
class Limited(AsyncVerbs):
    """A service that lets five requests through in a second that starts with the first of them."""

    rng: random.Random
    latency: float
    starts: float = -1e9
    used: int = 0
    refused: int = 0
    told: float = 0.0
    inside: int = 0

    async def send(self, call: Call, deadline: float) -> Reply:
        self.inside += self.now() < self.told
        await self.travel()
        now = self.now()
        if now >= self.starts + WINDOW:
            self.starts, self.used = now, 0
        self.used += 1
        good = self.used <= LIMIT
        await self.travel()
        if good:
            return Reply(status=200, body=b'{"code":200,"data":[]}')
        self.refused += 1
        # The client leaves a millionth early rather than not at all, since clocks are not exact.
        self.told = max(self.told, self.now() + WINDOW - 2e-6)
        return Reply(status=429, headers={"retry-after": f"{WINDOW:g}"})

    async def travel(self) -> None:
        await trio.sleep(self.latency * self.rng.uniform(0.25, 0.5))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logger = logging.getLogger("alive5")
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(logging.NOTSET)


async def job(port: Limited, workers: int) -> float:
    started, pending = trio.current_time(), iter(range(JOBS))

    async def work(client: AsyncAlive5) -> None:
        for _ in pending:
            await client.tags.list()

    async with AsyncAlive5("test_key_clock", port=port) as client, trio.open_nursery() as nursery:
        for _ in range(workers):
            nursery.start_soon(work, client)
    return trio.current_time() - started


def run(seed: int, latency: float, workers: int) -> float:
    """
    Run a job that has to be whole; gives its share of the possible rate.
    """
    random.seed(seed)
    port = Limited(random.Random(seed), latency)
    seconds = trio.run(job, port, workers, clock=MockClock(autojump_threshold=0))
    assert 0 == port.inside
    assert port.refused <= workers + JOBS / LIMIT + 20
    return JOBS / LIMIT * WINDOW / seconds


@pytest.mark.promise("T4")
@pytest.mark.parametrize("latency", [0.002, 0.04])
@pytest.mark.parametrize("workers", [8, 32, 64])
def test_a_job_is_whole_and_in_time(workers: int, latency: float) -> None:
    seed = counts.seed()
    rates = [run(seed + number, latency, workers) for number in range(counts.count(ci=JOBS, full=20 * JOBS) // JOBS)]
    assert min(rates) >= 0.9


@pytest.mark.promise("T4")
@pytest.mark.parametrize("latency", [0.1, 0.3])
def test_slow_answers_cost_rate_and_nothing_else(latency: float) -> None:
    seed = counts.seed()
    slowest = min(run(seed + number, latency, 32) for number in range(counts.count(ci=JOBS, full=20 * JOBS) // JOBS))
    counts.measured(**{f"percent_of_the_possible_time_at_{latency * 1000:.0f}_ms": round(100 / slowest)})
