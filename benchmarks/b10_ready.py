"""B10: a process with a client ready to call, and with its first answer, against one with a ``httpx.Client``; CPU."""

from __future__ import annotations

import sys

from pairs import RUNS, ratio, server, show
from peers import measured

OURS = 'import alive5; client = alive5.Alive5("test_key", base_url="{url}")'
THEIRS = "import httpx; client = httpx.Client()"


def cpu(code: str) -> float:
    return measured([sys.executable, "-c", code])[1]


def compare(work: str, ours: str, theirs: str) -> None:
    result = ratio(lambda: cpu(ours), lambda: cpu(theirs), RUNS)
    show("B10", work, "<= 1.0", result, result["median"] <= 1.0)


def main() -> None:
    with server() as url:
        ours, get = OURS.format(url=url), f'client.get("{url}/1.0/objects/tags/list").json()'
        compare("a new process with a client ready, against httpx.Client(), CPU", ours, THEIRS)
        compare(
            "its first call over plain HTTP, against httpx.Client's, CPU",
            f"{ours}; client.tags.list()",
            f"{THEIRS}; {get}",
        )


if __name__ == "__main__":
    main()
