"""What a second run counts and what it reads again."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest
from support.exporting import FIRST_MS, export

from alive5 import ExportProgress
from alive5.export.disk.files import Disk
from alive5.export.plan.span import DAY, Span
from alive5.export.preview import preview
from alive5.export.state.directory import OutputDirectory
from alive5.sandbox import Sandbox

JANUARY_20 = FIRST_MS / 1000 + 19 * DAY
PERIOD = Span(FIRST_MS // 1000, FIRST_MS // 1000 + 31 * DAY)


@pytest.fixture
def sandbox() -> Sandbox:
    made = Sandbox(livechat=0, sms=0, fbm=30)
    made.add("fbm", start_time=FIRST_MS + 2 * DAY * 1000, end_time=None)
    return made


def test_nothing_is_read_again_before_the_first_run(tmp_path: Path) -> None:
    place = OutputDirectory(tmp_path / "out", Disk())
    try:
        assert place.store.to_read_again("fbm", place.store.windows("fbm"), PERIOD, JANUARY_20) == []
    finally:
        place.leave()


def test_the_last_days_and_those_of_open_conversations(tmp_path: Path, sandbox: Sandbox) -> None:
    export(sandbox, tmp_path / "out", clock=lambda: JANUARY_20, end=None)
    place = OutputDirectory(tmp_path / "out", Disk())
    try:
        place.store.remember("fbm", {"complete_through": PERIOD.low + 19 * DAY})
        spans = place.store.to_read_again("fbm", place.store.windows("fbm"), PERIOD, JANUARY_20)
        late = place.store.to_read_again("fbm", place.store.windows("fbm"), PERIOD, JANUARY_20 + 60 * DAY)
    finally:
        place.leave()
    (look_back,) = late
    assert look_back.high == PERIOD.high
    assert look_back in spans
    began = FIRST_MS // 1000 + 2 * DAY
    assert any(span.low <= began < span.high for span in spans)
    assert not any(span.low <= began < span.high for span in late)


def test_a_dry_run_plans_what_a_run_would_read(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alive5.export.preview.time.time", lambda: JANUARY_20)
    export(sandbox, tmp_path / "out", clock=lambda: JANUARY_20, end=None)

    async def days() -> float:
        async with sandbox.async_client() as client:
            found = await preview(client._caller, directory=tmp_path / "out", since_last=True)
        return next(one.days for one in found.kinds if one.kind == "fbm")

    place = OutputDirectory(tmp_path / "out", Disk())
    try:
        place.store.remember("fbm", {"complete_through": PERIOD.low + 19 * DAY})
        begun = Span(PERIOD.low, int(JANUARY_20) + DAY)
        look_back = place.store.to_read_again("fbm", place.store.windows("fbm"), begun, JANUARY_20 + 60 * DAY)
    finally:
        place.leave()
    assert anyio.run(days) > sum(span.seconds for span in look_back) / DAY


def test_a_dry_run_counts_the_requests_of_a_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(livechat=0, sms=300, fbm=0)
    late = JANUARY_20 + 40 * DAY
    monkeypatch.setattr("alive5.export.preview.time.time", lambda: late)
    export(sandbox, tmp_path / "out", clock=lambda: late, end=None, kinds=("sms",))

    async def requests(sweep: int | str) -> int:
        async with sandbox.async_client() as client:
            found = await preview(client._caller, directory=tmp_path / "out", since_last=True, sweep=sweep)
        return found.requests

    few, some, all_of_it = (anyio.run(requests, sweep) for sweep in ("none", 1, "all"))
    assert few < some < all_of_it


def test_progress_counts_a_message_once(tmp_path: Path, sandbox: Sandbox) -> None:
    """Also those of rows the probes have brought already, of rows that come again, and of earlier runs."""
    last: list[ExportProgress] = []
    truth = sum(len(row["chat_conversation"]) for row in sandbox.conversations("fbm"))
    seen = []
    for _ in range(2):
        export(sandbox, tmp_path / "out", progress=last.append, start="2020-01-01", end="2030-01-01")
        seen.append(last[-1].messages)
    assert seen == [truth, truth]


def test_a_database_is_named_once(tmp_path: Path, sandbox: Sandbox) -> None:
    report = export(sandbox, tmp_path / "out", formats=("sqlite",))
    tables = [entry["table"] for entry in json.loads((tmp_path / "out" / "MANIFEST.json").read_bytes())["files"]]
    assert sorted(tables) == ["conversations", "messages"]
    assert len(report.files) == 1
