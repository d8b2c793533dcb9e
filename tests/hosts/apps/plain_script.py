"""A script that uses both fronts in loops, threads and a fork, and closes nothing."""

from __future__ import annotations

import asyncio
import atexit
import os
import sys
import threading
import time
import warnings
from collections import Counter
from pathlib import Path

from alive5 import Alive5, AsyncAlive5, RetryPolicy

TASKS = Path("/proc/self/task")
warnings.simplefilter("ignore", DeprecationWarning)
client = Alive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())
aclient = AsyncAlive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())


def echo(number: int) -> bool:
    token = f"{os.getpid()}-{number}"
    return bool(client.call("GET", "/echo", params={"token": token})["token"] == token)


async def several() -> list[int]:
    tags = await asyncio.gather(*(aclient.tags.list() for _ in range(3)))
    chats = await aclient.conversations.livechat(prefetch=3).list()
    return [*map(len, tags), len(chats)]


async def inside_a_loop() -> int:
    return len(client.tags.list())


def in_threads(count: int) -> Counter[bool]:
    right: Counter[bool] = Counter()
    threads = [threading.Thread(target=lambda number=number: right.update([echo(number)])) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return right


def wait_for_ended_threads() -> None:
    """
    Wait until threads that were joined are gone from the system, too.

    OpenSSL 3.0 holds a lock while a thread that used TLS ends. A child forked at
    that moment waits for it for ever when it exits, whatever it did.
    """
    while TASKS.exists() and len(list(TASKS.iterdir())) > threading.active_count():
        time.sleep(0.001)


def main() -> None:
    found = [asyncio.run(several()) for _ in range(3)]
    assert found == [[1, 1, 1, 30]] * 3, found
    assert asyncio.run(inside_a_loop()) == 1
    assert len(client.conversations.livechat(prefetch=4).list()) == 30
    assert in_threads(64) == {True: 64}
    wait_for_ended_threads()
    pid = os.fork()
    if pid == 0:
        assert echo(100)
        assert asyncio.run(several()) == found[0]
        sys.exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert len(client.tags.list()) == 1
    print("python", sys.version.split()[0], "done")


def at_exit() -> None:
    """
    Read while Python ends, when some of its versions start no thread any more.
    """
    assert len(client.conversations.livechat(prefetch=4).list()) == 30
    print("read at exit")


if __name__ == "__main__":
    atexit.register(at_exit)
    main()
