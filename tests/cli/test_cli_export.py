"""``alive5 export`` in this process: what it shows, writes and ends with."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.cli import QUARTER, Ran, digests, manifest, run_here

from alive5.errors import ExportError
from alive5.export.report import ExportReport
from alive5.sandbox import Sandbox

MONTH = ["--start", "2026-03-01", "--end", "2026-03-31"]
Use = Callable[[Sandbox], Sandbox]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Let the command run against a given sandbox."""

    def use(sandbox: Sandbox) -> Sandbox:
        monkeypatch.setattr("alive5.sandbox.Sandbox", lambda: sandbox)
        return sandbox

    return use


def export(*arguments: str | Path) -> Ran:
    return run_here("--sandbox", "export", *map(str, arguments))


def document(given: Ran) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(given.stdout)
    return found


def test_json_is_one_versioned_document(use: Use, tmp_path: Path) -> None:
    use(Sandbox(livechat=60, sms=20, fbm=10))
    given = export(tmp_path / "out", *MONTH, "--json", "--kinds", "sms,fbm")
    found = document(given)
    assert 0 == given.returncode
    assert (1, "export", True) == (found["schema"], found["operation"], found["sandbox"])
    assert {"sms", "fbm"} == set(found["data"]["counts"])
    assert [*digests(tmp_path / "out")] == found["data"]["files"]
    assert (True, "B", 0) == tuple(found["data"][name] for name in ("complete", "required", "exit_code"))
    assert manifest(tmp_path / "out")["grades"]["grade"] == found["data"]["grade"]


def test_the_closing_table(use: Use, tmp_path: Path) -> None:
    sandbox = use(Sandbox(livechat=60, sms=20, fbm=10))
    given = export(tmp_path / "out", *MONTH)
    counts = manifest(tmp_path / "out")["counts"]
    lines = given.stdout.splitlines()
    assert ["Kind", "Conversations", "Messages"] == lines[0].split()
    assert [*counts] == [line.split()[0] for line in lines[1:4]]
    assert f"{sum(found['conversations'] for found in counts.values()):,}" == lines[4].split()[1]
    grade = {"A": "A: proven", "B": "B: read without anomaly"}[manifest(tmp_path / "out")["grades"]["grade"]]
    for part in ("proven (A)", f"{grade}; B is required", "Anomalies  none", "MANIFEST.json"):
        assert part in given.stdout
    assert len(sandbox.requests) > 3


def test_quiet_says_nothing(use: Use, tmp_path: Path) -> None:
    use(Sandbox(livechat=20, sms=5, fbm=5))
    given = export(tmp_path / "out", *MONTH, "--quiet")
    assert (0, "") == (given.returncode, given.stdout)
    assert ["SANDBOX: made-up data, nothing leaves this machine"] == given.stderr.splitlines()


def test_formats_and_kinds_are_said_in_either_way(use: Use, tmp_path: Path) -> None:
    use(Sandbox(livechat=20, sms=5, fbm=5))
    arguments = ["--format", "csv,sqlite", "--format", "jsonl", "--kinds", "livechat", "--kinds", "sms"]
    assert 0 == export(tmp_path / "out", *MONTH, *arguments).returncode
    found = manifest(tmp_path / "out")
    assert {"csv", "sqlite", "jsonl"} == {entry["format"] for entry in found["files"]}
    assert ["livechat", "sms"] == found["kinds"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "start is needed"),
        (["--start", "2026-02-30"], "start is not a date that exists"),
        (["--start", "2026-03-01", "--end", "2026-02-01"], "start must not be after end"),
        ([*MONTH, "--kinds", "fax"], "kinds must name some of"),
        ([*MONTH, "--format", "xls"], "formats must be of"),
        ([*MONTH, "--require", "Z"], 'require must be "A" or "B"'),
        ([*MONTH, "--concurrency", "0"], "--concurrency"),
        ([*MONTH, "--max-rps", "0"], "max_rps must be a number of requests a second, above 0"),
        (["--since-last"], "out holds none yet: say the start, its first day, this once"),
        ([*MONTH, "--tz", "Mars/Olympus"], "tz"),
    ],
)
def test_bad_arguments_end_with_2(tmp_path: Path, arguments: list[str], part: str) -> None:
    given = export(tmp_path / "out", *arguments)
    assert 2 == given.returncode
    assert part in given.stderr
    assert not (tmp_path / "out" / "MANIFEST.json").exists()


def test_a_file_in_the_place_of_the_directory_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    given = export(tmp_path / "out", *MONTH)
    assert (2, "mine") == (given.returncode, (tmp_path / "out").read_text())


