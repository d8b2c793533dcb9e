"""B13: ``alive5 export --since-last`` of a year with 100,000 chats and 50 new ones, from start to exit code."""

from __future__ import annotations

import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from pairs import ENVIRONMENT, server, show, summary
from peers import measured, python
from server import START

CHATS, NEW, PAIRS = 100_000, 50, 3
SWEEP = 200  # what a night may ask for beside what is new, by default
REQUESTS, MEMORY = 15, 90


def night(url: str, directory: str, *options: str) -> tuple[float, float, int]:
    ENVIRONMENT.update(ALIVE5_BASE_URL=url, ALIVE5_API_KEY="test_key")
    command = [sys.executable, "-m", "alive5", "export", directory, "--kinds", "livechat", *options]
    return measured(command, 1800)


def asked(url: str) -> int:
    with urllib.request.urlopen(f"{url}/asked") as answer:
        return int(answer.read())


def main() -> None:
    dlt = python("dlt", "dlt[filesystem]", "requests")
    step = int((time.time() * 1000 - 3_600_000 - START) / (CHATS + NEW)) // 10_000 * 10_000
    with tempfile.TemporaryDirectory() as home:
        directory = str(Path(home) / "out")
        with server("--rows", str(CHATS), "--step", str(step)) as url:
            night(url, directory, "--start", "2026-01-01")
        with server("--rows", str(CHATS + NEW), "--step", str(step)) as url:
            first, before = night(url, directory, "--since-last"), asked(url)
            alone = [night(url, directory, "--since-last", "--sweep", "none")]
            without = asked(url) - before
            pairs = [
                (night(url, directory, "--since-last")[1], measured([dlt, "-c", "import dlt"])[1]) for _ in range(PAIRS)
            ]
            usual = (asked(url) - before - without) // PAIRS
    result = summary([ours / theirs for ours, theirs in pairs])
    notes = {
        "requests": f"{usual}, {before} in the first night",
        "without a sweep": f"{without} requests, {alone[0][1]:.1f} s of CPU",
        "memory": f"{first[2]} MiB",
        "CPU": f"{first[1]:.1f} s",
        "wall": f"{first[0]:.1f} s",
    }
    met = result["median"] <= 1.0 and usual - SWEEP <= REQUESTS and first[2] <= MEMORY
    bar = f"<= 1.0, {REQUESTS} requests beside the sweep's {SWEEP}, {MEMORY} MiB"
    show(
        "B13",
        "a night of an account of 100,000 chats, 50 of them new, CPU against import dlt",
        bar,
        result,
        met,
        **notes,
    )


if __name__ == "__main__":
    main()
