"""E4, E7, E8: the same files at any concurrency and by any number of runs, and one writer at a time."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from support.counts import count, seed
from support.exporting import DAY_MS, FIRST_MS, KINDS, QUICK, digests, export, found

from alive5 import DirectoryInUseError, OtherJobError
from alive5.export.disk.files import Disk
from alive5.export.state.directory import OutputDirectory
from alive5.sandbox import Sandbox

HOUR = 3600.0
NOON = datetime(2026, 2, 1, 12, tzinfo=timezone.utc).timestamp()


@pytest.mark.promise("E4")
@pytest.mark.parametrize(
    "quirks", [{}, {"clamped_limit": 5, "sms_fbm_pages": 3}, {"resolution": "instant", "clamped_limit": 3}]
)
def test_files_are_the_same_at_any_concurrency(quirks: dict[str, Any], tmp_path: Path) -> None:
    came = []
    for concurrency in (1, 2, 8, 32):
        directory = tmp_path / str(concurrency)
        export(Sandbox(livechat=600, latency=0.001, **quirks), directory, concurrency=concurrency)
        came.append(digests(directory))
    assert [came[0]] * 4 == came


def change(sandbox: Sandbox, rng: random.Random, now: float) -> None:
    """
    Let some conversations enter in the last three days, and some that are open go on or end.
    """
    now_ms = int(now * 1000)
    for kind in KINDS:
        for _ in range(rng.randrange(4)):
            start = now_ms - rng.randrange(2 * DAY_MS)
            sandbox.add(kind, start_time=start, end_time=rng.choice((None, 0, start + 60_000)))
        rows = [row for row in sandbox.conversations(kind) if row["start_time"] < now_ms]
        still_open = [row for row in rows if not row["end_time"] and row["start_time"] > now_ms - 20 * DAY_MS]
        for row in rng.sample(still_open, min(3, len(still_open))):
            said = {"created_at": now_ms, "created_by": "Visitor", "message_content": "One more thing"}
            ended = rng.choice((None, now_ms))
            chat = [*row["chat_conversation"], said]
            sandbox.change(kind, row["alive5_sessionID"], chat_conversation=chat, end_time=ended)


@pytest.mark.promise("E7")
def test_incremental_runs_come_to_the_same_as_one_full_run(tmp_path: Path) -> None:
    rng = random.Random(seed())
    quirks = rng.choice(({}, {"clamped_limit": 5, "sms_fbm_pages": 3}))
    sandbox = Sandbox(livechat=600, sms=200, fbm=100, **quirks)
    now = NOON

    def clock() -> float:
        return now

    options: dict[str, Any] = {"start": "2026-01-01", "end": None, "clock": clock}
    export(sandbox, tmp_path / "steps", **options)
    for _ in range(count(ci=10, full=200)):
        now += rng.choice((1.0, 7.0, 24.0, 50.0)) * HOUR
        change(sandbox, rng, now)
        export(sandbox, tmp_path / "steps", **{**options, "since_last": True, "start": None})
    export(sandbox, tmp_path / "whole", **options)
    assert found(tmp_path / "whole") == found(tmp_path / "steps")
    assert digests(tmp_path / "whole") == digests(tmp_path / "steps")


def test_an_incremental_run_asks_only_for_what_is_new(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=2000)
    options: dict[str, Any] = {"kinds": ("livechat",), "clock": lambda: NOON}
    export(sandbox, tmp_path / "out", start="2025-10-01", end="2026-01-31", **options)
    before = len(sandbox.requests)
    export(sandbox, tmp_path / "out", start=None, end="2026-02-01", since_last=True, sweep="none", **options)
    asked = [dict(request.query)["date-start"] for request in sandbox.requests[before:]]
    assert asked
    # The largest of the new windows is held against a month around it, read twice: so it met no limit.
    assert {"12", "01", "02"} >= {date[:2] for date in asked}
    assert 4 >= sum(date[:2] == "12" for date in asked)


@pytest.mark.promise("E8")
def test_a_second_writer_is_turned_away(tmp_path: Path) -> None:
    place = OutputDirectory(tmp_path / "out", Disk())
    with pytest.raises(DirectoryInUseError) as caught:
        export(Sandbox(livechat=10), tmp_path / "out")
    assert 7 == caught.value.exit_code
    place.leave()
    assert 0 == export(Sandbox(livechat=10), tmp_path / "out").exit_code


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"start": "2026-01-02"}, "start"),
        ({"end": "2026-01-30"}, "end"),
        ({"kinds": ("sms",)}, "kinds"),
        ({"tz": "America/New_York"}, "tz"),
    ],
)
def test_another_job_is_refused_with_the_difference(options: dict[str, Any], what: str, tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=50)
    export(sandbox, tmp_path / "out")
    before = digests(tmp_path / "out"), len(sandbox.requests)
    with pytest.raises(OtherJobError) as caught:
        export(sandbox, tmp_path / "out", **options)
    assert 7 == caught.value.exit_code
    assert any(difference.startswith(what) for difference in caught.value.differences)
    assert before == (digests(tmp_path / "out"), len(sandbox.requests))


def test_a_second_run_asks_nothing_and_changes_nothing(tmp_path: Path) -> None:
    sandbox = Sandbox()
    export(sandbox, tmp_path / "out")
    before = digests(tmp_path / "out"), len(sandbox.requests)
    assert 0 == export(sandbox, tmp_path / "out").exit_code
    assert before == (digests(tmp_path / "out"), len(sandbox.requests))


def test_a_window_that_has_not_ended_is_open_and_read_again(tmp_path: Path) -> None:
    sandbox = Sandbox()
    report = export(sandbox, tmp_path / "out", clock=lambda: NOON, end="2026-02-10")
    assert (True, 0) == (report.complete, report.exit_code)
    assert report.windows["open"] > 0
    row = sandbox.add("livechat", start_time=int(NOON * 1000) - 1000)
    export(sandbox, tmp_path / "out", clock=lambda: NOON + HOUR, end="2026-02-10")
    assert row["alive5_sessionID"] in found(tmp_path / "out")["livechat"]
    later = export(sandbox, tmp_path / "out", clock=lambda: NOON + 30 * 24 * HOUR, end="2026-02-10")
    assert 0 == later.windows["open"]


def test_instants_are_kept_exactly(tmp_path: Path) -> None:
    sandbox = Sandbox()
    low, high = FIRST_MS + 6 * 3_600_000, FIRST_MS + 5 * DAY_MS + 7_200_000
    export(sandbox, tmp_path / "out", start="2026-01-01T06:00:00Z", end="2026-01-06T02:00:00Z")
    for kind in KINDS:
        expected = {row["alive5_sessionID"] for row in sandbox.conversations(kind) if low <= row["start_time"] <= high}
        assert expected == set(found(tmp_path / "out")[kind])


def test_a_failing_window_is_left_for_the_next_run(tmp_path: Path) -> None:
    sandbox = Sandbox(sms=0, fbm=0)
    export(sandbox, tmp_path / "whole", kinds=("livechat",))
    sandbox.fail("server_error_before", times=None, on="conversations.livechat", after=5)
    report = export(sandbox, tmp_path / "out", kinds=("livechat",), retry=QUICK)
    assert (False, 3) == (report.complete, report.exit_code)
    assert report.windows["failed"] + report.windows["todo"] > 0
    sandbox.clear_faults()
    assert 0 == export(sandbox, tmp_path / "out", kinds=("livechat",)).exit_code
    assert digests(tmp_path / "whole") == digests(tmp_path / "out")
