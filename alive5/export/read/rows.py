"""
The rows of an export, read from the files its manifest names.

The tables are the same whichever format they come from, except that CSV cannot
tell an empty text from null.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ...errors import ExportError, InvalidArgumentError
from ..dataset.flatten import Values
from ..dataset.formats import FORMATS
from ..dataset.formats.jsonl import delivered
from ..dataset.manifest import FileEntry, Manifest, load_manifest
from ..dataset.schema import TABLES, Table
from .file_check import FileCheck, readable

Row = dict[str, Any]

FOR_ROWS: Final = ("jsonl", "sqlite", "parquet", "duckdb", "csv")
"""The formats by how fast rows are read from them."""


class ExportRows:
    """
    The files of a finished export, and what they hold row by row.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: Path = Path(path)
        self.manifest: Manifest = load_manifest(self.path)
        self._files = FileCheck(self.path)

    def __repr__(self) -> str:
        return f"<ExportReader formats={','.join(self.manifest.formats)} counts={dict(self.manifest.counts)}>"

    def files(self, table: str, format: str | None = None) -> list[Path]:  # noqa: A002
        """
        Return the files that hold a table, of one format or of all.

        A file of ``jsonl``, ``sqlite``, ``duckdb`` or ``xlsx`` holds both tables.
        """
        entries = [entry for entry in self._entries(table_of(table).name) if format in (None, entry.format)]
        return [self.path / entry.path for entry in entries]

    def check(self) -> None:
        """
        Check size and SHA-256 of every file against the manifest.

        :raises ExportError: naming the first file that differs.
        """
        for entry in {entry.path: entry for entry in self.manifest.files}.values():
            self._present(entry)

    def problem(self, entry: FileEntry) -> str | None:
        """
        Return how a file differs from its entry in the manifest; None when it does not.
        """
        return self._files.problem(entry)

    def conversations(self) -> Iterator[Row]:
        """
        Yield the conversations, typed, as dictionaries by column name.
        """
        return self._rows("conversations")

    def messages(self) -> Iterator[Row]:
        """
        Yield the messages, conversation after conversation, as dictionaries by column name.
        """
        return self._rows("messages")

    def delivered(self) -> Iterator[Row]:
        """
        Yield the rows as Alive5 delivered them, with their ``kind``; needs the format jsonl.
        """
        entries = self._of("conversations", "jsonl")
        if not entries and self.manifest.files:
            raise ExportError("only the format jsonl holds the rows as delivered: export with it as well")
        for entry in entries:
            with readable(entry.path):
                for kind, _, raw in delivered(self._present(entry)):
                    yield {**raw, "kind": kind}

    def values(self, table: str, format: str) -> Iterator[tuple[FileEntry, Iterator[Values]]]:  # noqa: A002
        """
        Yield the manifest's entry and the rows of each file of a format.
        """
        wanted = table_of(table)
        for entry in self._of(table, format):
            yield entry, self._read(entry, wanted)

    def rows_of(self, entry: FileEntry, table: str) -> Iterator[Row]:
        """
        Yield the rows of a table in one file, as dictionaries by column name.
        """
        wanted = table_of(table)
        for row in self._read(entry, wanted):
            yield dict(zip(wanted.names, row, strict=True))

    def entries_for_rows(self, table: str) -> list[FileEntry]:
        """
        Return the entries of a table in the format best read row by row.
        """
        return self._best(table_of(table), FOR_ROWS)

    def _rows(self, table: str) -> Iterator[Row]:
        for entry in self.entries_for_rows(table):
            yield from self.rows_of(entry, table)

    def _values(self, table: Table, preference: tuple[str, ...]) -> Iterator[Values]:
        for entry in self._best(table, preference):
            yield from self._read(entry, table)

    def _best(self, table: Table, preference: tuple[str, ...]) -> list[FileEntry]:
        there = self.manifest.formats
        best = next((name for name in preference if name in there), None)
        if best is None and there:
            raise ExportError(f"{', '.join(there)} is for people to open: export with jsonl as well to read it by code")
        return self._of(table.name, best)

    def _read(self, entry: FileEntry, table: Table) -> Iterator[Values]:
        with readable(entry.path):
            yield from FORMATS[entry.format].read(self._present(entry), table)

    def _of(self, table: str, format: str | None) -> list[FileEntry]:  # noqa: A002
        return [entry for entry in self._entries(table) if entry.format == format]

    def _entries(self, table: str) -> list[FileEntry]:
        return [entry for entry in self.manifest.files if entry.table == table or entry.messages is not None]

    def _present(self, entry: FileEntry) -> Path:
        problem = self.problem(entry)
        if problem:
            raise ExportError(problem)
        return self.path / entry.path


def table_of(name: str) -> Table:
    """
    Return a table by its name.

    :raises InvalidArgumentError: when there is none.
    """
    if name not in TABLES:
        raise InvalidArgumentError(f"table must be of: {', '.join(TABLES)}", argument="table")
    return TABLES[name]
