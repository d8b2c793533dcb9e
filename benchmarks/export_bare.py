"""Bare httpx with orjson, eight in flight, rows written as they came: ``export_bare.py URL FILE PAGES``."""

from __future__ import annotations

import asyncio
import sys

import httpx
import orjson


async def main(url: str, path: str, pages: int) -> None:
    numbers = iter(range(1, pages + 1))
    with open(path, "wb") as out:

        async def work() -> None:
            async with httpx.AsyncClient() as client:
                for number in numbers:
                    query = {"page": number, "limit": 100}
                    answer = await client.get(f"{url}/conversations/livechat", params=query)
                    rows = orjson.loads(answer.content)["data"]["Items"]
                    out.write(b"".join(orjson.dumps(row) + b"\n" for row in rows))

        await asyncio.gather(*(work() for _ in range(8)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
