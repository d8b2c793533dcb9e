"""LibreOffice opens a workbook, and shows what is in it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.render import chats, export
from support.unpacked import unpacked

from alive5.export.dataset.formats import FORMATS, xlsx
from alive5.export.dataset.schema import TABLES

START = 1_767_225_600_000
# Comma, quotes, UTF-8, every text quoted, cells as they are shown, all sheets.
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,true,false,false,-1"
TEXTS = (
    "=1+1", "+12025550147", "-5", "@SUM(A1)", "0123", "1e5", "2026-01-01", "TRUE", "http://example.com", "<r>bold</r>",
    "</t></is></c><c><f>1</f></c>", "a & b < c", "_x0041_", "_x005F_x0041_", "_x0041\x07", " padded ", "one\ntwo",
    "a]]>b", "שלום \u202eevil", "👋🏽", "'quoted'", '"quoted"', "", "😀" * 20_000,
)  # fmt: skip
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")


def opened(book: Path, folder: Path) -> dict[str, list[list[str]]]:
    """
    Convert a workbook with a profile of its own, under a hard limit; gives the rows of each sheet.
    """
    program = shutil.which("soffice")
    assert program, "install Debian's package libreoffice-calc"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["timeout", "-k", "5", "240", program, profile, "--headless", "--norestore", "--convert-to", FILTER]
    subprocess.run([*command, "--outdir", str(folder), str(book)], check=True, capture_output=True, timeout=300)
    sheets = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            sheets[path.stem.removeprefix(f"{book.stem}-")] = list(csv.reader(lines))
    return sheets


@pytest.mark.timeout(300)
def test_libreoffice_shows_both_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    csv.field_size_limit(1 << 24)
    monkeypatch.setattr(xlsx, "ROWS_A_SHEET", 60)
    said = [{"created_at": START, "created_by": "Visitor", "message_content": text} for text in TEXTS]
    row = {"alive5_sessionID": "a", "start_time": START, "tags": ["vip"], "chat_conversation": said}
    manifest = export(tmp_path / "out", [("fbm", row), *chats(12)], "xlsx", job={"tz": "America/New_York"})
    assert 1 == manifest.oddities["xlsx_cells_cut"]
    (book,) = (tmp_path / "out").glob("export-*.xlsx")
    sheets = opened(book, tmp_path)
    names = ["conversations", *(f"messages {number}" if number > 1 else "messages" for number in range(1, len(sheets)))]
    assert sorted(names) == sorted(sheets)
    assert len(sheets) > 2
    for table in TABLES.values():
        parts = [sheets[name] for name in names if name.partition(" ")[0] == table.name]
        assert all(list(table.names) == part[0] for part in parts)
        shown = [line for part in parts for line in part[1:]]
        held = list(FORMATS["xlsx"].read(book, table))
        assert len(held) == len(shown)
        for values, line in zip(held, shown, strict=True):
            for column, value, cell in zip(table.columns, values, line, strict=True):
                assert as_shown(value) == CONTROLS.sub("", cell), (column.name, value)
    assert not [path for path, content in unpacked(tmp_path / "out") if b"<f>" in content]


def as_shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else CONTROLS.sub("", str(value))
