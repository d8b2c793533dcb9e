"""What the runs of promises came to: kept as JSON, shown as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
from promises.catalogue import BOUNDS, SENTENCES

HEAD = """\
# Promises, and what was measured

Written by `nox -s promises`, which tries every promise at its full count; a row stands here only when it was
measured and kept. Every test of the project runs with smaller counts as well. A seed repeats a run:
`ALIVE5_SEED=... ALIVE5_FULL=1 pytest <test>`.

| promise | sentence | tests | tries | result | seeds | measured | with | on |
|---|---|---|---|---|---|---|---|---|
"""


@attrs.frozen(kw_only=True)
class Run:
    """One run of one promise, whole or a shard of it."""

    promise: str
    shard: str
    tests: dict[str, dict[str, Any]]
    versions: dict[str, str]
    date: str

    @property
    def failed(self) -> int:
        """How many tests failed."""
        return sum(test["outcome"] == "failed" for test in self.tests.values())


def save(folder: Path, run: Run) -> None:
    """
    Keep a run; it replaces the one of the same shard.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path(folder, run.promise, run.shard).write_text(json.dumps(attrs.asdict(run), indent=1) + "\n")


def path(folder: Path, promise: str, shard: str) -> Path:
    """
    Return the file of a run.
    """
    return folder / (f"{promise}.json" if shard == "1/1" else f"{promise}.{shard.replace('/', '-of-')}.json")


def load(folder: Path, promise: str) -> Run | None:
    """
    Return the newest whole run of a promise, or its shards put together when none is missing.
    """
    files = [folder / f"{promise}.json", *sorted(folder.glob(f"{promise}.*-of-*.json"))]
    runs = [Run(**json.loads(file.read_text())) for file in files if file.exists()]
    whole: dict[str, list[Run]] = {}
    for run in runs:
        whole.setdefault(run.shard.partition("/")[2], []).append(run)
    complete = [_merged(parts) for number, parts in whole.items() if len(parts) == int(number)]
    return max(complete, key=lambda run: run.date, default=None)


def _merged(parts: list[Run]) -> Run:
    last = max(parts, key=lambda run: run.date)
    return attrs.evolve(last, shard="1/1", tests={name: test for run in parts for name, test in run.tests.items()})


def table(runs: Iterable[Run]) -> str:
    """
    Write the page: kept promises as rows, what limits them, and what was not kept.
    """
    runs = list(runs)
    kept = [run for run in runs if not run.failed and any(test["outcome"] == "passed" for test in run.tests.values())]
    rows = "".join(f"| {' | '.join(_cells(run))} |\n" for run in kept)
    bounds = [f"- {run.promise}: {BOUNDS[run.promise]}\n" for run in kept if run.promise in BOUNDS]
    broken = [f"- {run.promise}: {run.failed} of {len(run.tests)} tests failed\n" for run in runs if run not in kept]
    return "".join(
        [HEAD, rows]
        + (["\n## What they do not cover\n\n", *bounds] if bounds else [])
        + (["\n## Measured and not kept\n\n", *broken] if broken else [])
    )


def _cells(run: Run) -> list[str]:
    tests = list(run.tests.values())
    tries = sum(test["count"] for test in tests)
    skipped = sum(test["outcome"] == "skipped" for test in tests)
    names = sorted({name.partition("[")[0].removeprefix("tests/") for name in run.tests})
    seeds = [str(seed) for test in tests for seed in test["seeds"]]
    return [
        run.promise,
        SENTENCES[run.promise],
        "<br>".join(f"`{name}`" for name in names),
        f"{tries:,}" if tries else f"{len(tests) - skipped:,} cases",
        "kept" + (f" ({skipped} cases skipped)" if skipped else ""),
        " ".join(seeds[:6]) + (f" and {len(seeds) - 6} more" if len(seeds) > 6 else ""),
        _measured(tests),
        ", ".join(f"{name} {version}" for name, version in run.versions.items()),
        run.date[:10],
    ]


def _measured(tests: list[dict[str, Any]]) -> str:
    values: dict[str, Any] = {}
    for test in tests:
        for name, value in test["measured"].items():
            added = name.startswith("ended ")
            values[name] = values.get(name, 0) + value if added else max(value, values.get(name, value))
    return "; ".join(f"{name.replace('_', ' ')}: {value:,}" for name, value in sorted(values.items()))
