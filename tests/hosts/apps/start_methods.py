"""Processes of each start method using one module-level client, which the parent uses before and after them."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import pickle
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from alive5 import Alive5, Alive5Error, AsyncAlive5, RetryPolicy

client = Alive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())
aclient = AsyncAlive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())


def blocking(number: int) -> bool:
    token = f"{os.getpid()}-{number}"
    return bool(client.call("GET", "/echo", params={"token": token})["token"] == token)


def asynchronous(number: int) -> bool:
    async def several() -> bool:
        tokens = [f"{os.getpid()}-{number}-{part}" for part in range(3)]
        echoes = await asyncio.gather(*(aclient.call("GET", "/echo", params={"token": token}) for token in tokens))
        return tokens == [echo["token"] for echo in echoes]

    return asyncio.run(several())


def listing(_: int) -> int:
    return len(client.conversations.livechat(prefetch=3).list())


def refused(front: str) -> None:
    if front == "blocking":
        client.call("GET", "/refuse")
    asyncio.run(aclient.call("GET", "/refuse"))


def unreachable(_: int) -> None:
    lost = Alive5("test_key_hosts", base_url="http://127.0.0.1:9", timeout=1.0)
    lost.sms.send(
        phone_number_from="+12025550100",
        phone_number_to="+12025550123",
        message="Hello",
        channel_id="channel-1",
        user_id="user-1",
    )


def invalid(_: int) -> None:
    client.conversations.livechat(limit=0)


def error_of(pool: ProcessPoolExecutor, work: Any, argument: Any) -> dict[str, Any]:
    try:
        pool.submit(work, argument).result(timeout=20)
    except Alive5Error as error:
        return {**error.to_dict(), "again": pickle.loads(pickle.dumps(error)).to_dict() == error.to_dict()}
    return {}


def main(method: str) -> dict[str, Any]:
    context = multiprocessing.get_context(method)
    before = [blocking(0), asynchronous(0)]
    with context.Pool(2) as pool:
        children = {
            "blocking": pool.map(blocking, range(10), chunksize=1),
            "asynchronous": pool.map(asynchronous, range(10), chunksize=1),
            "listing": pool.map(listing, range(2), chunksize=1),
        }
        pool.close()
        pool.join()
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        errors = {
            "blocking": error_of(executor, refused, "blocking"),
            "asynchronous": error_of(executor, refused, "asynchronous"),
            "unreachable": error_of(executor, unreachable, 0),
            "invalid": error_of(executor, invalid, 0),
        }
    return {"before": before, **children, "errors": errors, "after": [blocking(1), asynchronous(1)]}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
