"""Conversations that go on past the end of a period, of a host that lists them under the day of their last message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.exporting import DAY_MS, FIRST_MS, export, ids, truth
from support.mixtures import PRESENT

from alive5 import ExportError
from alive5.export.disk.files import Disk
from alive5.export.engine import workers
from alive5.export.plan.span import day_of
from alive5.export.state.directory import OutputDirectory
from alive5.sandbox import Sandbox
from alive5.sandbox.settings import read_quirks

HOUR_MS = 3_600_000
END_MS = FIRST_MS + 31 * DAY_MS
# The server's zone is ahead: there, what ends on the next day at noon ends a day later.
ONE_KIND: dict[str, Any] = {"livechat": 40, "sms": 0, "fbm": 0, "host_zone": "+13:00"}


def lengthen(sandbox: Sandbox, start: int, hours: int) -> str:
    """
    Add a conversation of so many hours; returns its id.
    """
    name: str = sandbox.add("livechat", start_time=start)["alive5_sessionID"]
    end = start + hours * HOUR_MS
    sandbox.change("livechat", name, end_time=end, chat_conversation=[{"created_at": start}, {"created_at": end}])
    return name


def two_long_ones(sandbox: Sandbox) -> str:
    """
    Add one that shows how long they may go on, and no more, and one at the end of the period; returns the id of that.
    """
    lengthen(sandbox, FIRST_MS + 10 * DAY_MS + 23 * HOUR_MS, 30)
    return lengthen(sandbox, END_MS - HOUR_MS, 44)


def exported(sandbox: Sandbox, directory: Path, **options: Any) -> Any:
    return export(sandbox, directory, kinds=("livechat",), clock=lambda: PRESENT, **options)


def last_day(directory: Path) -> str:
    """
    Return the last day that was read.
    """
    place = OutputDirectory(directory, Disk())
    try:
        return str(day_of(place.store.windows("livechat")[-1].span.high - 1))
    finally:
        place.leave()


@pytest.mark.promise("E1")
def test_days_are_read_in_which_what_began_may_end(tmp_path: Path) -> None:
    sandbox = Sandbox(**ONE_KIND, filter_by="last_message")
    late = two_long_ones(sandbox)
    report = exported(sandbox, tmp_path / "out")
    assert late in ids(tmp_path / "out")["livechat"]
    assert truth(sandbox)["livechat"] <= ids(tmp_path / "out")["livechat"]
    assert ((), 0) == (report.anomalies, report.exit_code)
    assert last_day(tmp_path / "out") < "2026-02-10"


@pytest.mark.promise("E1")
def test_a_run_that_was_cut_off_leaves_no_such_day_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(**ONE_KIND, filter_by="last_message")
    late = two_long_ones(sandbox)

    async def cut_off(*_: Any) -> bool:
        raise ExportError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(workers, "widen", cut_off)
        with pytest.raises(ExportError, match="full"):
            exported(sandbox, tmp_path / "out")
    exported(sandbox, tmp_path / "out")
    assert late in ids(tmp_path / "out")["livechat"]


@pytest.mark.promise("E1")
def test_later_runs_keep_the_days_beyond(tmp_path: Path) -> None:
    sandbox = Sandbox(**ONE_KIND, filter_by="last_message")
    two_long_ones(sandbox)
    exported(sandbox, tmp_path / "out")
    before = last_day(tmp_path / "out"), len(sandbox.requests)
    exported(sandbox, tmp_path / "out")
    assert before == (last_day(tmp_path / "out"), len(sandbox.requests))
    exported(sandbox, tmp_path / "out", start=None, end=None, since_last=True)
    assert before[0] < last_day(tmp_path / "out")


@pytest.mark.parametrize(
    ("filter_by", "start", "hours", "expected"),
    [
        ("start", FIRST_MS + 10 * DAY_MS, 4, "2026-02-01"),
        ("start", FIRST_MS + 10 * DAY_MS, 30, "2026-02-04"),
        # One that goes on far past all that is asked for shows that neither its end nor its last message counts.
        ("start", END_MS - HOUR_MS, 200, "2026-02-01"),
    ],
)
def test_no_further_day_is_read_without_need(
    filter_by: Any, start: int, hours: int, expected: str, tmp_path: Path
) -> None:
    sandbox = Sandbox(**ONE_KIND, filter_by=filter_by)
    lengthen(sandbox, start, hours)
    exported(sandbox, tmp_path / "out")
    before = len(sandbox.requests)
    exported(sandbox, tmp_path / "out")
    assert truth(sandbox)["livechat"] <= ids(tmp_path / "out")["livechat"]
    assert (expected, before) == (last_day(tmp_path / "out"), len(sandbox.requests))


def test_a_host_that_went_by_the_start_may_have_changed(tmp_path: Path) -> None:
    sandbox = Sandbox(**ONE_KIND)
    lengthen(sandbox, END_MS - HOUR_MS, 200)
    exported(sandbox, tmp_path / "out")
    sandbox.settings = read_quirks({"host_zone": "+13:00", "filter_by": "last_message"})
    late = two_long_ones(sandbox)
    exported(sandbox, tmp_path / "out", start=None, since_last=True)
    assert late in ids(tmp_path / "out")["livechat"]


def test_what_was_closed_months_later_is_no_reason_to_read_months(tmp_path: Path) -> None:
    sandbox = Sandbox(**ONE_KIND)
    forgotten = sandbox.add("livechat", start_time=FIRST_MS + DAY_MS)["alive5_sessionID"]
    sandbox.change("livechat", forgotten, end_time=FIRST_MS + 80 * DAY_MS)
    lengthen(sandbox, FIRST_MS + 2 * DAY_MS, 6)
    for _ in range(2):
        exported(sandbox, tmp_path / "out")
        assert "2026-02-02" == last_day(tmp_path / "out")
