"""
Exports any number of chats, one a minute, from a port that makes them as they are asked for.

``python plenty.py DIRECTORY COUNT`` prints how many there are in the end and
the peak of the process's memory in MiB.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import anyio

from alive5 import AsyncAlive5, Call, Reply
from alive5._port.verbs import AsyncVerbs

FIRST = datetime(2020, 1, 1, tzinfo=timezone.utc)
DAY = timedelta(days=1)
WORDS = [
    "please",
    "send",
    "the",
    "blue",
    "one",
    "tomorrow,",
    "thanks;",
    "my",
    "order",
    "has",
    "not",
    "come",
    "and",
    "nobody",
    "answers",
    "the",
    "telephone",
]


class Plenty(AsyncVerbs):
    """A service with *count* chats that honours days, page and limit."""

    def __init__(self, count: int) -> None:
        self.count = count

    async def send(self, call: Call, deadline: float) -> Reply:
        """
        Answer a listing.
        """
        if call.operation == "account.get":
            return Reply(status=404, body=b"{}")
        asked = dict(call.query)
        low, high = _minutes(asked["date_start"]), _minutes(asked["date_end"]) + 1440
        found = range(max(low, 0), max(min(high, self.count), low, 0))
        size, page = int(asked.get("limit", 100)), int(asked.get("page", 1))
        rows = found[(page - 1) * size : page * size] if page else found[:0]
        data = {"Items": [_row(number) for number in rows], "page": page, "totalRecord": len(found)}
        return Reply(status=200, body=json.dumps({"code": 200, "data": data, "error": None}).encode())


def _minutes(day: str) -> int:
    moment = datetime.strptime(day[:10], "%m-%d-%Y").replace(tzinfo=timezone.utc)
    return (moment - FIRST) // timedelta(minutes=1)


def _row(number: int) -> dict[str, Any]:
    start = int(FIRST.timestamp() * 1000) + number * 60_000
    messages = [
        {
            "created_at": start + 1000 * place,
            "created_by": "visitor" if place % 2 else "Sam",
            "message_content": " ".join(WORDS[(number * 7 + place * 3 + word) % len(WORDS)] for word in range(12)),
        }
        for place in range(12)
    ]
    return {
        "alive5_sessionID": f"session-{number:08}",
        "start_time": start,
        "end_time": start + 600_000,
        "channel_id": f"channel-{number % 9}",
        "contacts_notes": f"note {number * 7919 % 10_007}",
        "chat_conversation": messages,
    }


def peak() -> int:
    """
    Return the most this process ever held, in MiB; ``getrusage`` counts what its parent held, too.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


async def main(directory: str, count: int) -> None:
    """
    Export all of them.
    """
    async with AsyncAlive5("test_key_plenty", port=Plenty(count)) as client:
        end = FIRST + (count // 1440) * DAY
        report = await client.export(directory, kinds=("livechat",), start=FIRST.date(), end=end.date(), concurrency=8)
    print(report.counts["livechat"]["conversations"], peak())  # noqa: T201


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], int(sys.argv[2]))
