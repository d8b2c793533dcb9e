"""A WSGI application whose views run a module-level ``AsyncAlive5`` in a loop for each request."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from alive5 import AsyncAlive5, RetryPolicy

client = AsyncAlive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())
numbers = itertools.count()


async def answer() -> dict[str, Any]:
    asked = f"{os.getpid()}-{next(numbers)}"
    echo, tags = await asyncio.gather(client.call("GET", "/echo", params={"token": asked}), client.tags.list())
    return {"pid": os.getpid(), "asked": asked, "echoed": echo["token"], "tag": tags[0].tag_id, "chats": 0}


asyncio.run(answer())


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = json.dumps(asyncio.run(answer())).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]
