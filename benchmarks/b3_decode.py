"""B3: one page of 100 chats from bytes to models, against ``orjson.loads`` of the same bytes."""

from __future__ import annotations

import gc
import time

import orjson
from pairs import ratio, show
from server import ODD, START, page, row

from alive5._sansio.decode import shape_all
from alive5._sansio.envelope import Opened, open_reply, rows_of
from alive5._sansio.wire import Reply
from alive5.models import LivechatConversation

ROUNDS = 60
SURPRISES = (*ODD, 10**30, "\ud800", {"deep": [[[[]]]]}, 1e400, "x" * 5000)


def read(body: bytes) -> list[LivechatConversation]:
    opened = open_reply(Reply(status=200, body=body))
    assert isinstance(opened, Opened)
    return shape_all(LivechatConversation, rows_of(opened.data))


def survived() -> int:
    import json
    import random

    count = 0
    for surprise in SURPRISES:
        values = row(1, random.Random(1))
        for name in list(values):
            values[name] = surprise
        values["chat_conversation"] = [
            {"created_at": surprise, "message_content": surprise, "unknown": surprise},
            surprise,
        ]
        values["unknown"] = START
        chats = read(json.dumps({"code": 200, "data": [values]}).encode())
        count += len(chats) == 1 and chats[0].extra["unknown"] == START and isinstance(chats[0].messages, list)
    return count


def main() -> None:
    body = page(1, 1)

    def ours() -> float:
        started = time.process_time()
        for _ in range(ROUNDS):
            read(body)
        return time.process_time() - started

    def theirs() -> float:
        started = time.process_time()
        for _ in range(ROUNDS):
            orjson.loads(body)
        return time.process_time() - started

    gc.collect()
    result = ratio(ours, theirs, 15)
    kept = survived()
    met = result["median"] <= 1.5 and kept == len(SURPRISES)
    show(
        "B3",
        "a page of 100 chats to models against orjson.loads",
        "<= 1.5",
        result,
        met,
        odd_values=f"{kept} of {len(SURPRISES)}",
    )


if __name__ == "__main__":
    main()
