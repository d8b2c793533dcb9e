"""Hosts that choose by another moment, change between two runs, send odd dates or have another clock."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from support.exporting import DAY_MS, FIRST_MS, KINDS, export, ids, tried, truth

from alive5.export.disk.files import Disk
from alive5.sandbox import Sandbox
from alive5.sandbox.service.request import Asked
from alive5.sandbox.settings import read_quirks

SIZES = {"livechat": 900, "sms": 400, "fbm": 300}
JANUARY_1 = FIRST_MS / 1000
DAY = 86_400.0
SMALL = {"clamped_limit": 4, "sms_fbm_pages": 4}
CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"clamped_limit": 4}),
    ({}, SMALL),
    ({"clamped_limit": 9, "sms_fbm_pages": 9}, SMALL),
    (SMALL, {**SMALL, "page_base": 0}),
    ({**SMALL, "page_base": 0}, SMALL),
    ({}, {"end_date": "boundary"}),
    (SMALL, {**SMALL, "end_date": "boundary"}),
    (SMALL, {"clamped_limit": 4, "ignored_page": True}),
    # Windows of the first run, larger than any of the second, prove nothing of its limit.
    ({"clamped_limit": 60, "ignored_page": True}, {"clamped_limit": 20, "ignored_page": True}),
]


def missing(sandbox: Sandbox, directory: Path, days: int = 31) -> dict[str, int]:
    """Return how many true conversations of a kind an export lacks."""
    got, expected = ids(directory), truth(sandbox, days=days)
    return {kind: lost for kind in KINDS if (lost := len(expected[kind] - got[kind]))}


@pytest.mark.promise("E1")
@pytest.mark.parametrize("edition", ["documented", "current"])
@pytest.mark.parametrize(("before", "after"), CHANGES, ids=str)
def test_a_host_that_changes_between_two_runs(
    before: dict[str, Any], after: dict[str, Any], edition: Any, tmp_path: Path
) -> None:
    sandbox = Sandbox(**SIZES, **before)
    export(sandbox, tmp_path / "out", end="2026-01-15", edition=edition)
    sandbox.settings = read_quirks(after)
    outcome = tried(sandbox, tmp_path / "out", start=None, end="2026-01-31", since_last=True, edition=edition)
    assert outcome.is_loud or not missing(sandbox, tmp_path / "out")


@pytest.mark.promise("E1")
@pytest.mark.parametrize("edition", ["documented", "current"])
@pytest.mark.parametrize(("before", "after"), CHANGES, ids=str)
def test_a_host_that_changes_during_a_run_is_noticed_by_the_next(
    before: dict[str, Any], after: dict[str, Any], edition: Any, tmp_path: Path
) -> None:
    sandbox = Sandbox(**SIZES, **before)

    def change(asked: Asked) -> None:
        if len(sandbox.requests) == 24:  # the probes of three kinds, and a few windows
            sandbox.settings = read_quirks(after)

    sandbox.on_request = change
    tried(sandbox, tmp_path / "out", end="2026-01-30", edition=edition)
    outcome = tried(sandbox, tmp_path / "out", start=None, end="2026-01-31", since_last=True, edition=edition)
    assert outcome.is_loud or not missing(sandbox, tmp_path / "out")


def test_what_changed_is_said(tmp_path: Path) -> None:
    sandbox = Sandbox(**SIZES, clamped_limit=20)
    export(sandbox, tmp_path / "out", end="2026-01-15", kinds=("livechat",))
    sandbox.settings = read_quirks({"clamped_limit": 4, "page_base": 0, "end_date": "boundary"})
    report = export(sandbox, tmp_path / "out", start=None, end="2026-01-31", since_last=True, kinds=("livechat",))
    said = "\n".join(report.anomalies)
    assert "pages hold fewer rows than before" in said
    assert "counts pages from another number than before" in said
    assert "takes an end date for its midnight" in said


@pytest.mark.promise("E1")
@pytest.mark.parametrize("filter_by", ["end", "last_message"])
@pytest.mark.parametrize("sizes", [SIZES, {"livechat": 60, "sms": 60, "fbm": 60}], ids=str)
@pytest.mark.parametrize("lasting", [3, 12])
def test_a_host_that_goes_by_another_moment(
    filter_by: Any, sizes: dict[str, int], lasting: int, tmp_path: Path
) -> None:
    sandbox = Sandbox(**sizes, filter_by=filter_by, lasting=lasting)
    outcome = tried(sandbox, tmp_path / "out")
    assert outcome.report is not None
    assert {} == missing(sandbox, tmp_path / "out")
    assert any("not by the start" in text for text in outcome.report.anomalies)
    assert "C" == outcome.report.grade
    again = tried(sandbox, tmp_path / "out")
    assert again.report is not None
    assert "C" == again.report.grade


@pytest.mark.promise("E1")
def test_no_further_day_is_left_out_where_commits_are_slow(tmp_path: Path) -> None:
    # The last window was not committed yet, and was taken for a part of the days after it, all of which were left out.
    sandbox = Sandbox(**SIZES, filter_by="end", lasting=12)
    disk = Disk(before=lambda _, name, __: time.sleep(0.1 * (name == "commit")))
    assert tried(sandbox, tmp_path / "out", disk=disk, kinds=("livechat",)).report is not None
    assert "livechat" not in missing(sandbox, tmp_path / "out")


def test_a_host_that_goes_by_the_last_message_is_proven_by_open_conversations(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=0, sms=200, fbm=0, filter_by="last_message", lasting=12)
    for row in sandbox.conversations("sms"):
        sandbox.change("sms", row["alive5_sessionID"], end_time=None)
    report = export(sandbox, tmp_path / "out", kinds=("sms",), start="2025-12-01", end="2025-12-31")
    assert ({}, 0) == (missing_in_december(sandbox, tmp_path / "out"), report.exit_code)
    assert any("goes by the last message" in text for text in report.anomalies)


def missing_in_december(sandbox: Sandbox, directory: Path) -> dict[str, int]:
    got, expected = ids(directory), truth(sandbox, FIRST_MS - 31 * DAY_MS)
    return {kind: lost for kind in KINDS if (lost := len(expected[kind] - got[kind]))}


@pytest.mark.promise("E1")
@pytest.mark.parametrize("edition", ["documented", "current"])
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("quirks", [{}, SMALL], ids=str)
def test_a_few_rows_with_an_odd_date_are_no_verdict(
    rows: int, quirks: dict[str, Any], edition: Any, tmp_path: Path
) -> None:
    sandbox = Sandbox(**SIZES, far_rows=rows, **quirks)
    report = export(sandbox, tmp_path / "out", edition=edition)
    assert ({}, 0) == (missing(sandbox, tmp_path / "out"), report.exit_code)
    assert any("far outside" in text for text in report.anomalies)


@pytest.mark.parametrize("ahead", [4, 20, 30])
@pytest.mark.parametrize("dated", [True, False])
def test_a_clock_that_was_ahead_loses_nothing(ahead: int, dated: bool, tmp_path: Path) -> None:
    present = JANUARY_1 + 9.5 * DAY
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, now=int(present * 1000), dated=dated)
    options: dict[str, Any] = {"kinds": ("fbm",), "end": "2026-02-28"}

    def live(days: float) -> None:
        nonlocal present
        for hour in range(int(days * 24)):
            sandbox.add("fbm", start_time=int((present + hour * 3600 + 1200) * 1000))
        present += days * DAY
        sandbox.advance(seconds=days * DAY)

    live(0.5)
    report = export(sandbox, tmp_path / "out", clock=lambda: present + ahead * DAY, **options)
    assert dated is any("ahead of the server's" in text for text in report.anomalies)
    for days in (ahead - 1, 40):
        live(days)
        export(sandbox, tmp_path / "out", clock=lambda: present, **options)
    assert {} == missing(sandbox, tmp_path / "out", days=50)
