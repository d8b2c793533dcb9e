"""Workbooks of Excel: texts stay texts, times are those of a zone, and what Excel cannot hold is counted."""

from __future__ import annotations

import random
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support.counts import count, seed
from support.exporting import JANUARY
from support.render import MemoryStore, Row, chats, export, nasty, tree

from alive5.errors import ConfigurationError, ExportError, InvalidArgumentError
from alive5.export.dataset.formats import FORMATS, xlsx
from alive5.export.dataset.schema import TABLES
from alive5.export.disk.files import Disk
from alive5.export.read.reader import open_export
from alive5.export.render.render import render
from alive5.export.verify import verify
from alive5.sandbox import Sandbox

START = 1_767_225_600_000
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TEXTS = (
    "=1+1", "+12025550147", "-5", "@SUM(A1)", "0123", "1e5", "12", "2026-01-01", "TRUE", "{=1+1}",
    "http://example.com", "mailto:a@example.com", "internal:A1", "<r>bold</r>", "<r><t>x</t></r>", "<r>", "</r>",
    "</t></is></c><c><f>1</f></c>", "a & b < c", "_x0041_", "_x005F_x0041_", "_x0041\x07", "__x0041__", "&#95;x0041_",
    "nul\x00bell\x07escape\x1b", "line\nline\r\nline\r", " padded ", "a]]>b", "\t", "x\x85\u2028",
    "שלום \u202eevil", "👋🏽", "'", '"quoted"',
)  # fmt: skip


def rows_with(*texts: str) -> list[tuple[str, Row]]:
    said = [{"created_at": START, "created_by": "Visitor", "message_content": text} for text in texts]
    return [
        ("sms", {"alive5_sessionID": "a", "start_time": START, "contacts_notes": texts[0], "chat_conversation": said})
    ]


def book(directory: Path) -> Path:
    (path,) = directory.glob("export-*.xlsx")
    return path


def shown(directory: Path, table: str) -> list[Row]:
    """Return the rows as the sheets show them."""
    names = TABLES[table].names
    return [dict(zip(names, row, strict=True)) for row in FORMATS["xlsx"].read(book(directory), TABLES[table])]


