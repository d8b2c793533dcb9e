"""Rendering holds a batch of rows, however many there are."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import counts, prepared
from support.render import FORMATS
from support.scripts import uncovered

from alive5.export.dataset.formats import _base
from alive5.export.disk.files import Disk
from alive5.export.read.reader import open_export
from alive5.export.render.render import render
from alive5.export.rows.json_lines import line_of


class Raw(dict[str, Any]):
    """A delivered row that can be counted while it lives."""

    alive = 0
    most = 0

    def __init__(self, number: int) -> None:
        said = [{"created_at": 1_767_225_600_000, "created_by": "Ana", "message_content": "hi"}]
        super().__init__(alive5_sessionID=f"s-{number:06}", start_time=1_767_225_600_000, chat_conversation=said)
        Raw.alive += 1
        Raw.most = max(Raw.most, Raw.alive)

    def __del__(self) -> None:
        Raw.alive -= 1


class Row:
    """A stored row."""

    kind = "sms"

    def __init__(self, number: int) -> None:
        self.raw = Raw(number)
        self.id = self.raw["alive5_sessionID"]
        self.line = line_of(self.kind, self.raw)
        self.n_msg = 1


class Endless:
    """A store whose rows are made when they are asked for."""

    def __init__(self, count: int) -> None:
        self.count = count

    def months(self, kind: str) -> list[str]:
        return ["2026-01"] if kind == "sms" else []

    def rows(self, kind: str, month: str) -> Iterator[Any]:
        for number in range(self.count):
            yield Row(number)

    def content_key(self, kind: str, month: str) -> str:
        return "key"


@pytest.mark.parametrize("name", FORMATS)
def test_a_rendering_holds_no_more_than_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(_base, "CONVERSATIONS_A_BATCH", 50)
    held: list[int] = []
    flat = _base.Batch.is_full.fget
    assert flat is not None

    def watch(batch: _base.Batch) -> bool:
        held.append(max(len(batch.conversations), len(batch.messages)))
        return flat(batch)

    monkeypatch.setattr(_base.Batch, "is_full", property(watch))
    gc.collect()
    Raw.most = Raw.alive = 0
    render(Endless(1_000), tmp_path, Disk(), formats=[name])
    assert Raw.most <= 3
    assert max(held, default=0) <= 50
    assert bool(held) == (name != "jsonl")
    reader = open_export(tmp_path)
    numbers = [int(row["session_id"][2:]) for row in reader.conversations()]
    assert list(range(1_000)) == numbers
    assert [0] * 1_000 == [row["seq"] for row in reader.messages()]


def test_a_batch_of_long_conversations_ends_by_its_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_base, "MESSAGES_A_BATCH", 10)
    sizes = [len(batch.messages) for batch in _base.batches((Row(n) for n in range(25)), _base.Tally())]
    assert [10, 10, 5] == sizes


def test_a_batch_of_long_texts_ends_by_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_base, "BYTES_A_BATCH", 5 * len(Row(0).line))
    for share, wanted in ((1, [5, 5, 2]), (5, [1] * 12)):
        rows = (Row(number) for number in range(12))
        assert wanted == [len(batch.conversations) for batch in _base.batches(rows, _base.Tally(), share)]


def prepared_by(*arguments: object) -> str:
    command = [sys.executable, "-m", prepared.__name__, *map(str, arguments)]
    where = {**uncovered(), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, capture_output=True, text=True, timeout=1800, check=True, env=where).stdout


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.promise("E5")
@pytest.mark.parametrize(
    "name",
    # A workbook takes half a minute here, and is tried in full.
    [
        "parquet",
        "duckdb",
        pytest.param("xlsx", marks=pytest.mark.skipif(not counts.FULL, reason="long, tried in full")),
    ],
)
def test_no_format_needs_more_memory_for_more_rows(tmp_path: Path, name: str) -> None:
    # Below 10,000 chats not every buffer of the libraries has been full once.
    sizes = (10_000, counts.count(ci=20_000, full=300_000))
    peaks, ours = list[int](), list[int]()
    for size in sizes:
        prepared_by(tmp_path / str(size), size)
        rendered, peak, libraries = map(int, prepared_by(tmp_path / str(size), size, name).split())
        assert size == rendered
        peaks.append(peak)
        ours.append(peak - libraries)
    counts.measured(**{f"peak_mib_{name}": max(peaks)}, growth_percent=round(100 * peaks[1] / peaks[0]) - 100)
    # 150 MiB, of which the libraries take 69 to 125 before anything is rendered: that of their files which the
    # system holds in memory counts, and differs from one installation to another.
    assert max(ours) < 80
    assert peaks[1] <= 1.1 * peaks[0]
