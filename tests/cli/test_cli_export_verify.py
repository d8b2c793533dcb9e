"""``alive5 verify`` and ``alive5 schema export``."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from math import comb
from pathlib import Path
from typing import Any

import pytest
from support.cli import QUARTER, Ran, digests, run_here

from alive5.export.compare import Samples
from alive5.export.dataset.schema import describe
from alive5.sandbox import Sandbox


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    sandbox = Sandbox(livechat=400, sms=60, fbm=30)
    monkeypatch.setattr("alive5.sandbox.Sandbox", lambda: sandbox)
    return sandbox


@pytest.fixture
def out(sandbox: Sandbox, tmp_path: Path) -> Path:
    assert 0 == run_here("--sandbox", "export", str(tmp_path / "out"), *QUARTER).returncode
    return tmp_path / "out"


def verify(out: Path, *arguments: str) -> Ran:
    return run_here("--sandbox", "verify", str(out), *arguments)


def data(given: Ran) -> dict[str, Any]:
    found = json.loads(given.stdout)
    assert (1, "verify", True) == (found["schema"], found["operation"], found["sandbox"])
    answer: dict[str, Any] = found["data"]
    return answer


def test_a_sound_export(out: Path, sandbox: Sandbox) -> None:
    asked = len(sandbox.requests)
    given = verify(out)
    assert 0 == given.returncode
    assert "Sound: 9 files" in given.stdout
    assert None is data(verify(out, "--json"))["samples"]
    assert asked == len(sandbox.requests)


def test_a_damaged_export_ends_with_1_and_is_not_compared(out: Path, sandbox: Sandbox) -> None:
    part = out / next(iter(digests(out)))
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    asked = len(sandbox.requests)
    given = verify(out, "--sample", "3")
    assert 1 == given.returncode
    assert "FAILED" in given.stdout
    assert "Damaged: 1 of 9 files." in given.stdout
    assert asked == len(sandbox.requests)


def test_no_directory_ends_with_2_and_no_export_with_1(tmp_path: Path) -> None:
    assert 2 == verify(tmp_path / "nowhere").returncode
    given = verify(tmp_path)
    assert 1 == given.returncode
    assert "Not sound: manifest." in given.stdout
    assert f"no MANIFEST.json in {tmp_path}" in " ".join(given.stdout.split())


def test_what_is_wrong_though_no_file_is_damaged(out: Path) -> None:
    (out / "conversations" / "kind=sms" / "month=2026-01" / f"part-{'0' * 16}.csv").write_text("x")
    given = verify(out)
    assert 1 == given.returncode
    assert "Not sound: nothing else; 9 files, " in given.stdout


def test_all_windows_agree_whatever_their_bounds(out: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    given = verify(out, "--sample", "1000", "--json")
    found = data(given)["samples"]
    assert 0 == given.returncode
    assert found["windows"] == found["of"] > 5
    assert (True, 0.0, 0, 0, 0) == tuple(found[name] for name in ("ok", "at_most", "missing", "extra", "changed"))
    assert found["compared"] > 200
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*")}


def test_what_a_sample_rules_out_is_said_in_windows(out: Path) -> None:
    shown = verify(out, "--sample", "4", "--seed", "7").stdout
    assert "4 of" in shown
    assert "(seed 7)" in shown
    found = data(verify(out, "--sample", "4", "--seed", "7", "--json"))["samples"]
    differing = round(found["at_most"] * found["of"])
    said = f"at most {differing} of all {found['of']} do ({found['at_most']:.1%})"
    assert f"None of these differs. So, with 95 % confidence, {said}" in shown


@pytest.mark.parametrize(
    ("windows", "of", "most"),
    [
        (5, 5, 0),
        (5, 6, 1),
        (1, 2, 1),
        (1, 1000, 949),
        (300, 900, 7),
        (300, 1_000_000, 9934),
        (59, 100, 3),
        (95, 100, 0),
    ],
)
def test_how_many_windows_may_differ_unseen(windows: int, of: int, most: int) -> None:
    samples = Samples(windows=windows, of=of, seed=1, compared=9, missing=0, extra=0, changed=0, differences=())
    assert (most, most / of) == (samples.unseen, samples.at_most)
    # Drawing one more such window would be seen in 19 of 20 samples.
    chances = [comb(of - most - more, windows) / comb(of, windows) for more in (0, 1)]
    assert chances[1] <= 0.05 < chances[0]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("DELETE FROM conv WHERE start_us = {}", (1, 0, 0)),
        ("UPDATE conv SET id = 'gone' WHERE start_us = {}", (1, 1, 0)),
        ("UPDATE conv SET open = 0 WHERE start_us = {} AND :later", (0, 0, 1)),
        ("UPDATE conv SET open = 1 WHERE start_us = {} AND :later", (0, 0, 0)),
    ],
)
def test_what_differs_is_counted(sandbox: Sandbox, out: Path, change: str, names: tuple[int, int, int]) -> None:
    with closing(sqlite3.connect(out / ".alive5" / "state.db")) as database, database:
        query = "SELECT start_us FROM conv WHERE kind = 'livechat' ORDER BY start_us LIMIT 1 OFFSET 90"
        (start,) = database.execute(query).fetchone()
        assert 1 == database.execute(change.format(start), {"later": True}).rowcount
    if ":later" in change:  # what it was when it was exported, and what the service says now
        (row,) = (row for row in sandbox.conversations("livechat") if row["start_time"] * 1000 == start)
        sandbox.add("livechat", **{**row, "city": "Elsewhere"})
    given = verify(out, "--sample", "1000", "--json")
    found = data(given)["samples"]
    assert names == (found["missing"], found["extra"], found["changed"])
    assert (4 if any(names) else 0) == given.returncode
    assert (1 if any(names) else 0) == len(found["differences"])


def test_what_differs_is_shown(out: Path) -> None:
    with closing(sqlite3.connect(out / ".alive5" / "state.db")) as database, database:
        database.execute("DELETE FROM conv WHERE kind = 'sms'")
    given = verify(out, "--sample", "1000")
    assert 4 == given.returncode
    assert "  sms 2025-12-31.." in given.stdout
    assert "confidence" not in given.stdout


def test_another_account_ends_with_7(out: Path) -> None:
    given = run_here("verify", str(out), "--sample", "1", "--no-sandbox", ALIVE5_API_KEY="test_key_other")
    assert 7 == given.returncode
    assert "another account" in given.stderr


def test_without_state_only_files_are_verified(out: Path) -> None:
    for path in (out / ".alive5").iterdir():
        path.rmdir() if path.is_dir() else path.unlink()
    assert 0 == verify(out).returncode
    given = verify(out, "--sample", "1")
    assert 3 == given.returncode
    assert "there is no state" in given.stderr


@pytest.mark.parametrize("form", ["arrow", "sql", "json"])
def test_the_schema(form: Any) -> None:
    assert describe(form) + "\n" == run_here("schema", "export", "--format", form).stdout


def test_the_schema_as_a_document() -> None:
    found = json.loads(run_here("schema", "export", "--json").stdout)
    assert ("schema.export", json.loads(describe("json"))) == (found["operation"], found["data"])
    found = json.loads(run_here("schema", "export", "--json", "--format", "sql").stdout)
    assert {"format": "sql", "text": describe("sql")} == found["data"]
    assert describe("arrow") + "\n" == run_here("schema", "export").stdout
    assert 2 == run_here("schema", "export", "--format", "xml").returncode
