"""B11: ``alive5 --version`` against bare Python; milliseconds more."""

from __future__ import annotations

import subprocess
import sys
import time

from b9_import import run
from pairs import ENVIRONMENT, show, summary

RUNS = 15


def version() -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "alive5", "--version"], check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT
    )
    return (time.perf_counter() - started) * 1000


def main() -> None:
    version(), run("pass")
    result = summary([version() - run("pass") for _ in range(RUNS)])
    show("B11", "alive5 --version, ms more than bare Python", "<= +120 ms", result, result["median"] <= 120)


if __name__ == "__main__":
    main()
