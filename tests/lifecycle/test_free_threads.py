"""The program of ``nox -s free_threads`` works here, too, where the GIL is on; what was not tried it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[1] / "hosts" / "apps" / "free_threads.py"


def test_threads_an_export_and_a_sub_interpreter() -> None:
    command = [sys.executable, str(PROGRAM), "20"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert 0 == done.returncode, done.stderr
    lines = done.stdout.splitlines()
    assert ["8 threads x 20 texts, each delivered once", "an export of 300 chats"] == lines[1:3]
    assert all(
        line.startswith(("NOT TRIED: ", "the GIL stays off", "a sub-interpreter")) for line in (lines[0], *lines[3:])
    )
