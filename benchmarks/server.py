"""
A raw asyncio server that answers prepared bytes after a set delay, in its own process.

``python benchmarks/server.py --delay 0.05 --pages 200 --gzip`` prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import gzip
import json
import random
from urllib.parse import parse_qsl, urlsplit

ODD = (None, "", 0, 12, 1.5, True, "12", [], {}, ["x"], {"a": 1}, "2026-01-01", -1, "٣")
WORDS = [
    "hello",
    "please",
    "order",
    "number",
    "tomorrow",
    "thanks",
    "help",
    "refund",
    "ship",
    "blue",
    "table",
    "window",
    "maybe",
    "again",
]
TEXTS = [
    "org_name",
    "channel_id",
    "channel_name",
    "crm_id",
    "agent_id",
    "assigned_to",
    "contacts_first_name",
    "contacts_last_name",
    "contacts_email",
    "contacts_phone",
    "contacts_notes",
    "alive_sms_phone_number",
    "ip_address",
    "city",
    "state",
    "country",
    "zip",
    "referrer_url",
    "page_url",
]
NEW = ("score", "queue", "wait", "bot", "lang", "flow", "rate", "kind")
START = 1_767_225_600_000
DAY = 86_400_000


def row(number: int, rng: random.Random) -> dict[str, object]:
    values: dict[str, object] = {name: f"{name[:6]}-{rng.randrange(10**6)}" for name in TEXTS}
    values["alive5_sessionID"] = f"session-{number:07}"
    values["start_time"] = START + number * 60_000
    values["end_time"] = START + number * 60_000 + 600_000
    values |= {f"new_{name}": rng.randrange(100) for name in NEW}
    values["chat_conversation"] = [
        {
            "created_at": START + number * 60_000 + 1000 * place,
            "created_by": rng.choice(("visitor", "Sam")),
            "message_content": " ".join(rng.choice(WORDS) for _ in range(rng.randrange(3, 16))),
        }
        for place in range(12)
    ]
    if rng.random() < 0.2:
        values[rng.choice(TEXTS)] = rng.choice(ODD)
    return values


def page(number: int, pages: int, size: int = 100, seed: int = 1) -> bytes:
    rng = random.Random(f"{seed}-{number}")
    rows = [row((number - 1) * size + place, rng) for place in range(size)] if 1 <= number <= pages else []
    data = {"Items": rows, "page": number, "totalPages": pages, "totalRecord": pages * size}
    return json.dumps({"code": 200, "data": data, "error": None}, ensure_ascii=False).encode()


class Rows:
    """Any number of rows, one each *step* milliseconds, made from a few prepared ones by putting in id and times."""

    def __init__(self, count: int, step: int = 60_000, distinct: int = 200) -> None:
        self.count, self.step = count, step
        rng = random.Random(1)
        self.prepared = []
        for _ in range(distinct):
            values = row(0, rng)
            values["alive5_sessionID"] = "@ID@"
            text = json.dumps(values, ensure_ascii=False)
            # Seconds and the ten-minute end keep their last four digits: they are offsets of the same minute.
            self.prepared.append(text.replace(str(START)[:-4], "@TIME@").encode())

    def one(self, number: int) -> bytes:
        minute = b"%d" % ((START + number * self.step) // 10_000)
        return (
            self.prepared[number % len(self.prepared)]
            .replace(b"@ID@", b"session-%07d" % number)
            .replace(b"@TIME@", minute)
        )

    def between(self, first: str | None, last: str | None) -> range:
        low = 0 if first is None else max(0, -((START - day(first)) // self.step))
        high = self.count if last is None else min(self.count, -((START - day(last) - DAY) // self.step))
        return range(low, max(low, high))

    def page(self, found: range, number: int, size: int) -> bytes:
        rows = found[(number - 1) * size : number * size] if number > 0 else found[:0]
        pages = -(-len(found) // size)
        facts = b'"page":%d,"totalPages":%d,"totalRecord":%d' % (number, pages, len(found))
        return b'{"code":200,"data":{"Items":[%b],%b},"error":null}' % (b",".join(map(self.one, rows)), facts)


def day(text: str) -> int:
    month, date, year = map(int, text[:10].split("-"))
    return int(datetime.datetime(year, month, date, tzinfo=datetime.timezone.utc).timestamp() * 1000)


TAGS = json.dumps({"code": 200, "data": [{"tag_id": "1", "tag_label": "VIP"}], "error": None}).encode()


def answer(body: bytes, compressed: bool) -> bytes:
    extra = b""
    if compressed and len(body) > 1000:
        body, extra = gzip.compress(body, 6), b"content-encoding: gzip\r\n"
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n%bcontent-length: %d\r\n\r\n%b" % (
        extra,
        len(body),
        body,
    )


class Server(asyncio.Protocol):
    asked = 0

    def __init__(self, options: argparse.Namespace, rows: Rows, answers: dict[bytes, bytes]) -> None:
        self.options, self.rows, self.answers = options, rows, answers
        self.buffer = b""
        self.tags = answer(TAGS, False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            self.reply(self.choose(head))

    def choose(self, head: bytes) -> bytes:
        target = head.split(b" ", 2)[1]
        if target == b"/asked":
            return answer(b"%d" % Server.asked, False)
        Server.asked += 1
        if b"page=" not in target:
            return self.tags
        if target not in self.answers:
            made = self.made(target)
            if len(self.answers) >= self.options.keep:
                return made
            self.answers[target] = made
        return self.answers[target]

    def made(self, target: bytes) -> bytes:
        query = dict(parse_qsl(urlsplit(target.decode()).query))
        found = self.rows.between(query.get("date_start"), query.get("date_end"))
        body = self.rows.page(found, int(query["page"]), min(int(query.get("limit", 100)), 100))
        return answer(body, self.options.gzip)

    def reply(self, data: bytes) -> None:
        if self.options.delay:
            asyncio.get_running_loop().call_later(self.options.delay, self.transport.write, data)
        else:
            self.transport.write(data)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rows", type=int, help="in place of pages of 100")
    parser.add_argument("--step", type=int, default=60_000, help="milliseconds between two rows, a multiple of 10,000")
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--keep", type=int, default=3000, help="answers kept ready to be sent")
    options = parser.parse_args()
    rows, answers = Rows(options.rows or options.pages * 100, options.step), dict[bytes, bytes]()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(options, rows, answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
