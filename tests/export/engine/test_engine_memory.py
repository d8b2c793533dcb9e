"""E5: what an export holds in memory does not grow with what it fetches."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import counts
import pytest
from uncovered import uncovered

PROGRAM = Path(__file__).parent / "plenty.py"
SIZES = (20_000, 200_000, 1_000_000)


def peak(directory: Path, size: int) -> int:
    """
    Export so many chats in a process of its own; gives its peak in MiB.
    """
    command = [sys.executable, str(PROGRAM), str(directory), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=True, env=uncovered())
    exported, most = map(int, done.stdout.split())
    assert exported == size
    return most


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.promise("E5")
def test_memory_stays_flat(tmp_path: Path) -> None:
    most = counts.count(ci=SIZES[0], full=SIZES[-1])
    peaks = [peak(tmp_path / str(size), size) for size in SIZES if size <= most]
    counts.measured(peak_mib=max(peaks), growth_percent=round(100 * max(peaks) / peaks[0]) - 100)
    assert max(peaks) < 150
    assert max(peaks[:2]) <= 1.1 * peaks[0], "from 20,000 to 200,000"
