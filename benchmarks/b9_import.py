"""B9: ``import alive5`` in a new process, against bare Python; milliseconds more."""

from __future__ import annotations

import subprocess
import sys
import time

from pairs import ENVIRONMENT, show, summary

RUNS = 15


def run(code: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    run("import alive5"), run("pass")
    result = summary([run("import alive5") - run("pass") for _ in range(RUNS)])
    show("B9", "import alive5, ms more than bare Python", "<= +8 ms", result, result["median"] <= 8)


if __name__ == "__main__":
    main()
