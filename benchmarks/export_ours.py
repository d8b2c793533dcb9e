"""Exports all chats of a period: ``export_ours.py URL DIRECTORY DAYS``."""

from __future__ import annotations

import asyncio
import datetime
import sys

from alive5 import AsyncAlive5


async def main(url: str, directory: str, days: int) -> None:
    start = datetime.date(2026, 1, 1)
    async with AsyncAlive5("test_key", base_url=url) as client:
        report = await client.export(
            directory, kinds=("livechat",), start=start, end=start + datetime.timedelta(days=days - 1), concurrency=8
        )
    print(report.counts, report.grade)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