def parts(directory: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(book(directory)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(directory: Path) -> list[Any]:
    return [row["message_content"] for row in shown(directory, "messages")]


@pytest.mark.promise("D6")
def test_texts_stay_texts(tmp_path: Path) -> None:
    export(tmp_path, rows_with(*TEXTS), "xlsx")
    assert list(TEXTS) == said(tmp_path)
    assert_inert(parts(tmp_path))


@pytest.mark.promise("D6")
def test_no_mixture_of_texts_becomes_more_than_a_text(tmp_path: Path) -> None:
    pieces = [*TEXTS, "=", "<", ">", "&", "_x", "_", "\ufffe", "\uffff", "<r>", "</r>", "<t>", ";", "😀"]
    rng = random.Random(seed())
    texts = ["".join(rng.choices(pieces, k=rng.randrange(1, 6))) for _ in range(count(ci=2_000, full=20_000))]
    manifest = export(tmp_path, rows_with(*texts), "xlsx")
    assert [re.sub("[\ufffe\uffff]", "\ufffd", text) for text in texts] == said(tmp_path)
    lost = sum(text.count("\ufffe") + text.count("\uffff") for text in [*texts, texts[0]])  # one is in both tables
    assert lost == manifest.oddities.get("xlsx_characters_replaced", 0) > 0
    assert_inert(parts(tmp_path))


def assert_inert(found: dict[str, bytes]) -> None:
    """Every cell with a text is an inline string; there is no formula and no link."""
    for name, content in found.items():
        assert b"hyperlink" not in content.lower().replace(b"<hyperlinkschanged>false</hyperlinkschanged>", b""), name
        if name.startswith("xl/worksheets/sheet"):
            root = ElementTree.fromstring(content)
            assert not root.findall(f".//{SPACE}f")
            assert {"inlineStr", "b", None} >= {cell.get("t") for cell in root.iter(f"{SPACE}c")}


@pytest.mark.parametrize(
    "text", ["x" * 40_000, "😀" * 20_000, "x" + "😀" * 20_000, "x" * 32_767, "<r>" + "😀" * 20_000]
)
def test_cells_are_cut_by_utf_16_units_and_counted(tmp_path: Path, text: str) -> None:
    manifest = export(tmp_path, rows_with("short", text), "xlsx")
    (cut,) = said(tmp_path)[1:]
    units = len(cut.encode("utf-16-le")) // 2
    assert text.startswith(cut)
    assert units in (32_766, 32_767)
    assert (len(cut) < len(text)) == manifest.oddities.get("xlsx_cells_cut", 0)


def test_times_are_those_of_the_zone_of_the_job(tmp_path: Path) -> None:
    names = {}
    for zone in (None, "America/New_York", "UTC+05:30"):
        out = tmp_path / str(len(names))
        export(out, rows_with("a"), "xlsx", job={"tz": zone, "kinds": ["sms"]})
        names[zone] = book(out).name
        (row,) = shown(out, "conversations")
        hours = {None: "2026-01-01T00:00", "America/New_York": "2025-12-31T19:00", "UTC+05:30": "2026-01-01T05:30"}
        assert datetime.fromisoformat(hours[zone]) == row["start_time"]
    assert 3 == len(set(names.values())), "a file of another zone would be kept"


@pytest.mark.parametrize(
    ("start", "cell"),
    [
        ("1900-03-01T00:00:00Z", datetime(1900, 3, 1)),
        ("1900-02-28T23:59:59Z", "1900-02-28T23:59:59.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-30T23:59:59Z", datetime(9999, 12, 30, 23, 59, 59)),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_a_time_excel_does_not_have_is_a_text(tmp_path: Path, start: str, cell: Any) -> None:
    export(tmp_path, [("sms", {"alive5_sessionID": "a", "start_time": start})], "xlsx")
    sheet = ElementTree.fromstring(parts(tmp_path)["xl/worksheets/sheet1.xml"])
    (place,) = [c for c in sheet.iter(f"{SPACE}c") if c.get("r") == "E2"]
    if isinstance(cell, str):
        assert (cell, "inlineStr") == ("".join(place.itertext()), place.get("t"))
    else:
        (row,) = shown(tmp_path, "conversations")
        assert abs(cell - row["start_time"]).total_seconds() < 0.001


def test_beyond_its_limit_of_rows_a_table_has_more_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1_048_576 == xlsx.ROWS_A_SHEET
    monkeypatch.setattr(xlsx, "ROWS_A_SHEET", 11)
    texts = [str(number) for number in range(25)]
    export(tmp_path, rows_with(*texts), "xlsx")
    assert texts == said(tmp_path)
    names = re.findall(rb'<sheet name="([^"]+)"', parts(tmp_path)["xl/workbook.xml"])
    assert [b"conversations", b"messages", b"messages 2", b"messages 3"] == names
    assert verify(tmp_path).problems == ()


def test_the_header_stays_in_sight_and_columns_are_as_wide_as_what_they_hold(tmp_path: Path) -> None:
    export(tmp_path, chats(3), "xlsx")
    found = parts(tmp_path)
    for number, table in enumerate(TABLES.values(), 1):
        sheet = found[f"xl/worksheets/sheet{number}.xml"].decode()
        assert re.search(r'<pane xSplit="2" ySplit="1" [^>]*state="frozen"', sheet)
        assert len(table.columns) <= len(re.findall(r"<col ", sheet)) + len(table.columns)  # neighbours may share one
        assert '<autoFilter ref="A1:' in sheet
        widths = {float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)}
        assert min(widths) > 8
    assert 'width="80.' in found["xl/worksheets/sheet2.xml"].decode()


@pytest.mark.promise("E9")
def test_both_tables_hold_what_other_formats_hold(tmp_path: Path) -> None:
    export(tmp_path, rows := [*chats(5), *nasty()], "xlsx", "sqlite")
    reader = open_export(tmp_path)
    altered = {"message_content", "contacts_notes", "extra_json", "tags"}
    for table in TABLES:
        times = {column.name for column in TABLES[table].columns if column.type == "time"}
        whole = list(getattr(reader, table)())
        cells = shown(tmp_path, table)
        assert len(whole) == len(cells)
        for one, other in zip(whole, cells, strict=True):
            for name in set(one) - altered - times:
                assert (None if one[name] == "" else cut(one[name])) == other[name], (name, one["session_id"])
            for name in times:
                assert (one[name] is None) == (other[name] is None)
    assert verify(tmp_path).problems == ()
    assert rows


def cut(value: Any) -> Any:
    return value[:32_767] if isinstance(value, str) else value


def test_it_is_not_read_by_code_and_says_so(tmp_path: Path) -> None:
    export(tmp_path, chats(3), "xlsx")
    reader = open_export(tmp_path)
    for read in (
        reader.conversations,
        reader.messages,
        lambda: reader.to_arrow("messages"),
        lambda: reader.search("a"),
    ):
        with pytest.raises(ExportError, match="xlsx is for people to open: export with jsonl as well"):
            list(read())
    with pytest.raises(ExportError, match="only the format jsonl"):
        list(reader.delivered())
    assert [book(tmp_path)] == reader.files("messages", "xlsx")
    export(tmp_path, chats(3), "xlsx", "jsonl")
    assert list(open_export(tmp_path).messages())


def test_nothing_waits_outside_of_the_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    export(tmp_path / "out", chats(3), "xlsx")
    assert ["out"] == [path.name for path in tmp_path.iterdir()]


def test_without_its_package_it_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(ConfigurationError, match=r"this needs xlsxwriter: pip install 'alive5\[xlsx\]'"):
        export(tmp_path / "out", [], "xlsx")
    assert not (tmp_path / "out").exists()


def test_single_is_for_csv_beside_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="formats must name csv"):
        export(tmp_path, [], "xlsx", single=True)
    render(MemoryStore(chats(2)), tmp_path, Disk(), formats=["csv", "xlsx"], single=True)
    assert ["MANIFEST.json", "conversations", "export", "messages"] == sorted(
        name.partition("-")[0] for name in tree(tmp_path) if not name.startswith(".alive5")
    )


def test_both_fronts_take_it_and_keep_it(tmp_path: Path) -> None:
    with Sandbox(livechat=20).client(tz="America/New_York") as client:
        first = client.export(tmp_path / "out", **JANUARY, formats=("xlsx",))
        kept = client.export(tmp_path / "out", since_last=True)
    assert all(name.startswith("export-") and name.endswith(".xlsx") for name in (*first.files, *kept.files))
    assert [book(tmp_path / "out").name] == list(kept.files)
    assert verify(tmp_path / "out").ok
