"""E2: a process killed at any moment loses nothing, doubles nothing and repeats little."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from support import exporting
from support.counts import count, measured, seed
from support.exporting import digests, found

from alive5.export.disk.files import Disk
from alive5.export.state.store import Store

EXPORTER = exporting.__file__
CONCURRENCY = 8
LEEWAY = 6
# Each run probes anew: of three kinds pages 0 and 1, the second page, an empty past, and a day.
PROBES = 3 * 5
PATIENCE = 60.0


def command(directory: Path, log: Path) -> list[str]:
    return [sys.executable, EXPORTER, str(directory), str(log), str(CONCURRENCY), "0.005"]


def requests_in(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def run_and_kill(directory: Path, log: Path, after: int, wait: float) -> bool:
    """
    Start an exporter and kill it once it made some requests; true when it had ended before.
    """
    process = subprocess.Popen(command(directory, log), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    give_up = time.monotonic() + PATIENCE
    try:
        while process.poll() is None and len(requests_in(log)) < after and time.monotonic() < give_up:
            time.sleep(0.002)
        time.sleep(wait)
        ended = process.poll() is not None
    finally:
        process.kill()
        _, errors = process.communicate(timeout=PATIENCE)
    assert errors == b"", errors.decode()
    return ended


@pytest.mark.promise("E2")
@pytest.mark.timeout(1800)
def test_killed_exports_resume_to_the_same_files(tmp_path: Path) -> None:
    rng = random.Random(seed())
    whole = tmp_path / "whole"
    subprocess.run(command(whole, tmp_path / "whole.log"), check=True, timeout=PATIENCE, capture_output=True)
    expected = digests(whole)
    usual = len(requests_in(tmp_path / "whole.log"))
    kills, number = count(ci=8, full=200), 0
    while kills > 0:
        directory, number = tmp_path / str(number), number + 1
        before: list[str] = []
        while True:
            log = tmp_path / f"{directory.name}-{len(before)}.log"
            ended = kills > 0 and run_and_kill(directory, log, rng.randint(0, usual), rng.random() * 0.05)
            if kills <= 0:
                subprocess.run(command(directory, log), check=True, timeout=PATIENCE, capture_output=True)
                ended = True
            asked = requests_in(log)
            repeated = sum((Counter(before) & Counter(asked)).values()) if before else 0
            before += asked
            measured(repeated_requests=repeated)
            # Each kill may cost what was in flight, and what was read but not committed. Where pages 0 and 1 are alike,
            # which proves no base, a window asks for both.
            assert repeated <= 2 * CONCURRENCY + LEEWAY + PROBES, f"{repeated} requests were repeated"
            if ended:
                break
            kills -= 1
        assert expected == digests(directory)
        assert sum(map(len, found(directory).values())) == sum(map(len, found(whole).values()))
        store = Store.open(directory, Disk())
        assert store.check() == "ok"
        store.close()
