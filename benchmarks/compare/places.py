"""A sandbox on a port, a program beside it, and what became of its rows and texts."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import uvicorn

from alive5 import open_export
from alive5.sandbox import Sandbox

HERE = Path(__file__).parent
KINDS = ("livechat", "sms", "fbm")
NOW = datetime.now(timezone.utc).replace(microsecond=0)
START, END = (str((NOW - timedelta(days=days)).date()) for days in (90, 1))


@attrs.frozen
class Place:
    """Where a program runs: its sandbox, its folder, and its environment."""

    sandbox: Sandbox
    folder: Path
    url: str
    way: str

    def run(self, job: str, *arguments: str) -> int:
        """Run the program of a job to its end, and return its exit code."""
        process = self.start(job, *arguments)
        process.wait(300)
        return process.returncode

    def start(self, job: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the program of a job."""
        environment = {
            **os.environ,
            "ALIVE5_BASE_URL": self.url,
            "ALIVE5_READ_URL": self.url,
            "ALIVE5_API_KEY": "test_key_compare",
        }
        command = [sys.executable, str(HERE / f"{job}_{self.way}.py"), *arguments]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self.folder, env=environment, stdout=quiet, stderr=quiet)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the conversations a program brought."""
        path = self.folder / name
        if path.is_dir():
            return list(open_export(path).delivered())
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@contextlib.contextmanager
def place(way: str, seed: int, quirks: dict[str, Any]) -> Iterator[Place]:
    """A sandbox on a port of this machine, and a folder beside it."""
    sandbox = Sandbox(seed=seed, livechat=700, sms=250, fbm=150, now=NOW, **quirks)
    server = uvicorn.Server(uvicorn.Config(sandbox.asgi, port=0, log_level="critical"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        yield Place(sandbox, Path(folder), f"http://127.0.0.1:{port}/public/1.0", way)
    server.should_exit = True


def judged(truth: list[dict[str, Any]], rows: list[dict[str, Any]]) -> tuple[int, int]:
    """Return how many true conversations are missing or older than the truth, and how many rows are doubles."""
    brought = Counter((row["kind"], row["alive5_sessionID"]) for row in rows)
    newest = {(row["kind"], row["alive5_sessionID"]): row for row in rows}
    lost = 0
    for row in truth:
        found = newest.get((row["kind"], row["alive5_sessionID"]))
        known = (found or {}).get("chat_conversation", row["chat_conversation"])
        lost += found is None or len(known) < len(row["chat_conversation"])
    return lost, sum(brought.values()) - len(brought)


def truth_of(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Return the true conversations of the period."""
    bounds = [datetime.fromisoformat(day).replace(tzinfo=timezone.utc).timestamp() * 1000 for day in (START, END)]
    rows = [{**row, "kind": kind} for kind in KINDS for row in sandbox.conversations(kind)]
    return [row for row in rows if bounds[0] <= row["start_time"] < bounds[1] + 86_400_000]


def delivered(here: Place, numbers: list[str]) -> tuple[int, int]:
    """Return how many numbers got no text, and how many texts came a second time."""
    got = Counter(str(text.arguments["phone_number_to"]) for text in here.sandbox.deliveries)
    return sum(number not in got for number in numbers), sum(got.values()) - len(got)


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write a CSV file."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
