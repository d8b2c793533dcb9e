"""``alive5 report``: a page as a file or on stdout."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from support.cli import run_here
from support.insight import data_set
from support.render import export

from alive5 import open_export

ROWS, ZONE, HOURS = data_set(11)
OPTIONS = ["--tz", ZONE, "--hours", HOURS, "--bot", "Robo", "--agent", "Stranger"]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    export(tmp_path / "out", ROWS, "jsonl")
    return tmp_path / "out"


def test_a_file_and_stdout_hold_the_page_python_gives(out: Path, tmp_path: Path) -> None:
    page = open_export(out).report(tz=ZONE, hours=HOURS, bots=["Robo"], agents=["Stranger"])
    shown = run_here("report", str(out), *OPTIONS)
    assert (0, page.html, "") == (shown.returncode, shown.stdout, shown.stderr)
    file = tmp_path / "report.html"
    written = run_here("report", str(out), *OPTIONS, "-o", str(file))
    assert (0, "") == (written.returncode, written.stderr)
    assert f"{file}: {len(page.html.encode()) / 1000:.0f} kB\n" == written.stdout
    assert page.html.encode() == file.read_bytes()
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


@pytest.mark.parametrize(("count", "shown"), [("1", "a transcript"), ("5", "5 transcripts")])
def test_transcripts_come_with_a_warning(out: Path, tmp_path: Path, count: str, shown: str) -> None:
    file = tmp_path / "report.html"
    done = run_here("report", str(out), "--transcripts", count, "-o", str(file), "--json")
    assert f"warning: the page holds {shown}: names and texts of people\n" == done.stderr
    found = json.loads(done.stdout)
    assert ("report", str(file), file.stat().st_size, int(count)) == (
        found["operation"], found["data"]["path"], found["data"]["bytes"], found["data"]["transcripts"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "why"),
    [(["--hours", "9-5pm"], "hours must be like"), (["--transcripts", "9999"], "transcripts must be a number from 0")],
)
def test_what_is_refused(out: Path, options: list[str], why: str) -> None:
    given = run_here("report", str(out), *options)
    assert (2, "") == (given.returncode, given.stdout)
    assert why in given.stderr
