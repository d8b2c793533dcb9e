"""Fifty forks of a process whose threads or tasks are in the middle of calls, over one client."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import warnings
from collections.abc import Callable

from alive5 import Alive5, AsyncAlive5, RetryPolicy

FORKS = 50
# Python 3.12 advises against forking a process with threads, which is the point here.
warnings.simplefilter("ignore", DeprecationWarning)

client = Alive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())
aclient = AsyncAlive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())


client.tags.list()


def call(name: object) -> bool:
    token = f"{os.getpid()}-{name}"
    return bool(client.call("GET", "/echo", params={"token": token})["token"] == token)


async def acall(name: object) -> bool:
    token = f"{os.getpid()}-{name}"
    return bool((await aclient.call("GET", "/echo", params={"token": token}))["token"] == token)


def fork(work: Callable[[], bool]) -> int:
    pid = os.fork()
    if pid == 0:
        status = 3
        try:
            status = 0 if work() else 2
        finally:
            os._exit(status)
    return pid


def status_of(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def blocking() -> list[int]:
    over, wrong = threading.Event(), []

    def load(thread: int) -> None:
        while not over.is_set():
            if not call(f"load-{thread}"):
                wrong.append(thread)

    threads = [threading.Thread(target=load, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    statuses = [status_of(fork(lambda n=number: call(n) and call(n))) for number in range(FORKS)]  # type: ignore[misc]
    over.set()
    for thread in threads:
        thread.join()
    return [*statuses, *(1 for _ in wrong)]


async def asynchronous() -> list[int]:
    async def load(task: int) -> int:
        while len(statuses) < FORKS:
            if not await acall(f"load-{task}"):
                return 1
        return 0

    async def twice(number: int) -> bool:
        return await acall(number) and await acall(number)

    statuses: list[int] = []
    tasks = [asyncio.create_task(load(number)) for number in range(6)]
    for number in range(FORKS):
        await asyncio.sleep(0.002)
        pid = fork(lambda n=number: asyncio.run(twice(n)))  # type: ignore[misc]
        statuses.append(await asyncio.to_thread(status_of, pid))
    return [*statuses, *(await asyncio.gather(*tasks))]


print(json.dumps(blocking() if sys.argv[1] == "blocking" else asyncio.run(asynchronous())))
