"""
B4: 200 pages of 100 chats at 50 ms a page with ``prefetch=8``, against what bounds it; wall.

That is the wire, pages x delay / 8, or the CPU of a bare httpx loop that parses,
whichever is more. The loop itself is what a user would write: it takes the
number of pages for known, and stops at nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import httpx
from pairs import server, show, summary

from alive5 import Alive5, AsyncAlive5

PAGES, DELAY, AHEAD, TURNS = 200, 0.05, 8, 5
WIRE = PAGES * DELAY / AHEAD
BAR = 1.20


async def bare(url: str) -> int:
    places = asyncio.Semaphore(AHEAD)
    async with httpx.AsyncClient() as client:

        async def page(number: int) -> list[object]:
            async with places:
                answer = await client.get(f"{url}/conversations/livechat", params={"page": number, "limit": 100})
                rows: list[object] = answer.json()["data"]["Items"]
                return rows

        return sum(map(len, await asyncio.gather(*map(page, range(1, PAGES + 1)))))


async def read(url: str) -> int:
    async with AsyncAlive5("test_key", base_url=url) as client:
        return sum([1 async for _ in client.conversations.livechat(prefetch=AHEAD)])


def read_blocking(url: str) -> int:
    with Alive5("test_key", base_url=url) as client:
        return sum(1 for _ in client.conversations.livechat(prefetch=AHEAD))


def timed(once: Callable[[], int]) -> tuple[float, float]:
    """Wall and CPU of one reading."""
    wall, cpu = time.perf_counter(), time.process_time()
    assert once() == PAGES * 100
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    with server("--pages", str(PAGES), "--delay", str(DELAY)) as url:
        fronts = {"asynchronous": lambda: asyncio.run(read(url)), "blocking": lambda: read_blocking(url)}
        for name, once in fronts.items():
            timed(once)  # the server makes its answers
            turns = [(timed(once), timed(lambda: asyncio.run(bare(url)))) for _ in range(TURNS)]
            bounds = [max(WIRE, cpu) for _, (_, cpu) in turns]
            result = summary([wall / bound for ((wall, _), _), bound in zip(turns, bounds, strict=True)])
            loop = summary([wall / bound for (_, (wall, _)), bound in zip(turns, bounds, strict=True)])["median"]
            more = summary([ours / theirs for (_, ours), (_, theirs) in turns])["median"]
            show(
                "B4",
                f"200 pages at 50 ms, prefetch 8, {name}, wall against the wire or a bare loop's CPU",
                f"<= {BAR:.2f}",
                result,
                result["median"] <= BAR,
                **{"a bare httpx loop that parses": f"{loop:.2f}", "CPU against it": f"{more:.2f}"},
            )


if __name__ == "__main__":
    main()
