"""A generated client, eight pages in flight, rows written as they came: ``export_generated.py URL FILE PAGES``."""

from __future__ import annotations

import asyncio
import json
import sys

from listing_client import Client
from listing_client.api.default import livechat


async def main(url: str, path: str, pages: int) -> None:
    numbers = iter(range(1, pages + 1))
    with open(path, "w", encoding="utf-8") as out:
        async with Client(base_url=url) as client:

            async def work() -> None:
                for number in numbers:
                    answer = await livechat.asyncio(client=client, page=number, limit=100)
                    out.writelines(json.dumps(row.to_dict(), ensure_ascii=False) + "\n" for row in answer.data.items)

            await asyncio.gather(*(work() for _ in range(8)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
