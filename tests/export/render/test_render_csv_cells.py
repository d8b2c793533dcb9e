"""D6: no cell of a CSV file can become a formula, and none is spoiled needlessly."""

from __future__ import annotations

import csv
import io
import random
import re
from pathlib import Path

import pytest
from support.counts import count, seed
from support.render import Row, export

from alive5.export.dataset.formats._csv_guard import guard, unguard
from alive5.export.read.reader import open_export

FORMULAS = "=+-@\uff1d\uff0b\uff0d\uff20"
BLANKS = (" ", "\u00a0", "\u200b", "\ufeff", "\u3000", "\u2060", "\x00", "\x1f")
PIECES = (
    *FORMULAS, *BLANKS, "\t", "\r", "\n", "\u2212", "\ufe63", "\u207a", "'", '"', ",", ";", "|", "%", "(", ")", ".",
    "1", "42", "555", "e5", "A1", "cmd|' /C calc'!A0", "HYPERLINK(1)", "SUM(A1:A2)", "DDE", "😀", "שלום", "\u202e",
)  # fmt: skip
# What a spreadsheet may evaluate, told apart from the code under test: by what it looks like after anything it skips.
DANGEROUS = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u3000\ufeff]*"
    "[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe63\u207a]|[ \u00a0\u200b\ufeff]*[\t\r\n]"
)
NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?")
PHONE = re.compile(r"\+[0-9][0-9 ().-]{4,18}")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r\n", "'\r\n"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("\u00a0\u200b\ufeff=1", "'\u00a0\u200b\ufeff=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\uff20A1", "'\uff20A1"),
        ("+1-cmd", "'+1-cmd"),
        ("+12025550147;=1", "'+12025550147;=1"),
        ("+12025550147\n", "'+12025550147\n"),
        (" +12025550147", "' +12025550147"),
        ("-5-", "'-5-"),
        ("-1e5+1", "'-1e5+1"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
    ],
)
def test_what_could_be_a_formula_is_marked(text: str, cell: str) -> None:
    assert cell == guard(text)
    assert text == unguard(cell)


@pytest.mark.parametrize(
    "text",
    [
        "", "plain", "a=b", "1+1", "'quoted'", "'", "+12025550147", "+1 (202) 555-0147", "+1-202-555-0147", "-5",
        "-12.50", "+3.14", "-1,234.5", "-1e5", "2026-01-01", "mail@example.com", " padded", "{=1}", "😀=",
    ],
)  # fmt: skip
def test_what_cannot_is_left_alone(text: str) -> None:
    assert text == guard(text)
    assert text == unguard(text)


@pytest.mark.promise("D6")
def test_no_cell_can_become_a_formula() -> None:
    rng = random.Random(seed())
    for _ in range(count(ci=2_000, full=20_000)):
        text = "".join(rng.choice(PIECES) for _ in range(rng.randrange(8)))
        cell = guard(text)
        assert text == unguard(cell)
        assert cell in (text, f"'{text}")
        safe = not DANGEROUS.match(cell) or PHONE.fullmatch(cell) or NUMBER.fullmatch(cell)
        assert safe, f"{text!r} became {cell!r}"


@pytest.mark.promise("D6")
def test_no_cell_of_a_file_can_become_a_formula(tmp_path: Path) -> None:
    rng = random.Random(seed())
    rows: list[tuple[str, Row]] = []
    for number in range(count(ci=200, full=2_000)):
        texts = ["".join(rng.choice(PIECES) for _ in range(rng.randrange(6))) for _ in range(8)]
        said = [{"created_by": texts[0], "message_content": texts[1], "created_at": texts[2]}]
        row: Row = {"alive5_sessionID": f"{texts[3]}{number}", "start_time": 1_767_225_600_000, "tags": texts[4:6]}
        rows.append(("sms", {**row, "contacts_notes": texts[6], texts[7]: texts[7], "chat_conversation": said}))
    manifest = export(tmp_path, rows, "csv")
    marked = 0
    for table in ("conversations", "messages"):
        for path in open_export(tmp_path).files(table, "csv"):
            for line in csv.reader(io.StringIO(path.read_bytes().decode(), newline="")):
                for cell in line:
                    assert not DANGEROUS.match(cell) or PHONE.fullmatch(cell) or NUMBER.fullmatch(cell), repr(cell)
                    marked += cell.startswith("'") and cell != unguard(cell)
    assert marked == manifest.oddities["csv_cells_escaped"] > 0
