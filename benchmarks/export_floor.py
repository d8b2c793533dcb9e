"""Raw sockets, eight in flight, rows written as they came: ``export_floor.py URL FILE PAGES``."""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import urlsplit

import orjson


async def main(url: str, path: str, pages: int) -> None:
    host, port = urlsplit(url).hostname, urlsplit(url).port
    numbers = iter(range(1, pages + 1))
    with open(path, "wb") as out:

        async def work() -> None:
            reader, writer = await asyncio.open_connection(host, port, limit=2**22)
            for number in numbers:
                writer.write(b"GET /conversations/livechat?page=%d&limit=100 HTTP/1.1\r\nhost: x\r\n\r\n" % number)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                rows = orjson.loads(await reader.readexactly(length))["data"]["Items"]
                out.write(b"".join(orjson.dumps(row) + b"\n" for row in rows))
            writer.close()

        await asyncio.gather(*(work() for _ in range(8)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
