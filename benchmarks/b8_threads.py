"""B8: eight threads sharing one ``Alive5``, against eight threads with a ``httpx.Client`` each; requests a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import httpx
from pairs import ratio, server, show

from alive5 import Alive5

THREADS, CALLS = 8, 100


def race(work: Callable[[int], None]) -> float:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return THREADS * CALLS / (time.perf_counter() - started)


def main() -> None:
    with server("--pages", "1") as url, Alive5("test_key", base_url=url) as client:
        bare = [httpx.Client() for _ in range(THREADS)]

        def ours(_: int) -> None:
            for _ in range(CALLS):
                client.tags.list()

        def theirs(number: int) -> None:
            for _ in range(CALLS):
                bare[number].get(f"{url}/objects/tags/list").json()

        result = ratio(lambda: race(ours), lambda: race(theirs))
        for each in bare:
            each.close()
    show(
        "B8",
        "eight threads sharing a client, requests/s against a httpx.Client each",
        ">= 0.9",
        result,
        result["median"] >= 0.9,
    )


if __name__ == "__main__":
    main()
