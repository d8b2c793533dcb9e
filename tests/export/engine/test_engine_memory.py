"""E5: what an export holds in memory does not grow with what it fetches."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
from support import counts, plenty
from support.scripts import uncovered

from alive5.export.engine.committer import Committer
from alive5.export.fetch.collector import WindowRows
from alive5.export.plan.window import FetchedWindow
from alive5.export.state.store import Store

PROGRAM = plenty.__file__
SIZES = (20_000, 200_000, 1_000_000)


def peak(directory: Path, size: int) -> int:
    """
    Export so many chats in a process of its own; gives its peak in MiB.
    """
    command = [sys.executable, PROGRAM, str(directory), str(size)]
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


def test_few_windows_are_held_at_once_when_they_are_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading: dict[int, Sequence[Any]] = {}
    held: list[int] = []
    add, hand_over, finish = WindowRows.add, Committer.hand_over, Store.finish

    async def counted(harvest: WindowRows, page: Any) -> None:
        await add(harvest, page)
        reading[anyio.get_current_task().id] = harvest.rows

    async def handed(committer: Committer, done: FetchedWindow) -> None:
        reading[anyio.get_current_task().id] = done.rows
        waiting = {id(one.rows): len(one.rows) for one in committer._ready}
        held.append(sum({**waiting, **{id(rows): len(rows) for rows in reading.values()}}.values()))
        await hand_over(committer, done)
        reading.pop(anyio.get_current_task().id)

    def slow(*arguments: Any) -> Any:
        # A slow disk: rows pile up behind the committer, which commits in a thread, unless they are counted.
        time.sleep(0.1)
        return finish(*arguments)

    monkeypatch.setattr(WindowRows, "add", counted)
    monkeypatch.setattr(Committer, "hand_over", handed)
    monkeypatch.setattr(Store, "finish", slow)
    anyio.run(plenty.main, str(tmp_path / "out"), 30_000)
    # Two days of 1,440 chats are a window; without a bound eight of them were held together, and more beside.
    assert 2_880 <= max(held) <= 4 * 2_880
