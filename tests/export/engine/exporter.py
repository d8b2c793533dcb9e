"""A program that exports a sandbox of its own, to be killed; it notes every request before it is answered."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from alive5.sandbox import Sandbox
from alive5.sandbox.service.request import Asked

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
