"""B6: 2,000 pages at 5 ms to disk, against raw sockets, a generated client and a naive loop; wall, and growth."""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path

from generated import generated
from pairs import server, show, summary
from peers import HERE, measured

PAGES, DELAY, PAIRS = 2000, 0.005, 5


def days(pages: int) -> int:
    return -(-pages * 100 // 1440)


def main() -> None:
    client = generated()
    with tempfile.TemporaryDirectory() as home:
        turn = 0

        def run(url: str, script: str, *more: object, program: str = sys.executable) -> float:
            nonlocal turn
            turn += 1
            return measured([program, str(HERE / script), url, str(Path(home) / f"run{turn}"), *map(str, more)])[0]

        # Ours asks day by day, for pages of its own: all of them are made once before the turns are timed.
        with server("--pages", str(PAGES), "--delay", str(DELAY), "--keep", str(3 * PAGES)) as url:
            run(url, "export_floor.py", PAGES), run(url, "export_ours.py", days(PAGES))
            turns = [
                (
                    run(url, "export_ours.py", days(PAGES)),
                    run(url, "export_floor.py", PAGES),
                    run(url, "export_generated.py", PAGES, program=client),
                    run(url, "export_bare.py", PAGES),
                )
                for _ in range(PAIRS)
            ]
            naive = run(url, "export_naive.py")
        walls = {PAGES: sorted(a for a, *_ in turns)[PAIRS // 2]}
        for pages in (PAGES // 4, PAGES // 2):
            with server("--pages", str(pages), "--delay", str(DELAY)) as url:
                walls[pages] = run(url, "export_ours.py", days(pages))
    floor = summary([a / b for a, b, *_ in turns])
    peer = summary([a / c for a, _, c, _ in turns])
    loop = summary([a / naive for a, *_ in turns])
    bare = summary([a / d for a, _, _, d in turns])
    exponent = math.log(walls[PAGES] / walls[PAGES // 4]) / math.log(4)
    show(
        "B6",
        "export of 2,000 pages at 5 ms against raw sockets, wall",
        "<= 2.6",
        floor,
        floor["median"] <= 2.6,
        beside={
            "raw sockets": 1 / floor["median"],
            "bare httpx, 8 in flight": 1 / bare["median"],
            "a generated client": 1 / peer["median"],
            "a loop of requests": 1 / loop["median"],
        },
    )
    show("B6", "the same against bare httpx, 8 in flight, wall", "<= 1.4", bare, bare["median"] <= 1.4)
    show("B6", "the same against a generated client, 8 in flight, wall", "<= 0.5", peer, peer["median"] <= 0.5)
    show(
        "B6",
        "the same against a naive loop, wall",
        "<= 0.35",
        loop,
        loop["median"] <= 0.35,
        growth=f"rows to the power of {exponent:.2f}",
    )


if __name__ == "__main__":
    main()
