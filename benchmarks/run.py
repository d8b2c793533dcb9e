"""Runs every row, or those named, keeping the others, and writes ``RESULTS.md``: ``run.py [b1 b3 ...]``."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
PACKAGES = ("alive5", "httpx", "httpcore", "anyio", "attrs", "cattrs", "orjson")
LIMIT = 900


def rows(names: list[str]) -> list[dict[str, object]]:
    found = []
    scripts = sorted(HERE.glob("b[0-9]*_*.py"), key=lambda path: int(path.stem.split("_")[0][1:]))
    for script in scripts:
        if names and script.stem.split("_")[0] not in names:
            continue
        done = subprocess.run(
            [sys.executable, str(script)], capture_output=True, text=True, timeout=LIMIT, check=True, cwd=HERE
        )
        for line in done.stdout.splitlines():
            print(line, flush=True)
            found.append(json.loads(line))
    return found


def table(found: list[dict[str, object]], names: list[str]) -> str:
    lines = ["| row | work | median | min .. max | pairs | bar | met | notes |", "|---|---|---|---|---|---|---|---|"]
    known = {"row", "work", "median", "min", "max", "pairs", "bar", "met"}
    for row in found:
        notes = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.items() if name not in known)
        lines.append(
            f"| {row['row']} | {row['work']} | {row['median']:.2f} | {row['min']:.2f} .. {row['max']:.2f}"
            f" | {row['pairs']} | {row['bar']} | {'yes' if row['met'] else '**no**'} | {notes} |"
        )
    measured = {row["row"] for row in found}
    lines += [line for line in kept(names) if line.split()[1] not in measured]
    return "\n".join([*lines[:2], *sorted(lines[2:], key=lambda line: int(line.split()[1][1:]))])


def kept(names: list[str]) -> list[str]:
    """The rows of the last run, when only some are measured anew."""
    return [line for line in RESULTS.read_text().splitlines() if line.startswith("| B")] if names else []


def later(names: list[str]) -> str:
    """Say which rows are of a later run than the rest."""
    again = ", ".join(name.upper() for name in names)
    told = f"\n{again} were measured again in a run of their own, after changes to what they measure.\n"
    return told if names else ""


def main(names: list[str]) -> None:
    found = rows(names)
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    text = f"""# Results

Written by `nox -s bench`. Every figure compares two programs run in turn in one process tree on one machine
(A B A B ..., the median of the pairs' ratios); absolute times are left out because they belong to the machine.

{datetime.date.today()}, CPython {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores; {versions}.

{table(found, names)}
{later(names)}"""
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
