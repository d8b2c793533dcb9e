"""
B4: 200 pages of 100 chats at 50 ms a page with ``prefetch=8``, wall.

Against the larger of pages x delay / 8 and the CPU of a bare httpx loop, eight
in flight, that parses: what no client of one process can be faster than.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import httpx
from pairs import server, show, summary

from alive5 import Alive5, AsyncAlive5

PAGES, DELAY, AHEAD, PAIRS, BAR = 200, 0.05, 8, 5, 1.2


async def read(url: str) -> None:
    async with AsyncAlive5("test_key", base_url=url) as client:
        count = 0
        async for _ in client.conversations.livechat(prefetch=AHEAD):
            count += 1
        assert count == PAGES * 100


def read_blocking(url: str) -> None:
    with Alive5("test_key", base_url=url) as client:
        assert sum(1 for _ in client.conversations.livechat(prefetch=AHEAD)) == PAGES * 100


async def read_bare(url: str) -> None:
    numbers = iter(range(1, PAGES + 1))
    count = 0

    async def work(client: httpx.AsyncClient) -> None:
        nonlocal count
        for number in numbers:
            answer = await client.get(f"{url}/conversations/livechat", params={"page": number, "limit": 100})
            count += len(answer.json()["data"]["Items"])

    async with httpx.AsyncClient() as client:
        await asyncio.gather(*(work(client) for _ in range(AHEAD)))
    assert count == PAGES * 100


def main() -> None:
    with server("--pages", str(PAGES), "--delay", str(DELAY)) as url:
        ways = {"asynchronous": lambda: asyncio.run(read(url)), "blocking": lambda: read_blocking(url)}
        for name, once in ways.items():
            turns = [(spent(lambda: asyncio.run(read_bare(url))), spent(once)) for _ in range(PAIRS)]
            result = summary([ours / max(PAGES * DELAY / AHEAD, cpu) for (_, cpu), (ours, _) in turns])
            beside = summary([ours / bare for (bare, _), (ours, _) in turns])
            show(
                "B4",
                f"200 pages at 50 ms, prefetch 8, {name}, wall against the bound of latency and of parsing",
                f"<= {BAR:.2f}",
                result,
                result["median"] <= BAR,
                of_a_bare_loop=f"{beside['median']:.2f}",
            )


def spent(once: Callable[[], object]) -> tuple[float, float]:
    """Return the wall time and the CPU of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    once()
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    main()
