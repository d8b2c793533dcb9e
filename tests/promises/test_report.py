"""The report of the promises shows what was measured, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from promises import report
from support import counts
from support.promises import BOUNDS, SENTENCES, Run, load, path, save, table

SOURCE = """
import pytest
from support import counts

@pytest.mark.promise("S1", "S2")
@pytest.mark.parametrize("case", range(4))
def test_some(case):
    assert counts.FULL
    assert 70 == counts.count(ci=7, full=70)
    counts.seed()
    counts.measured(slowest_ms=case, **{"ended accepted": 10})
    assert case < 2

@pytest.mark.promise("S2")
def test_other():
    raise SystemExit

def test_unmarked():
    raise SystemExit
"""


def folders(place: Path) -> list[str]:
    return ["--cache", str(place / "cache"), "--tests", str(place / "tests"), "--page", str(place / "docs" / "p.md")]


def page(place: Path) -> str:
    return (place / "docs" / "p.md").read_text()


def rows(text: str) -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: row for row in cells[1:]}


def test_a_shard_of_a_promise_is_run_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIVE5_SEED", "41")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_fake.py").write_text(SOURCE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = promise\n")
    assert 1 == report.main([*folders(tmp_path), "--only", "S1", "--shard", "1/2"])
    run = Run(**json.loads((tmp_path / "cache" / "S1.1-of-2.json").read_text()))
    assert ["tests/test_fake.py::test_some[0]", "tests/test_fake.py::test_some[2]"] == sorted(run.tests)
    first, second = (run.tests[name] for name in sorted(run.tests))
    assert ("passed", 70, [41], {"slowest_ms": 0, "ended accepted": 10}) == (
        first["outcome"], first["count"], first["seeds"], first["measured"]
    )  # fmt: skip
    assert ("failed", 70) == (second["outcome"], second["count"])
    assert {} == rows(page(tmp_path))


def measuring(outcome: str, state: str = "") -> Any:
    def measure(promise: str, shard: str, tests: Path, cache: Path) -> Run | None:
        if promise not in ("S1", "S2"):
            return None
        test = {**result(), "outcome": "passed" if promise == "S1" else outcome}
        tests = {f"tests/test_fake.py::test_some[{shard}]": test}
        return fake(promise=promise, shard=shard, tests=tests, state=state)

    return measure


def test_what_was_kept_has_a_row_and_what_was_not_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "measure", measuring("failed"))
    assert 1 == report.main(folders(tmp_path))
    found = rows(page(tmp_path))
    assert ["S1"] == list(found)
    assert ["S1", SENTENCES["S1"], "`test_fake.py::test_some`", "70", "kept", "41"] == found["S1"][:6]
    assert ["ended accepted: 10; slowest ms: 3", "Python 3", "2026-01-01"] == found["S1"][6:]
    assert page(tmp_path).endswith("## Measured and not kept\n\n- S2: 1 of 1 tests failed\n")


def test_what_was_measured_is_not_run_again_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "measure", measuring("passed"))
    assert 0 == report.main(folders(tmp_path))
    monkeypatch.setattr(report, "measure", measuring("failed"))
    assert 0 == report.main(folders(tmp_path))
    assert ["S1", "S2"] == list(rows(page(tmp_path)))
    assert 1 == report.main([*folders(tmp_path), "--again", "--only", "S2"])
    assert ["S1"] == list(rows(page(tmp_path)))


def test_shards_make_a_row_when_none_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "measure", measuring("passed"))
    report.main([*folders(tmp_path), "--only", "S1", "--shard", "1/2"])
    assert {} == rows(page(tmp_path))
    report.main([*folders(tmp_path), "--only", "S1", "--shard", "2/2"])
    assert ("140", "ended accepted: 20; slowest ms: 3") == (
        rows(page(tmp_path))["S1"][3],
        rows(page(tmp_path))["S1"][6],
    )


def test_shards_of_several_states_make_no_row_and_are_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = ["one", "two", "two"]
    for shard, state, tries in zip(("1/2", "2/2", "1/2"), states, (None, None, "140"), strict=True):
        monkeypatch.setattr(report, "measure", measuring("passed", state))
        monkeypatch.setattr(report, "state_of", lambda _, state=state: state)
        report.main([*folders(tmp_path), "--only", "S1", "--shard", shard])
        assert tries == rows(page(tmp_path)).get("S1", [None] * 4)[3]


def test_a_state_is_of_the_package_and_of_the_tests(tmp_path: Path) -> None:
    file = tmp_path / "test_fake.py"
    file.write_text(SOURCE)
    states = [report.state_of([]), report.state_of([file]), report.state_of([file])]
    file.write_text("")
    assert [3, 2] == [len({*states, report.state_of([file])}), len(set(states))]


def test_a_promise_without_tests_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    assert report.measure("S1", "1/1", tmp_path / "tests", tmp_path / "cache") is None


def result() -> dict[str, Any]:
    measured = {"slowest_ms": 3, "ended accepted": 10}
    return {"outcome": "passed", "seconds": 1.0, "count": 70, "seeds": [41], "measured": measured}


def fake(**changes: Any) -> Run:
    test = {"outcome": "passed", "seconds": 1.0, "count": 0, "seeds": [], "measured": {}}
    run = Run(
        promise="T1",
        sentence=SENTENCES[changes.get("promise", "T1")],
        shard="1/1",
        tests={"tests/a.py::test[1]": test},
        versions={"Python": "3"},
        date="2026-01-01",
    )
    return attrs.evolve(run, **changes)


def test_another_sentence_is_measured_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "measure", measuring("passed"))
    assert 0 == report.main(folders(tmp_path))
    monkeypatch.setitem(SENTENCES, "S2", "Another.")
    assert load(tmp_path / "cache", "S2") is None
    assert 0 == report.main(folders(tmp_path))
    assert "Another." == rows(page(tmp_path))["S2"][1]


def test_what_is_older_than_a_day_is_measured_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "measure", measuring("passed"))
    assert 0 == report.main([*folders(tmp_path), "--only", "S2"])
    monkeypatch.setattr(report, "measure", measuring("failed"))
    assert 0 == report.main([*folders(tmp_path), "--only", "S2", "--before", "2026-01-01"])
    assert 1 == report.main([*folders(tmp_path), "--only", "S2", "--before", "2026-01-02"])


def test_the_newest_run_is_shown(tmp_path: Path) -> None:
    for shard, date in (("1/2", "2026-01-02"), ("2/2", "2026-01-02"), ("1/1", "2026-01-01")):
        save(tmp_path, fake(shard=shard, date=date, tests={f"tests/a.py::test[{shard}]": result()}))
    newest = load(tmp_path, "T1")
    assert newest is not None
    assert ("2026-01-02", 2) == (newest.date, len(newest.tests))
    assert json.loads(path(tmp_path, "T1", "1/1").read_text())["date"] == "2026-01-01"


def test_limits_stand_below_the_rows_they_limit() -> None:
    assert BOUNDS["T1"] in table([fake()])
    assert BOUNDS["T1"] not in table([fake(promise="T2")])
    assert set(BOUNDS) <= set(SENTENCES)


def test_all_skipped_is_not_kept() -> None:
    assert {} == rows(table([fake(tests={"tests/a.py::test": {**result(), "outcome": "skipped"}})]))


def test_every_marked_promise_has_a_sentence() -> None:
    marks = [
        promise.strip().strip('"')
        for file in (report.ROOT / "tests").rglob("test_*.py")
        for mark in report._MARK.findall(file.read_text())
        for promise in mark.split(",")
        if "name" not in promise
    ]
    assert set(marks) <= set(SENTENCES)


def test_counts_are_small_without_full() -> None:
    assert (70 if counts.FULL else 7) == counts.count(ci=7, full=70)
    counts.take()
