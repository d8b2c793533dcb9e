"""P2: a forgotten person is in no byte of a directory, all others are as they were, and nobody comes back."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.cli import run_here
from support.counts import count, measured, seed
from support.exporting import digests, export, found
from support.forgetting import (
    FORMS,
    NIGHT,
    NOW,
    PERIOD,
    add,
    left,
    names_in,
    night,
    others_read,
    remnants,
    traces,
    world,
    write_again,
)
from support.people import Planted, neighbours

from alive5 import DirectoryInUseError, ExportError, InvalidArgumentError, forget, open_export
from alive5.export.compare import Samples, compare
from alive5.export.disk.files import Disk
from alive5.export.state.directory import OutputDirectory
from alive5.export.verify import verify
from alive5.sandbox import Sandbox

STRAY = Path("messages", "kind=sms", "month=2026-01", "part-0123456789abcdef.jsonl.gz")
ANA, BO = Planted.numbered(1), Planted.numbered(2)


def made(directory: Path, rng: random.Random, **options: Any) -> Sandbox:
    """
    Export a world in which Ana and Bo live, twice: of what they wrote first, lines are left in blocks.
    """
    sandbox, again = world(rng, [ANA, BO]), {name: options[name] for name in ("edition", "by") if name in options}
    export(sandbox, directory, clock=lambda: NOW, **{**PERIOD, **options})
    write_again(sandbox, ANA)
    export(sandbox, directory, clock=lambda: NOW, start=None, end=None, since_last=True, sweep="all", **again)
    (directory / ".alive5" / "search.db").write_text(ANA.mark)
    (directory / ".alive5" / "search.db-wal").write_text(ANA.mark)
    (directory / ".alive5" / "tmp" / "left.new").write_text(ANA.mark)
    (directory / STRAY).parent.mkdir(parents=True, exist_ok=True)
    (directory / STRAY).write_text(ANA.mark)
    return sandbox


@pytest.mark.promise("P2")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("form", FORMS)
def test_a_forgotten_person_is_in_no_byte(form: str, tmp_path: Path) -> None:
    rng = random.Random(seed())
    for number in range(count(ci=1, full=10)):
        out = tmp_path / str(number)
        made(out, rng, **FORMS[form])
        assert {line.partition("/")[0] for line in traces(out, ANA)} >= {".alive5", "rows: b'mark0001kram'"}
        lines, rows = left(out, ANA), others_read(out, ANA)
        before = open_export(out).manifest
        with remnants(out, ANA):
            report = forget(out, phone=ANA.spelled(rng, "phone"), email=ANA.spelled(rng, "email"))
            assert (13, 0) == (report.conversations, report.named_in)
            assert [] == traces(out, ANA)
            assert (out / ".alive5" / "state.db-wal").exists()
        assert lines == left(out, ANA)
        assert rows == others_read(out, ANA)
        assert verify(out).ok, verify(out).problems
        after = open_export(out).manifest
        assert 13 == after.forgotten
        assert before.grades == after.grades
        assert before.as_of == after.as_of
        measured(traces_left=0)


@pytest.mark.promise("P2")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("edition", "by"), [("current", "started"), ("current", "active"), ("documented", "started")])
def test_later_nights_do_not_bring_a_person_back(edition: Any, by: str, tmp_path: Path) -> None:
    rng, out = random.Random(seed()), tmp_path / "out"
    sandbox = made(out, rng, edition=edition, by=by)
    forget(out, phone=ANA.phone, email=ANA.email)
    names = names_in(out)
    for number in range(1, count(ci=2, full=30) + 1):
        write_again(sandbox, ANA, NOW + number * NIGHT - 3600)
        report = night(sandbox, out, number, edition=edition, by=by)
        assert [] == traces(out, ANA)
        assert names <= names_in(out)
        assert (0 if by == "started" else 4) == report.exit_code, report.anomalies  # other kinds have no feed
    assert open_export(out).manifest.forgotten > 13
    assert [] != [row for rows in found(out).values() for row in rows.values() if BO.mark in str(row)]
    assert verify(out).ok


@pytest.mark.promise("P2")
def test_a_state_made_again_from_the_files_does_not_bring_a_person_back(tmp_path: Path) -> None:
    rng, out = random.Random(seed()), tmp_path / "out"
    sandbox = made(out, rng)
    forget(out, phone=ANA.phone, email=ANA.email)
    shutil.rmtree(out / ".alive5")
    night(sandbox, out, 1)
    assert [] == traces(out, ANA)
    assert 13 <= open_export(out).manifest.forgotten
    shutil.rmtree(out / ".alive5")
    listed = out / "forgotten" / "list.json"
    whole = listed.read_text()
    for text, why in ((whole.replace('"key": "', '"key": "0'), "damaged"), ("[]", "damaged"), (None, "missing")):
        listed.write_text(text) if text is not None else listed.unlink()
        with pytest.raises(ExportError, match=f"{why}, without which people who were forgotten would come back"):
            night(sandbox, out, 2)


def test_an_export_without_state_is_forgotten_in_as_well(tmp_path: Path) -> None:
    rng, out = random.Random(seed()), tmp_path / "out"
    made(out, rng)
    (out / STRAY).unlink()
    shutil.rmtree(out / ".alive5")
    assert 13 == forget(out, phone=ANA.phone, email=ANA.email, dry_run=True).conversations
    assert 13 == forget(out, phone=ANA.phone, email=ANA.email).conversations
    assert [] == traces(out, ANA)
    assert [] != traces(out, BO)


def test_in_a_state_of_the_version_before(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out, random.Random(seed()))
    with closing(sqlite3.connect(out / ".alive5" / "state.db")) as database:
        database.execute("DROP INDEX forgotten_marks")
        database.execute("DROP TABLE forgotten")
        database.execute("PRAGMA user_version = 4")
    assert 13 == forget(out, phone=ANA.phone, email=ANA.email, dry_run=True).conversations
    assert 13 == forget(out, phone=ANA.phone, email=ANA.email).conversations
    assert [] == traces(out, ANA)


def test_while_another_program_reads_it_is_not_called_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    made(out, random.Random(seed()))
    monkeypatch.setattr("alive5.export.state.database._BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(out / ".alive5" / "state.db", isolation_level=None)) as database:
        database.execute("BEGIN")
        database.execute("SELECT * FROM win").fetchone()
        with pytest.raises(ExportError, match="another program reads it"):
            forget(out, phone=ANA.phone, email=ANA.email)
    assert not [*(out / "forgotten").glob("receipt-*")]
    report = forget(out, phone=ANA.phone, email=ANA.email)
    assert (0, True) == (report.conversations, report.resumed)
    assert 13 == json.loads((out / "forgotten" / "receipt-0001.json").read_text())["conversations"]
    assert [] == traces(out, ANA)


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    made(tmp_path / "out", random.Random(seed()))
    (tmp_path / "out" / "notes.txt").write_text("x")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    report = forget(tmp_path / "out", phone=ANA.phone, dry_run=True)
    assert (7, None, True, ("notes.txt",)) == (report.conversations, report.receipt, report.dry_run, report.others)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_the_receipt_says_what_was_done_and_not_to_whom(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out, random.Random(seed()))
    reports = [forget(out, phone=ANA.phone), forget(out, email=ANA.email), forget(out, email="nobody@example.com")]
    receipts = [json.loads(Path(report.receipt or "").read_text()) for report in reports]
    assert ["receipt-0001.json", "receipt-0002.json", "receipt-0003.json"] == [
        Path(report.receipt or "").name for report in reports
    ]
    assert [7, 6, 0] == [receipt["conversations"] for receipt in receipts]
    assert [["phone"], ["email"], ["email"]] == [receipt["asked_by"] for receipt in receipts]
    assert reports[0].to_dict()["messages"] == receipts[0]["messages"]
    assert [] == traces(out, ANA)


def test_who_is_named_by_others_stays_there_and_is_counted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sandbox = made(out, random.Random(seed()))
    name = next(name for name, row in found(out)["sms"].items() if ANA.mark not in str(row))
    sandbox.change("sms", name, contacts_notes=f"ask {ANA.phone}")
    night(sandbox, out, 1)
    before = found(out)["sms"][name]
    assert ANA.phone in before["contacts_notes"]
    assert 1 == forget(out, phone=ANA.phone, email=ANA.email).named_in
    assert before == found(out)["sms"][name]


@pytest.mark.promise("P2")
def test_who_is_nearly_the_person_stays(tmp_path: Path) -> None:
    rng, out = random.Random(seed()), tmp_path / "out"
    sandbox = world(rng, [ANA])
    add(sandbox, neighbours(rng, ANA))
    export(sandbox, out, clock=lambda: NOW, **PERIOD)
    before = left(out, ANA)
    assert 12 == forget(out, phone=ANA.phone, email=ANA.email).conversations
    assert before == left(out, ANA)
    night(sandbox, out, 1)
    assert before.items() <= left(out, ANA).items()
    assert 10 == sum("other-1-" in name for name in before)


def test_a_comparison_with_the_service_does_not_miss_who_was_forgotten(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sandbox = made(out, random.Random(seed()))

    async def compared() -> Samples:
        async with sandbox.async_client() as client:
            return await compare(client._caller, out, count=1000, seed=1)

    assert 0 == anyio.run(compared).missing
    forget(out, phone=ANA.phone, email=ANA.email)
    samples = anyio.run(compared)
    assert samples.ok, samples
    assert samples.compared


def test_parts_without_the_person_keep_their_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out, random.Random(seed()), start="2025-12-01")
    before = digests(out)
    forget(out, phone=ANA.phone, email=ANA.email)
    after = digests(out)
    kept = {path for path in before if "month=2026-01" not in path}
    assert kept
    assert {path: before[path] for path in kept} == {path: after[path] for path in kept}


def test_a_directory_that_was_never_finished(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out, random.Random(seed()))
    (out / "MANIFEST.json").unlink()
    assert 13 == forget(out, phone=ANA.phone, email=ANA.email).conversations
    assert [] == traces(out, ANA)


def test_pseudonyms_are_of_nobody_known(tmp_path: Path) -> None:
    out, key = tmp_path / "out", tmp_path / "key"
    export(world(random.Random(1), [ANA]), out, **PERIOD, pseudonymise=("phones",), pseudonym_key=key)
    for dry_run in (True, False):
        with pytest.raises(ExportError, match="the export holds pseudonyms"):
            forget(out, phone=ANA.phone, dry_run=dry_run)
    assert not (out / "forgotten").exists()


def test_what_cannot_be_forgotten_in_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out, random.Random(seed()))
    for phone in ("2025550001", "555-0001"):
        with pytest.raises(InvalidArgumentError, match="country code"):
            forget(out, phone=phone)
    with pytest.raises(InvalidArgumentError, match="holds no export"):
        forget(tmp_path / "none", phone=ANA.phone)
    assert not (tmp_path / "none").exists()
    held = OutputDirectory(out, Disk())
    with pytest.raises(DirectoryInUseError):
        forget(out, phone=ANA.phone)
    held.leave()
    before = names_in(out)
    (out / "MANIFEST.json").write_text("{}")
    with pytest.raises(ExportError, match="damaged"):
        forget(out, phone=ANA.phone)
    assert before == names_in(out)


def test_on_the_command_line(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out, random.Random(seed()))
    (out / "report.html").write_text("x")
    asked = ("forget", str(out), "--phone", "1 (202) 555-0001")
    given = run_here(*asked, "--dry-run")
    assert (0, "found 7 conversations with") == (given.returncode, given.stdout[:26])
    given = run_here(*asked)
    assert 2 == given.returncode
    assert "nothing was removed" in given.stderr
    assert [] != traces(out, ANA)
    given = run_here(*asked, "--email", ANA.email, "--yes")
    assert 0 == given.returncode, given.stderr
    assert "removed 13 conversations with" in given.stdout
    assert "not looked into: report.html" in given.stdout
    assert "receipt-0001.json" in given.stderr
    assert [] == traces(out, ANA)
    document = json.loads(run_here("--json", *asked, "--yes").stdout)
    assert 0 == document["data"]["conversations"]


def test_the_blocks_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs" / "people.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIVE5_API_KEY", "test_key_docs")
    sandbox = made(tmp_path / "out", random.Random(seed()))
    assert 3 == len(blocks)
    names: dict[str, Any] = {"__name__": "docs"}
    with sandbox.patch():
        for code in blocks:
            own = code.replace("ana@example.com", ANA.email).replace("+12025550123", ANA.phone)
            exec(compile(own, "docs/people.md", "exec"), names)
    assert [] == traces(tmp_path / "out", ANA)
