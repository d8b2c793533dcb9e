"""E5: what an export holds in memory does not grow with what it fetches."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import counts
import plenty
import pytest
from uncovered import uncovered

from alive5.export.harvest import Harvest
from alive5.export.reading import Reader

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


def test_few_windows_are_read_at_once_when_they_are_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way: dict[int, int] = {}
    held: list[int] = []
    add, read = Harvest.add, Reader.read

    async def counted(harvest: Harvest, page: Any) -> None:
        await add(harvest, page)
        under_way[anyio.get_current_task().id] = len(harvest.rows)
        held.append(sum(under_way.values()))

    async def forgotten(reader: Reader, *arguments: Any) -> Any:
        try:
            return await read(reader, *arguments)
        finally:
            under_way.pop(anyio.get_current_task().id, None)

    monkeypatch.setattr(Harvest, "add", counted)
    monkeypatch.setattr(Reader, "read", forgotten)
    anyio.run(plenty.main, str(tmp_path / "out"), 30_000)
    # Two days of 1,440 chats are a window; without a bound eight of them were held together.
    assert 2_880 <= max(held) <= 4 * 2_880
