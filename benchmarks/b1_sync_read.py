"""B1: one small read, blocking, against a bare ``httpx.Client``; CPU per call."""

from __future__ import annotations

import time

import httpx
from pairs import ratio, server, show

from alive5 import Alive5

CALLS = 400


def main() -> None:
    with server("--pages", "1") as url, Alive5("test_key", base_url=url) as client, httpx.Client() as bare:

        def ours() -> float:
            started = time.process_time()
            for _ in range(CALLS):
                client.tags.list()
            return time.process_time() - started

        def theirs() -> float:
            started = time.process_time()
            for _ in range(CALLS):
                bare.get(f"{url}/objects/tags/list").json()
            return time.process_time() - started

        result = ratio(ours, theirs)
    show("B1", "one small read, blocking, CPU per call against httpx.Client", "<= 1.0", result, result["median"] <= 1.0)


if __name__ == "__main__":
    main()
