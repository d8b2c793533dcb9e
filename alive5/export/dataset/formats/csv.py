"""CSV: two flat files a partition, for spreadsheets; safe to open, not lossless."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, ClassVar, Final

from ...disk.files import Disk
from ..flatten import Values
from ..schema import TABLES, Table, Type
from ._base import Format, Stored, Tally, batches, create
from ._cells import from_cell, to_cell
from ._csv_guard import guard, unguard

# The most the csv module takes where a C long has 32 bits.
_LONGEST_CELL: Final = 2**31 - 1
_FLAGS: Final = ("false", "true")


class Csv(Format):
    """CSV in UTF-8 with CRLF, every cell quoted; null and an empty text look alike."""

    name = "csv"
    suffixes: ClassVar[Mapping[str, str]] = {"conversations": "csv", "messages": "csv"}

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write a header and a line a row, in both files.
        """
        with ExitStack() as stack:
            writers = {}
            for name, path in paths.items():
                file = stack.enter_context(create(disk, path))
                text = stack.enter_context(io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True))
                writers[name] = _begun(text, TABLES[name])
            for batch in batches(rows, tally):
                for name, writer in writers.items():
                    write = _row_writer(TABLES[name], tally)
                    writer.writerows(map(write, batch.of(name)))

    def read(self, path: Path, table: Table) -> Iterator[Values]:
        """
        Yield the rows; an empty cell is null.
        """
        if csv.field_size_limit() < _LONGEST_CELL:  # 131,072 characters would refuse a long conversation's extra
            csv.field_size_limit(_LONGEST_CELL)
        types: list[Type] = [column.type for column in table.columns]
        with path.open(encoding="utf-8", newline="") as text:
            lines = csv.reader(text)
            if tuple(next(lines, ())) != table.names:
                raise ValueError("the header is not that of this schema")
            for line in lines:
                yield tuple(_read(kind, cell) for kind, cell in zip(types, line, strict=True))


class SingleCsv(Csv):
    """CSV in one file a table, for people who open it by hand; it is written whole whenever a row changes."""

    whole = True


def write_rows(text: IO[str], table: Table, rows: Iterable[Values]) -> None:
    """
    Write rows of any table with their header.
    """
    _begun(text, table).writerows(map(_row_writer(table, Tally()), rows))


def _begun(text: IO[str], table: Table) -> Any:
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(table.names)
    return writer


def _row_writer(table: Table, tally: Tally) -> Callable[[Values], list[Any]]:
    types: list[Type] = [column.type for column in table.columns]

    def write(row: Values) -> list[Any]:
        return [_cell(kind, value, tally) for kind, value in zip(types, row, strict=True)]

    return write


def _cell(kind: Type, value: Any, tally: Tally) -> Any:
    if value is None:
        return None
    if kind == "flag":
        return _FLAGS[value]
    cell = to_cell(kind, value)
    if kind != "text":
        return cell
    if "\x00" in cell:
        tally.oddities["csv_nul_removed"] += cell.count("\x00")
        cell = cell.replace("\x00", "")
    safe = guard(cell)
    tally.oddities["csv_cells_escaped"] += safe is not cell
    return safe


def _read(kind: Type, cell: str) -> Any:
    if not cell:
        return None
    if kind == "flag":
        return cell == _FLAGS[True]
    return from_cell(kind, unguard(cell) if kind == "text" else cell)
