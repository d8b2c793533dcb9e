"""Measuring two things in turn, A B A B ..., and giving the median of the pairs' ratios."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
PAIRS = 7
RUNS = 15
# Installed packages have bytecode; a checkout has it only where writing it is allowed.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextlib.contextmanager
def server(*options: str) -> Iterator[str]:
    command = [sys.executable, str(HERE / "server.py"), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()


def ratio(ours: Callable[[], float], theirs: Callable[[], float], pairs: int = PAIRS) -> dict[str, float]:
    ours(), theirs()
    found = []
    for number in range(pairs):
        # The second of a pair runs warmer: take turns at being first.
        if number % 2:
            b, a = theirs(), ours()
        else:
            a, b = ours(), theirs()
        found.append(a / b)
    return summary(found)


def started(*arguments: str) -> float:
    """Run Python anew; gives the milliseconds it took."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    return (time.perf_counter() - begun) * 1000


def difference(ours: list[str], theirs: list[str]) -> dict[str, float]:
    started(*ours), started(*theirs)
    return summary([started(*ours) - started(*theirs) for _ in range(RUNS)])


def summary(found: list[float]) -> dict[str, float]:
    return {"median": statistics.median(found), "min": min(found), "max": max(found), "pairs": len(found)}


def show(row: str, work: str, bar: str, result: dict[str, float], met: bool, **facts: object) -> None:
    print(json.dumps({"row": row, "work": work, "bar": bar, "met": met, **result, **facts}), flush=True)
