"""
A raw asyncio server that answers prepared bytes after a set delay, in its own process.

``python benchmarks/server.py --delay 0.05 --pages 200 --gzip`` prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import re

ODD = (None, "", 0, 12, 1.5, True, "12", [], {}, ["x"], {"a": 1}, "2026-01-01", -1, "٣")
WORDS = "hello please order number tomorrow thanks help refund ship blue table window maybe again".split()
TEXTS = (
    "org_name channel_id channel_name crm_id agent_id assigned_to contacts_first_name contacts_last_name contacts_email"
    " contacts_phone contacts_notes alive_sms_phone_number ip_address city state country zip referrer_url page_url"
).split()
START = 1_767_225_600_000


def row(number: int, rng: random.Random) -> dict[str, object]:
    values: dict[str, object] = {name: f"{name[:6]}-{rng.randrange(10**6)}" for name in TEXTS}
    values["alive5_sessionID"] = f"session-{number:07}"
    values["start_time"] = START + number * 60_000
    values["end_time"] = START + number * 60_000 + 600_000
    values |= {f"new_{name}": rng.randrange(100) for name in ("score", "queue", "wait", "bot", "lang", "flow", "rate", "kind")}
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


TAGS = json.dumps({"code": 200, "data": [{"tag_id": "1", "tag_label": "VIP"}], "error": None}).encode()


def answer(body: bytes, compressed: bool) -> bytes:
    extra = b""
    if compressed and len(body) > 1000:
        body, extra = gzip.compress(body, 6), b"content-encoding: gzip\r\n"
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n%bcontent-length: %d\r\n\r\n%b" % (extra, len(body), body)


class Server(asyncio.Protocol):
    def __init__(self, delay: float, pages: int, distinct: int, compressed: bool, answers: dict[int, bytes]) -> None:
        self.delay, self.pages, self.distinct, self.compressed, self.answers = delay, pages, distinct, compressed, answers
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
        found = re.search(rb"[?&]page=(\d+)", head)
        if found is None:
            return self.tags
        number = int(found[1])
        key = number if number > self.pages or number < 1 else (number - 1) % self.distinct + 1 if self.distinct else number
        if key not in self.answers:
            self.answers[key] = answer(page(key, self.pages), self.compressed)
        return self.answers[key]

    def reply(self, data: bytes) -> None:
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, data)
        else:
            self.transport.write(data)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--distinct", type=int, default=0, help="prepare only so many pages")
    parser.add_argument("--gzip", action="store_true")
    options = parser.parse_args()
    answers: dict[int, bytes] = {}
    for number in range(options.distinct or options.pages + 3):
        answers[number] = answer(page(number, options.pages), options.gzip)
    loop = asyncio.get_running_loop()
    made = lambda: Server(options.delay, options.pages, options.distinct, options.gzip, answers)  # noqa: E731
    server = await loop.create_server(made, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