def test_a_full_disk_ends_with_3_and_goes_on_later(use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(Sandbox(livechat=60, sms=20, fbm=10))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("alive5.export.disk.files.os.fsync", full)
        given = export(tmp_path / "out", *MONTH)
    assert 3 == given.returncode
    assert "no space is left: make room and run it again" in given.stderr
    assert 0 == export(tmp_path / "out", *MONTH).returncode


@pytest.mark.parametrize(("fault", "dry"), [("refused", False), ("server_error_after", True)])
def test_a_service_that_is_away_at_first_ends_with_3(use: Use, tmp_path: Path, fault: str, *, dry: bool) -> None:
    sandbox = use(Sandbox(livechat=20, sms=5, fbm=5))
    sandbox.fail(fault, times=None)
    given = export(tmp_path / "out", *MONTH, "--json", *["--dry-run"] * dry)
    assert (3, "") == (given.returncode, given.stdout)
    assert 3 == json.loads(given.stderr.splitlines()[-1])["exit_code"]
    sandbox.clear_faults()
    assert 0 == export(tmp_path / "out", *MONTH).returncode


def test_refusals_name_the_directory(use: Use, tmp_path: Path) -> None:
    use(Sandbox(livechat=20, sms=5, fbm=5))
    foreign, out = tmp_path / "foreign", tmp_path / "out"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("mine")
    assert f"{foreign} is not empty and holds no export" in export(foreign, *MONTH).stderr
    export(out, *MONTH)
    said = export(out, "--start", "2026-03-01T08:00:00Z", "--end", "2026-03-31").stderr
    assert f"{out} holds another export" in said
    assert "start: there 2026-03-01, asked 2026-03-01T08:00:00+00:00" in said
    for unreadable in ("True", "_us", "177"):
        assert unreadable not in said.replace(str(out), "")


def test_windows_that_fail_end_with_3(use: Use, tmp_path: Path) -> None:
    sandbox = use(Sandbox(livechat=20, sms=20, fbm=10))
    sandbox.fail("client_error", times=None, on="conversations.fbm", after=3)
    given = export(tmp_path / "out", *QUARTER)
    assert 3 == given.returncode, given.stderr
    assert "missing: run the same command again" in given.stderr
    sandbox.clear_faults()
    assert 0 == export(tmp_path / "out", *QUARTER).returncode


def test_dates_that_are_ignored_end_with_4(use: Use, tmp_path: Path) -> None:
    use(Sandbox(ignored_window="all", livechat=40, sms=10, fbm=5))
    refused = export(tmp_path / "out", *MONTH, "--json")
    assert (4, "") == (refused.returncode, refused.stdout)
    assert "FilterIgnoredError" == json.loads(refused.stderr.splitlines()[-1])["error"]
    taken = export(tmp_path / "out", *MONTH, "--accept-recent")
    assert 4 == taken.returncode
    assert "not proven: graded C, B is required" in taken.stderr


def test_a_wrong_key_ends_with_5(use: Use, tmp_path: Path) -> None:
    use(Sandbox()).fail("unauthorized", times=None)
    assert 5 == export(tmp_path / "out", *MONTH).returncode


def test_another_job_ends_with_7(use: Use, tmp_path: Path) -> None:
    use(Sandbox(livechat=20, sms=5, fbm=5))
    assert 0 == export(tmp_path / "out", *MONTH).returncode
    before = digests(tmp_path / "out")
    given = export(tmp_path / "out", *QUARTER)
    assert 7 == given.returncode
    assert "start: there 2026-03-01, asked 2026-01-01" in given.stderr
    assert before == digests(tmp_path / "out")


def test_each_error_of_an_export_has_its_code() -> None:
    made = [ExportReport(complete=not todo, grade=grade, windows={"todo": todo}, counts={}) for todo, grade in CASES]
    assert [3, 0, 4] == [report.exit_code for report in made]
    assert 3 == ExportError.exit_code


CASES: Any = [(1, "C"), (0, "B"), (0, "C")]


def test_a_dry_run_shows_the_plan_and_writes_nothing(use: Use, tmp_path: Path) -> None:
    sandbox = use(Sandbox())
    given = export(tmp_path / "out", *QUARTER, "--dry-run", "--json")
    found = document(given)
    assert (0, True, True) == (given.returncode, found["dry_run"], found["sandbox"])
    assert not (tmp_path / "out").exists()
    plan = found["data"]
    assert len(sandbox.requests) == plan["probes"] <= 18
    asked = len(sandbox.requests)
    report = document(export(tmp_path / "out", *QUARTER, "--json"))["data"]
    for one in plan["kinds"]:
        real = report["counts"][one["kind"]]["conversations"]
        assert real / 2 < one["conversations"] < real * 2
    assert 0 < plan["requests"] < 3 * (len(sandbox.requests) - asked)
    size = sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert size / 3 < plan["bytes"] < size * 3


def test_a_dry_run_leaves_an_export_as_it_is(use: Use, tmp_path: Path) -> None:
    use(Sandbox(livechat=60, sms=20, fbm=10))
    out = tmp_path / "out"
    export(out, *MONTH)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    given = export(out, "--dry-run")
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert 0 == given.returncode
    assert "resumes the export there" in given.stdout
    # A day more on each side is asked, for a host whose days are of another zone.
    assert ["0", "of", "33"] == given.stdout.splitlines()[1].split()[1:4]
    assert 7 == export(out, *QUARTER, "--dry-run").returncode


def test_a_dry_run_says_that_dates_are_ignored(use: Use, tmp_path: Path) -> None:
    use(Sandbox(ignored_window="all", livechat=40, sms=10, fbm=5))
    given = export(tmp_path / "out", *MONTH, "--dry-run")
    assert 4 == given.returncode
    assert "ignored" in given.stdout
    assert not (tmp_path / "out").exists()


def test_single_is_one_csv_file_a_table(use: Use, tmp_path: Path) -> None:
    use(Sandbox(livechat=30, sms=20, fbm=10))
    assert 0 == export(tmp_path / "out", *MONTH, "--format", "csv", "--single").returncode
    assert ["conversations", "messages"] == [
        path.name.partition("-")[0] for path in sorted((tmp_path / "out").glob("*.csv"))
    ]
    refused = export(tmp_path / "other", *MONTH, "--single")
    assert (2, True) == (refused.returncode, "formats must name csv" in refused.stderr)
