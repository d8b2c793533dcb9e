"""S6 with processes killed at any moment, two at a time: none sends a text twice, loses one or hides an unknown."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter, deque
from pathlib import Path

import pytest
from support import texting
from support.counts import count, measured, seed
from support.front import served

from alive5 import Ledger
from alive5.sandbox import Sandbox

PATIENCE = 60.0
FATES = {"accepted", "rejected", "not_sent", "unknown"}


class Crew:
    """Processes that send the same rows by one ledger, two at a time, and are killed."""

    def __init__(self, folder: Path, url: str, rows: list[dict[str, str]]) -> None:
        self._rows = folder / "rows.json"
        self._rows.write_text(json.dumps(rows))
        self.ledger, self.log, self._url = folder / "texts.ledger", folder / "log", f"{url}/public/1.0"

    def start(self) -> subprocess.Popen[bytes]:
        arguments = [self._url, str(self.ledger), str(self.log), str(self._rows)]
        return subprocess.Popen(
            [sys.executable, texting.__file__, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def finish(self) -> None:
        """Run one to its end."""
        process = self.start()
        try:
            _, errors = process.communicate(timeout=PATIENCE * 20)
        finally:
            process.kill()
        assert (0, b"") == (process.returncode, errors), errors.decode()


def kill_at(process: subprocess.Popen[bytes], sandbox: Sandbox, after: int, wait: float) -> bool:
    """
    Kill a process some seconds after the sandbox heard so many requests; false when it had ended before.
    """
    give_up = time.monotonic() + PATIENCE
    while process.poll() is None and len(sandbox.requests) < after and time.monotonic() < give_up:
        time.sleep(0.001)
    time.sleep(wait)
    ran = process.poll() is None
    process.kill()
    _, errors = process.communicate(timeout=PATIENCE)
    assert b"" == errors or ran, errors.decode()
    return ran


@pytest.mark.slow
@pytest.mark.promise("S6")
@pytest.mark.timeout(7200)
def test_killed_processes_on_one_ledger_send_each_text_once(tmp_path: Path) -> None:
    rng = random.Random(seed())
    kills, texts = count(ci=40, full=300), count(ci=240, full=10_000)
    rows = [
        {
            "phone_number": f"+1202{200 + number // 10_000}{number % 10_000:04d}",
            "message": f"Text {number}",
            "key": str(number),
        }
        for number in range(texts)
    ]
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, strict_ids=False, latency=0.002)
    with served(sandbox) as url:
        crew = Crew(tmp_path, url, rows)
        running = deque((crew.start(), crew.start()))
        try:
            for number in range(kills):
                after = int(texts / kills * (number + rng.random()))
                kill_at(running[0], sandbox, after, rng.random() * 0.05)
                running.rotate(-1)
                running[-1] = crew.start()
        finally:
            for process in running:
                process.kill()
                process.communicate(timeout=PATIENCE)
        crew.finish()
        arrived = Counter(str(delivery.arguments["message"]) for delivery in sandbox.deliveries)
    ledger = Ledger(crew.ledger)
    unknown = {entry.key for entry in ledger.unknown()}
    states = {key: entry.state for key in map(str, range(texts)) if (entry := ledger.entry(key)) is not None}
    measured(unknown=len(unknown))
    assert [] == [text for text, times in arrived.items() if times > 1]
    assert texts == len(states)
    assert set(states.values()) <= {"accepted", "unknown"}
    # Accepted arrived once; what did not arrive is named as unknown.
    assert [] == [key for key, state in states.items() if state == "accepted" and not arrived[f"Text {key}"]]
    assert {key for key, state in states.items() if state == "unknown"} == unknown
    assert {key for key in states if not arrived[f"Text {key}"]} <= unknown
    assert len(unknown) <= kills + 2
    last = [json.loads(line) for line in crew.log.read_text().splitlines()][-texts:]
    assert {key: "unknown" if key in unknown else "accepted" for key in states} == dict(last)
