"""B2: one small read, asynchronous, against a bare ``httpx.AsyncClient``; CPU per call."""

from __future__ import annotations

import asyncio
import time

import httpx
from pairs import PAIRS, server, show, summary

from alive5 import AsyncAlive5

CALLS = 400


async def compare(url: str) -> dict[str, float]:
    async with AsyncAlive5("test_key", base_url=url) as client, httpx.AsyncClient() as bare:

        async def ours() -> float:
            started = time.process_time()
            for _ in range(CALLS):
                await client.tags.list()
            return time.process_time() - started

        async def theirs() -> float:
            started = time.process_time()
            for _ in range(CALLS):
                (await bare.get(f"{url}/objects/tags/list")).json()
            return time.process_time() - started

        await ours(), await theirs()
        found = []
        for number in range(PAIRS):
            if number % 2:
                b, a = await theirs(), await ours()
            else:
                a, b = await ours(), await theirs()
            found.append(a / b)
        return summary(found)


def main() -> None:
    with server("--pages", "1") as url:
        result = asyncio.run(compare(url))
    show(
        "B2",
        "one small read, asynchronous, CPU per call against httpx.AsyncClient",
        "<= 1.05",
        result,
        result["median"] <= 1.05,
    )


if __name__ == "__main__":
    main()
