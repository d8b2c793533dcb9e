"""P1: everything about one person, in any spelling and format, and nothing of anybody else."""

from __future__ import annotations

import json
import os
import random
import stat
from collections import Counter
from pathlib import Path

import pytest
from support.cli import run_here
from support.counts import count, measured, seed
from support.people import LINE, By, Planted, chat, neighbours, planted
from support.render import FORMATS, export

from alive5 import ExportError, InvalidArgumentError, open_export
from alive5.export.people import write_person

WAYS: tuple[tuple[By, ...], ...] = (("phone",), ("email",), ("phone", "email"))
# Each look reads all rows: more at once would cost their square.
TOGETHER = 40
ANA, BO = Planted.numbered(1), Planted.numbered(2)
ROWS = [
    chat("sms", "ana-1", contacts_phone="(202) 555-0001", alive_sms_phone_number=LINE),
    chat("livechat", "ana-2", contacts_email="Ana <PERSON-0001@Example.com>"),
    chat("fbm", "bo-1", contacts_phone=BO.phone),
    chat("fbm", "bo-2", contacts_phone=BO.phone, contacts_notes=f"friend of {ANA.email}"),
    chat("sms", "bo-3", contacts_phone=BO.phone, said=[f"and {ANA.phone}?"]),
    chat("livechat", "none", contacts_email=None),
]


@pytest.mark.promise("P1")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("form", FORMATS)
def test_planted_people_are_found_and_nobody_else(form: str, tmp_path: Path) -> None:
    rng, wrong = random.Random(seed()), Counter[str]()
    people = [Planted.numbered(number) for number in range(count(ci=6, full=200))]
    for low in range(0, len(people), TOGETHER):
        some, out = people[low : low + TOGETHER], tmp_path / str(low)
        rows, truth = planted(rng, some)
        export(out, [*rows, *(row for person in some for row in neighbours(rng, person))], form)
        reader = open_export(out)
        for person in some:
            by = rng.choice(WAYS)
            record = reader.find(**{way: person.spelled(rng, way) for way in by})
            ids = {one.row["session_id"] for one in record.conversations}
            expected = set().union(*(truth[person.number, way] for way in by))
            assert len(expected) == 6 * len(by)
            wrong.update(found=len(ids & expected), missing=len(expected - ids), others=len(ids - expected))
    measured(conversations_found=wrong.pop("found"), **wrong)
    assert not wrong.total()


@pytest.mark.parametrize("form", FORMATS)
def test_who_is_only_named_is_listed_apart(form: str, tmp_path: Path) -> None:
    export(tmp_path, ROWS, form)
    record = open_export(tmp_path).find(phone=ANA.phone, email=ANA.email)
    assert ["ana-2", "ana-1"] == [one.row["session_id"] for one in record.conversations]
    assert (("sms", "bo-3"), ("fbm", "bo-2")) == record.named_in
    assert 4 == record.messages
    assert "<PersonRecord conversations=2 messages=4>" == repr(record)


def test_what_is_about_them_is_written_for_them(tmp_path: Path) -> None:
    export(tmp_path / "out", ROWS, "jsonl")
    record = open_export(tmp_path / "out").find(phone=ANA.phone)
    files = write_person(record, tmp_path / "deep" / "ana", export=tmp_path / "out", tz="America/New_York")
    document, text = (file.read_text("utf-8") for file in files)
    assert record.to_dict() == json.loads(document)
    assert "> Hello" in text
    assert "- sms bo-3" in text
    if os.name != "nt":
        assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in files}
        assert 0o700 == stat.S_IMODE(files[0].parent.stat().st_mode)
    with pytest.raises(ExportError, match="is there already"):
        write_person(record, tmp_path / "deep" / "ana", export=tmp_path / "out")
    with pytest.raises(InvalidArgumentError, match="outside of the export"):
        write_person(record, tmp_path / "out" / "ana", export=tmp_path / "out")


def test_half_a_character_is_written(tmp_path: Path) -> None:
    export(tmp_path / "out", [chat("sms", "a", contacts_phone=ANA.phone, said=["\ud800"])], "jsonl")
    record = open_export(tmp_path / "out").find(phone=ANA.phone)
    document, _ = write_person(record, tmp_path / "ana", export=tmp_path / "out")
    assert record.to_dict() == json.loads(document.read_text("utf-8"))


def test_on_the_command_line(tmp_path: Path) -> None:
    export(tmp_path / "out", ROWS, "jsonl")
    asked = ("find", str(tmp_path / "out"), "--phone", "1 (202) 555-0001")
    given = run_here(*asked, "-o", str(tmp_path / "ana"))
    assert 0 == given.returncode, given.stderr
    assert "ana-1" in given.stdout
    assert "1 conversations with 2 messages; 1 of other people name them" in given.stdout
    assert ["person.json", "person.md"] == sorted(path.name for path in (tmp_path / "ana").iterdir())
    found = json.loads(run_here("--json", *asked).stdout)["data"]
    assert ["ana-1"] == [row["session_id"] for row in found["conversations"]]
    assert [{"kind": "sms", "session_id": "bo-3"}] == found["named_in"]


@pytest.mark.parametrize("number", ["2025550001", "555-0001"])
def test_a_number_of_several_people_is_refused(number: str, tmp_path: Path) -> None:
    export(tmp_path, ROWS, "jsonl")
    given = run_here("find", str(tmp_path), "--phone", number)
    assert (2, "") == (given.returncode, given.stdout)
    assert "country code" in given.stderr
    assert number not in given.stderr
