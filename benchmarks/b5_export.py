"""B5: 200 pages at 50 ms to disk, against dlt with eight deferred workers, a naive loop and raw sockets."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from pairs import server, show, summary
from peers import HERE, measured, python

PAGES, DELAY, PAIRS = 200, 0.05, 5
DAYS = -(-PAGES * 100 // 1440)


def main() -> None:
    dlt = python("dlt", "dlt[filesystem]", "requests")
    with server("--pages", str(PAGES), "--delay", str(DELAY)) as url, tempfile.TemporaryDirectory() as home:
        turn = 0

        def run(program: str, script: str, *more: object) -> tuple[float, float, int]:
            nonlocal turn
            turn += 1
            return measured([program, str(HERE / script), url, str(Path(home) / f"run{turn}"), *map(str, more)])

        def ours() -> tuple[float, float, int]:
            return run(sys.executable, "export_ours.py", DAYS)

        ours(), run(dlt, "export_dlt.py", PAGES)
        pairs = [(ours(), run(dlt, "export_dlt.py", PAGES)) for _ in range(PAIRS)]
        wall, cpu = summary([a[0] / b[0] for a, b in pairs]), summary([a[1] / b[1] for a, b in pairs])
        naive = run(sys.executable, "export_naive.py")[0]
        floor = run(sys.executable, "export_floor.py", PAGES)[0]
        mine = sorted(a[0] for a, _ in pairs)[PAIRS // 2]
    notes = {"of a naive loop": f"{mine / naive:.2f}", "of the raw-socket floor": f"{mine / floor:.2f}"}
    beside = {"dlt": 1 / wall["median"], "a loop of requests": naive / mine, "raw sockets": floor / mine}
    show(
        "B5",
        "export of 200 pages at 50 ms against dlt, wall",
        "<= 0.35",
        wall,
        wall["median"] <= 0.35,
        beside=beside,
        cpu=cpu,
        **notes,
    )
    show(
        "B5",
        "the same, CPU",
        "<= 0.18",
        cpu,
        cpu["median"] <= 0.18,
        memory=f"{pairs[0][0][2]} against {pairs[0][1][2]} MiB",
    )


if __name__ == "__main__":
    main()
