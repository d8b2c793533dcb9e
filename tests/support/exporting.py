"""Exports of a sandbox and what they brought, compared with the truth."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import attrs

from alive5 import Alive5Error, ExportReport, RetryPolicy
from alive5.export.disk.files import Disk
from alive5.export.plan.job import is_sandbox
from alive5.export.plan.request import Request
from alive5.export.rows.json_lines import read_line
from alive5.export.run import Run
from alive5.sandbox import Sandbox
from alive5.sandbox.service.request import Asked

KINDS = ("livechat", "sms", "fbm")
DAY_MS = 86_400_000
JANUARY = {"start": "2026-01-01", "end": "2026-01-31"}
FIRST_MS = 1_767_225_600_000
QUICK = RetryPolicy(initial=0.001, maximum=0.002)


@attrs.frozen
class Outcome:
    """How an export ended."""

    report: ExportReport | None = None
    error: Alive5Error | None = None

    @property
    def is_loud(self) -> bool:
        """
        Whether it did not end with exit code 0.
        """
        return self.report is None or self.report.exit_code != 0


def export(
    sandbox: Sandbox,
    directory: Path,
    *,
    disk: Disk | None = None,
    clock: Callable[[], float] | None = None,
    retry: RetryPolicy = QUICK,
    edition: Any = None,
    **options: Any,
) -> ExportReport:
    """
    Export with the engine itself, which takes a disk and a clock.
    """

    async def main() -> ExportReport:
        async with sandbox.async_client(retry=retry, edition=edition) as client:
            extra = {name: value for name, value in (("disk", disk), ("clock", clock)) if value is not None}
            run = Run(
                request=Request(directory=directory, **{**JANUARY, **options}),
                caller=client._caller,
                origin=client._origins.base.url,
                sandbox=is_sandbox(client._caller.port),
                **extra,
            )
            return await run.run()

    return anyio.run(main)


def tried(sandbox: Sandbox, directory: Path, **options: Any) -> Outcome:
    """
    Export, keeping an error of ours as a value.
    """
    try:
        return Outcome(report=export(sandbox, directory, **options))
    except Alive5Error as error:
        return Outcome(error=error)


def found(directory: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """
    Read the JSON Lines the manifest names: rows by kind and id; a row that comes twice fails.
    """
    rows: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
    for entry in json.loads((directory / "MANIFEST.json").read_bytes())["files"]:
        if entry["format"] != "jsonl":
            continue
        with gzip.open(directory / entry["path"]) as lines:
            for line in lines:
                kind, name, row = read_line(line)
                assert name not in rows[kind], f"{kind} {name} came twice"
                rows[kind][name] = row
    return rows


def digests(directory: Path) -> dict[str, str]:
    """
    Return the digest of every file of the manifest.
    """
    entries = json.loads((directory / "MANIFEST.json").read_bytes())["files"]
    return {entry["path"]: entry["sha256"] for entry in entries}


def truth(sandbox: Sandbox, first_ms: int = FIRST_MS, days: int = 31) -> dict[str, set[str]]:
    """
    Return the ids of the true conversations that start in a period.
    """
    end = first_ms + days * DAY_MS
    return {
        kind: {row["alive5_sessionID"] for row in sandbox.conversations(kind) if first_ms <= row["start_time"] < end}
        for kind in KINDS
    }


def ids(directory: Path) -> dict[str, set[str]]:
    """
    Return the ids an export holds, by kind.
    """
    return {kind: set(rows) for kind, rows in found(directory).items()}


SIZES = {"livechat": 1500, "sms": 300, "fbm": 200, "clamped_limit": 20}
PERIOD = {"start": "2026-01-01", "end": "2026-02-28"}


def main(directory: str, log: str, concurrency: str, latency: str) -> int:
    """
    Export and say how it ended by the exit code.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(asked: Asked) -> None:
        os.write(descriptor, f"{asked.path}?{sorted(asked.query.items())}\n".encode())

    sandbox = Sandbox(seed=5, latency=float(latency), **SIZES)  # type: ignore[arg-type]
    sandbox.on_request = note
    with sandbox.client() as client:
        report = client.export(Path(directory), concurrency=int(concurrency), **PERIOD)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
