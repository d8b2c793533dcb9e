"""The rows of a workbook that was written here, read with the standard library alone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from ..flatten import Values
from ..schema import Table, Type
from ._cells import from_cell

_SPACE: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ZERO: Final = datetime(1899, 12, 30)
_DAY_MS: Final = 86_400_000
_ESCAPED: Final = re.compile("_x([0-9a-fA-F]{4})_")


def sheet_rows(path: Path, table: Table) -> Iterator[Values]:
    """
    Yield the rows of a table from all of its sheets.
    """
    types: list[Type] = [column.type for column in table.columns]
    with zipfile.ZipFile(path) as book:
        for number, name in enumerate(_names(book), 1):
            if name == table.name or name.startswith(f"{table.name} "):
                with book.open(f"xl/worksheets/sheet{number}.xml") as sheet:
                    rows = _rows(sheet, len(types))
                    if tuple(next(rows)) != table.names:
                        raise ValueError("the header is not that of this schema")
                    for cells in rows:
                        yield tuple(map(_value, types, cells))


def _names(book: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(book.read("xl/workbook.xml"))  # noqa: S314 - of our own, and held against its digest
    return [str(sheet.get("name")) for sheet in root.iter(f"{_SPACE}sheet")]


def _rows(sheet: Any, width: int) -> Iterator[list[str | None]]:
    for _, row in ElementTree.iterparse(sheet):  # noqa: S314 - as above
        if row.tag == f"{_SPACE}row":
            cells: list[str | None] = [None] * width
            for cell in row:
                cells[_column(str(cell.get("r")))] = "".join(cell.itertext()) or None
            yield cells
            row.clear()


def _column(place: str) -> int:
    """Return the number of a place's column, as 27 of "AB12"."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _value(kind: Type, cell: str | None) -> Any:
    if cell is None:
        return None
    if kind == "time" and cell[:1].isdigit() and ":" not in cell:
        return _ZERO + timedelta(milliseconds=round(float(cell) * _DAY_MS))  # Excel's own precision
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell)
    return from_cell(kind, text) if kind != "texts" else text
