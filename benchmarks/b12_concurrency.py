"""B12: 32 reads in flight without delay, against ``httpx.AsyncClient`` at its best; requests a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx
from pairs import PAIRS, server, show, summary

from alive5 import AsyncAlive5

FLIGHT, CALLS = 32, 1600
SETTINGS = (8, 16, 32)


async def rate(call: Callable[[], Awaitable[object]]) -> float:
    async def work() -> None:
        for _ in range(CALLS // FLIGHT):
            await call()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(FLIGHT)))
    return CALLS / (time.perf_counter() - started)


async def compare(url: str) -> tuple[dict[str, float], int]:
    target = f"{url}/objects/tags/list"

    def bare(most: int) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
        return httpx.AsyncClient(limits=limits, timeout=60)

    async def parsed(client: httpx.AsyncClient) -> object:
        return (await client.get(target)).json()

    speeds = {}
    for most in SETTINGS:
        async with bare(most) as client:
            await rate(lambda: parsed(client))
            speeds[most] = await rate(lambda: parsed(client))
    best = max(speeds, key=lambda most: speeds[most])
    async with AsyncAlive5("test_key", base_url=url) as ours, bare(best) as theirs:
        await rate(ours.tags.list)
        found = []
        for number in range(PAIRS):
            if number % 2:
                b, a = await rate(lambda: parsed(theirs)), await rate(ours.tags.list)
            else:
                a, b = await rate(ours.tags.list), await rate(lambda: parsed(theirs))
            found.append(a / b)
    return summary(found), best


def main() -> None:
    with server("--pages", "1") as url:
        result, best = asyncio.run(compare(url))
    show(
        "B12",
        "32 reads in flight, requests/s against httpx.AsyncClient at its best",
        ">= 1.8",
        result,
        result["median"] >= 1.8,
        beside={"httpx.AsyncClient": result["median"]},
        best_setting=f"max_connections={best}",
    )


if __name__ == "__main__":
    main()
