"""``alive5 metrics``: figures on stdout and in files."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from support.cli import run_here
from support.insight import AGENTS, data_set
from support.render import export

from alive5 import open_export
from alive5.cli import metrics
from alive5.export.dataset.formats.csv import Csv
from alive5.export.dataset.formats.parquet import Parquet
from alive5.export.read.measured import METRICS, values_of

ROWS, ZONE, HOURS = data_set(11)
KNOWN = [option for name in AGENTS for option in ("--agent", name)]
OPTIONS = ["--tz", ZONE, "--hours", HOURS, "--bot", "Robo", *KNOWN]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    export(tmp_path / "out", ROWS, "jsonl")
    return tmp_path / "out"


def figures(out: Path) -> list[Any]:
    return list(open_export(out).metrics(tz=ZONE, hours=HOURS, bots=["Robo"], agents=AGENTS))


def as_csv(row: Any) -> tuple[Any, ...]:
    """Return a row as CSV can tell it: without the difference of null and nothing."""
    return tuple(None if value == "" else value for value in values_of(row))


def test_csv_on_stdout_and_in_a_file_is_the_same(out: Path, tmp_path: Path) -> None:
    shown = run_here("metrics", str(out), *OPTIONS)
    assert 0 == shown.returncode, shown.stderr
    lines = list(csv.reader(io.StringIO(shown.stdout)))
    assert list(METRICS.names) == lines[0]
    assert len(ROWS) + 1 == len(lines)
    file = tmp_path / "metrics.csv"
    for _ in range(2):  # an older one is replaced
        assert 0 == run_here("metrics", str(out), *OPTIONS, "-o", str(file)).returncode
    assert shown.stdout == file.read_bytes().decode()
    assert list(map(as_csv, figures(out))) == list(Csv().read(file, METRICS))
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert ["metrics.csv", "out"] == sorted(path.name for path in tmp_path.iterdir())


def test_parquet_is_typed(out: Path, tmp_path: Path) -> None:
    file = tmp_path / "metrics.parquet"
    given = run_here("metrics", str(out), *OPTIONS, "--format", "parquet", "--output", str(file))
    assert (0, "") == (given.returncode, given.stdout), given.stderr
    assert list(map(values_of, figures(out))) == list(Parquet().read(file, METRICS))


def test_json_is_a_line_each(out: Path) -> None:
    given = run_here("metrics", str(out), *OPTIONS, "--json")
    assert [row.to_dict() for row in figures(out)] == list(map(json.loads, given.stdout.splitlines()))
    assert "" == given.stderr


def test_what_is_unknown_is_counted(out: Path) -> None:
    found = figures(out)
    unknown, everything = sum(row.from_unknown for row in found), sum(row.n_messages for row in found)
    assert 0 < unknown < everything
    given = run_here("metrics", str(out), *OPTIONS)
    assert f"24 conversations; of {unknown} of {everything} messages the author is unknown\n" == given.stderr


def test_a_name_no_spreadsheet_takes_for_a_formula(tmp_path: Path) -> None:
    said = [{"created_by": "=1+1", "created_at": 1_767_225_600_000}]
    row = {"alive5_sessionID": "s", "assigned_to": "=1+1", "start_time": 1_767_225_600_000, "chat_conversation": said}
    export(tmp_path, [("sms", row)], "jsonl")
    (found,) = csv.DictReader(io.StringIO(run_here("metrics", str(tmp_path)).stdout))
    assert ("'=1+1", '["=1+1"]') == (found["assigned_to"], found["agents"])


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--format", "parquet"], "output must name a file"),
        (["--hours", "9-5pm"], "hours must be like"),
        (["--tz", "Mars/Base"], "tz must be the name of a time zone"),
        (["--format", "xlsx"], "--format"),
    ],
)
def test_what_is_refused(out: Path, options: list[str], why: str) -> None:
    given = run_here("metrics", str(out), *options)
    assert (2, "") == (given.returncode, given.stdout)
    assert why in given.stderr


def test_a_directory_without_an_export(tmp_path: Path) -> None:
    assert 3 == run_here("metrics", str(tmp_path)).returncode


def test_a_file_that_cannot_be_written_is_left_as_it_was(out: Path, tmp_path: Path) -> None:
    """An export that is damaged in the middle leaves neither half a file nor the old one changed."""
    file = tmp_path / "metrics.csv"
    file.write_text("older")
    damaged = next(iter(open_export(out).files("messages")))
    os.truncate(damaged, damaged.stat().st_size - 9)
    given = run_here("metrics", str(out), "-o", str(file))
    assert 3 == given.returncode
    assert "older" == file.read_text()
    assert ["metrics.csv", "out"] == sorted(path.name for path in tmp_path.iterdir())


def test_its_page_is_named() -> None:
    assert "docs/insight.md" in (metrics.metrics.__doc__ or "")
