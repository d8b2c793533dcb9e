"""An ASGI application over one module-level ``AsyncAlive5``, used before the server's loop and never closed."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import threading
from typing import Any

from alive5 import AsyncAlive5, RetryPolicy

client = AsyncAlive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())
numbers = itertools.count()


async def answer(chats: bool) -> dict[str, Any]:
    asked = f"{os.getpid()}-{next(numbers)}"
    echo, tags = await asyncio.gather(client.call("GET", "/echo", params={"token": asked}), client.tags.list())
    found = await client.conversations.livechat(prefetch=3).list(max_items=12) if chats else []
    tag = tags[0].tag_id
    return {"pid": os.getpid(), "asked": asked, "echoed": echo["token"], "tag": tag, "chats": len(found)}


def use_before() -> None:
    asyncio.run(answer(True))


# A server may import the application inside its running loop; a loop of its own then needs a thread.
starter = threading.Thread(target=use_before)
starter.start()
starter.join()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body = json.dumps(await answer("chats" in scope["path"])).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
