"""B4: 200 pages of 100 chats at 50 ms a page with ``prefetch=8``, against pages x delay / 8; wall."""

from __future__ import annotations

import asyncio
import time

from pairs import server, show, summary

from alive5 import Alive5, AsyncAlive5

PAGES, DELAY, AHEAD = 200, 0.05, 8


async def read(url: str) -> float:
    async with AsyncAlive5("test_key", base_url=url) as client:
        started = time.perf_counter()
        count = 0
        async for _ in client.conversations.livechat(prefetch=AHEAD):
            count += 1
        assert count == PAGES * 100
        return time.perf_counter() - started


def read_blocking(url: str) -> float:
    with Alive5("test_key", base_url=url) as client:
        started = time.perf_counter()
        assert sum(1 for _ in client.conversations.livechat(prefetch=AHEAD)) == PAGES * 100
        return time.perf_counter() - started


def main() -> None:
    bound = PAGES * DELAY / AHEAD
    with server("--pages", str(PAGES), "--delay", str(DELAY)) as url:
        for name, once in (("asynchronous", lambda: asyncio.run(read(url))), ("blocking", lambda: read_blocking(url))):
            result = summary([once() / bound for _ in range(5)])
            show(
                "B4",
                f"200 pages at 50 ms, prefetch 8, {name}, wall against the latency bound",
                "<= 1.35",
                result,
                result["median"] <= 1.35,
            )


if __name__ == "__main__":
    main()
