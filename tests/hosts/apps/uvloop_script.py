"""Three runs of uvloop, and one of asyncio's own loop, with one client."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import uvloop

from alive5 import AsyncAlive5, RetryPolicy

aclient = AsyncAlive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())


async def several(run: int) -> dict[str, Any]:
    tokens = [f"{os.getpid()}-{run}-{part}" for part in range(5)]
    echoes = await asyncio.gather(*(aclient.call("GET", "/echo", params={"token": token}) for token in tokens))
    task = asyncio.create_task(aclient.call("GET", "/echo", params={"token": f"{os.getpid()}-cancelled"}))
    await asyncio.sleep(0.005)
    task.cancel()
    cancelled = await asyncio.gather(task, return_exceptions=True)
    return {
        "loop": type(asyncio.get_running_loop()).__module__,
        "right": tokens == [echo["token"] for echo in echoes],
        "cancelled": type(cancelled[0]).__name__,
        "chats": len(await aclient.conversations.livechat(prefetch=3).list()),
    }


print(json.dumps([*(uvloop.run(several(run)) for run in range(3)), asyncio.run(several(3))]))
