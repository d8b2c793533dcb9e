"""E11: a byte that changed on the disk is refused or named by verify, or it changes no row."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from support.counts import Seeded, count
from support.exporting import export, tried
from support.render import ALL

from alive5 import Alive5Error, ExportError, open_export
from alive5.export.dataset.manifest import MANIFEST
from alive5.export.state.database import ReadOnlyDatabase
from alive5.export.verify import verify
from alive5.sandbox import Sandbox

SIZES: dict[str, Any] = {"livechat": 200, "sms": 60, "fbm": 30}
STATE = Path(".alive5", "state.db")
Rows = tuple[list[Any], list[Any]]


def rows_of(directory: Path) -> Rows | None:
    """
    Read all rows; None when they are refused.
    """
    try:
        reader = open_export(directory)
        return list(reader.conversations()), list(reader.messages())
    except Alive5Error:
        return None


def flips(path: Path, seeded: Seeded) -> Iterator[str]:
    """
    Change one byte of a file at a time, in every other case one bit, and put it back.
    """
    whole = path.read_bytes()
    for number in range(count(ci=60, full=400)):
        at = seeded.randrange(len(whole))
        changed = 1 << seeded.randrange(8) if number % 2 else seeded.randrange(1, 256)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ changed]) + whole[at + 1 :])
        yield f"byte {at} of {path.name}, changed by {changed}"
    path.write_bytes(whole)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports of one sandbox, one of each format."""
    directory = tmp_path_factory.mktemp("flips")
    for name in ALL:
        assert 0 == export(Sandbox(**SIZES), directory / name, formats=(name,)).exit_code
    return directory


@pytest.mark.promise("E11")
@pytest.mark.parametrize("name", ALL)
def test_a_flip_of_a_file_is_named_and_refused(made: Path, name: str) -> None:
    seeded, out = Seeded.from_environment(), made / name
    truth = rows_of(out)
    files = open_export(out).files("messages")
    for flip in flips(seeded.choice(files), seeded):
        report = verify(out)
        assert (False, 1) == (report.ok, report.damaged), flip
        assert rows_of(out) is None, flip
    assert rows_of(out) == truth
    assert verify(out).ok


@pytest.mark.promise("E11")
@pytest.mark.parametrize("sealed", [True, False])
def test_a_flip_of_the_manifest_is_named_or_changes_nothing(made: Path, tmp_path: Path, *, sealed: bool) -> None:
    seeded, out = Seeded.from_environment(), tmp_path / "out"
    shutil.copytree(made / "jsonl", out)
    if not sealed:  # as a version wrote it whose manifests had no digest
        facts = json.loads((out / MANIFEST).read_bytes())
        del facts["manifest_sha256"]
        (out / MANIFEST).write_text(json.dumps(facts, indent=1))
    truth, counts = rows_of(out), open_export(out).manifest.counts
    assert verify(out).ok
    for flip in flips(out / MANIFEST, seeded):
        report = verify(out)
        if report.ok:
            assert (truth, counts) == (rows_of(out), open_export(out).manifest.counts), flip
        else:
            assert report.problems, flip
            rows_of(out)


@pytest.mark.timeout(900)
@pytest.mark.promise("E11")
def test_a_flip_of_the_state_is_refused_or_changes_nothing(made: Path, tmp_path: Path) -> None:
    seeded, out, copy = Seeded.from_environment(), tmp_path / "out", tmp_path / "copy"
    shutil.copytree(made / "jsonl", out)
    truth, sandbox, unnamed = rows_of(made / "csv"), Sandbox(**SIZES), 0
    counts = {kind: {**of, "without_id": 0} for kind, of in open_export(out).manifest.counts.items()}
    for flip in flips(out / STATE, seeded):
        is_named = not verify(out).ok
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(out, copy)
        outcome = tried(sandbox, copy, formats=("csv",))
        if outcome.report is None:
            continue
        # Verify may name what no file shows: the state also keeps conversations that started before the period.
        assert (False, truth, counts) == (outcome.is_loud, rows_of(copy), outcome.report.counts), flip
        unnamed += not is_named
    assert not sandbox.requests
    assert unnamed


@pytest.mark.promise("E11")
def test_a_schema_that_is_no_text_is_refused(made: Path, tmp_path: Path) -> None:
    # SQLite quotes the schema in its error; Python cannot read that where a byte of it is no UTF-8.
    path = tmp_path / "state.db"
    shutil.copy(made / "jsonl" / STATE, path)
    whole = path.read_bytes()
    refused = 0
    for found in re.finditer(rb"CREATE (TABLE|INDEX) \w+", whole):
        for at in range(found.start(), found.end() + 4):
            path.write_bytes(whole[:at] + b"\xc0" + whole[at + 1 :])
            with suppress(ExportError):
                ReadOnlyDatabase(path).close()
                continue
            refused += 1
    assert refused > 100
