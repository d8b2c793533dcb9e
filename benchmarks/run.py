"""Measures every row, or those named, keeping the others in ``results.json``, and tells of all: ``run.py [b1 ...]``."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from told import Row, tell

HERE = Path(__file__).parent
KEPT = HERE / "results.json"
PACKAGES = ("alive5", "httpx", "httpcore", "anyio", "attrs", "cattrs", "msgspec", "orjson")
LIMIT = 900  # seconds a row may take before it is stopped; the longest takes three minutes


def measured(names: list[str]) -> list[Row]:
    found = []
    scripts = sorted(HERE.glob("b[0-9]*_*.py"), key=lambda path: int(path.stem.split("_")[0][1:]))
    about = {"on": str(datetime.date.today()), "with": versions()}
    for script in scripts:
        if names and script.stem.split("_")[0] not in names:
            continue
        done = subprocess.run(
            [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, timeout=LIMIT, check=True, cwd=HERE
        )
        for line in done.stdout.splitlines():
            print(line, flush=True)
            found.append({**json.loads(line), **about})
    return found


def versions() -> str:
    found = [f"CPython {platform.python_version()}", platform.system(), f"{os.cpu_count()} cores"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def main(names: list[str]) -> None:
    found = measured(names)
    again = {row["row"] for row in found}
    kept = [row for row in json.loads(KEPT.read_text()) if row["row"] not in again] if names else []
    rows = sorted([*kept, *found], key=lambda row: int(row["row"][1:]))
    KEPT.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    tell(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
