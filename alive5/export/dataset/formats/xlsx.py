"""Excel, with the extra ``xlsx``: one workbook with both tables, for people; texts stay texts."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone, tzinfo
from pathlib import Path
from typing import IO, Any, ClassVar, Final

from ...disk.files import Disk
from ..extras import need
from ..flatten import Values
from ..schema import TABLES, Table, Type
from ._base import Format, Stored, Tally, batches, create
from ._xlsx_cells import MOST_UNITS, cell_of
from ._xlsx_rows import sheet_rows

ROWS_A_SHEET: Final = 1_048_576
"""Excel's limit, the header among them."""
_WIDTHS: Final[Mapping[Type, int]] = {"time": 19, "int": 8, "flag": 8, "real": 8, "text": 18, "texts": 24, "json": 24}
# Columns that are read, and one that nobody reads.
_WIDE: Final = {"session_id": 38, "message_content": 80, "raw_sha256": 12, "page_url": 40, "referrer_url": 40}
# Of a text of the longest cell when each of its characters is escaped twice.
_LONGEST_XML: Final = 20 * MOST_UNITS
# Any date: the same rows are the same bytes.
_CREATED: Final = datetime(2026, 1, 1)
_SETTINGS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Xlsx(Format):
    """A workbook of Excel; times are those of a zone, without saying so, since Excel knows none."""

    name = "xlsx"
    suffixes: ClassVar[Mapping[str, str]] = {"conversations": "xlsx"}
    whole = True
    needs: ClassVar[tuple[str, ...]] = ("xlsxwriter",)

    def __init__(self, zone: tzinfo | None = None) -> None:
        self.zone: tzinfo = zone or timezone.utc
        self.variant: str = "" if zone is None else str(zone)

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write a new workbook, a row at a time.
        """
        path = paths["conversations"]
        with create(disk, path) as file, _workbook(file, path.parent) as book:
            sheets = {name: _Sheets(book, table, self.zone, tally.oddities) for name, table in TABLES.items()}
            for batch in batches(rows, tally):
                disk.step("write", path)
                for name, sheet in sheets.items():
                    for row in batch.of(name):
                        sheet.write(row)
            for sheet in sheets.values():
                sheet.end()

    def read(self, path: Path, table: Table) -> Iterator[Values]:
        """
        Yield the rows as the sheets show them: an empty text is null, times have no zone, long texts were cut.
        """
        return sheet_rows(path, table)


class _Sheets:
    """A table on as many sheets as it takes."""

    def __init__(self, book: Any, table: Table, zone: tzinfo, oddities: Counter[str]) -> None:
        self._book, self._table, self._zone, self._oddities = book, table, zone, oddities
        self._columns: list[tuple[int, Type]] = [(at, column.type) for at, column in enumerate(table.columns)]
        self._text = book.add_format({"num_format": "@"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._header = book.add_format({"bold": True, "bottom": 1})
        self._number = 0
        self._begin()

    def write(self, row: Values) -> None:
        """
        Write a row, on another sheet where this one is full.
        """
        if self._at == ROWS_A_SHEET:
            self.end()
            self._begin()
        for (at, kind), value in zip(self._columns, row, strict=True):
            if value is not None:
                self._put(at, cell_of(kind, value, self._zone, self._oddities))
        self._at += 1

    def end(self) -> None:
        """
        Finish the sheet: its header has filters.
        """
        self._sheet.autofilter(0, 0, self._at - 1, len(self._columns) - 1)

    def _begin(self) -> None:
        self._number += 1
        name = self._table.name if self._number == 1 else f"{self._table.name} {self._number}"
        self._sheet, self._at = self._book.add_worksheet(name), 1
        self._sheet.xls_strmax = _LONGEST_XML  # texts are cut already, and XML of a cell is longer than its text
        self._sheet.freeze_panes(1, len(TABLES["conversations"].key))
        for at, column in enumerate(self._table.columns):
            self._sheet.set_column(at, at, _WIDE.get(column.name, _WIDTHS[column.type]))
            self._sheet.write_string(0, at, column.name, self._header)

    def _put(self, at: int, value: Any) -> None:
        if isinstance(value, str):
            self._sheet.write_string(self._at, at, value, self._text)
        elif isinstance(value, datetime):
            self._sheet.write_datetime(self._at, at, value, self._time)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._at, at, value)
        else:
            self._sheet.write_number(self._at, at, value)


@contextmanager
def _workbook(file: IO[bytes], work: Path) -> Iterator[Any]:
    """Open a workbook whose parts wait in a private directory; a failure closes them, and is the disk's."""
    xlsxwriter = need("xlsxwriter", "xlsx")
    book = xlsxwriter.Workbook(file, {**_SETTINGS, "tmpdir": str(work)})
    book.use_zip64()
    book.set_properties({"created": _CREATED})
    try:
        yield book
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        cause = error.args[0]
        raise OSError(getattr(cause, "errno", None) or errno.EIO, "the workbook could not be written") from None
    finally:
        for sheet in book.worksheets():
            sheet._opt_close()
