"""A directory exported before is as good as it was: read, checked, gone on with and adopted, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.exporting import digests, found
from support.golden import FORMATS, golden, unpack

from alive5.export.verify import verify


@pytest.fixture(name="before")
def made_before(tmp_path: Path) -> Path:
    """
    Return the directory as it was left then.
    """
    unpack(tmp_path / "before")
    return tmp_path / "before"


def test_the_same_rows_give_the_same_bytes_as_then(before: Path, tmp_path: Path) -> None:
    golden(tmp_path / "now")
    assert digests(before) == digests(tmp_path / "now")
    assert {path.suffix for path in map(Path, digests(before))} == {".gz", ".csv", ".sqlite"}


def test_the_files_of_then_are_read_and_sound(before: Path, tmp_path: Path) -> None:
    golden(tmp_path / "now")
    assert repr(found(tmp_path / "now")) == repr(found(before))
    assert verify(before).problems == ()


def test_a_directory_of_then_is_gone_on_with(before: Path) -> None:
    names = {path: path.stat().st_mtime_ns for path in before.rglob("part-*")}
    then = digests(before)
    golden(before, sweep="all")
    assert then == digests(before)
    assert names == {path: path.stat().st_mtime_ns for path in before.rglob("part-*")}


def test_a_directory_of_then_that_lost_its_state_is_adopted(before: Path) -> None:
    then = digests(before)
    shutil.rmtree(before / ".alive5")
    golden(before, formats=FORMATS)
    assert then == digests(before)
