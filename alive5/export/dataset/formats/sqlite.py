"""SQLite: both tables in one file, which every language can query."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import ClassVar, Final

from ...disk.files import Disk
from ...disk.read_only import connect_read_only
from ..flatten import Values
from ..schema import SCHEMA_VERSION, TABLES, Table, Type
from ._base import Format, Stored, Tally, batches
from ._cells import from_cell, to_cell

_TYPES: Final[Mapping[Type, str]] = {
    "text": "TEXT", "time": "TEXT", "int": "INTEGER", "flag": "INTEGER", "texts": "TEXT", "json": "TEXT",
}  # fmt: skip
_SETTINGS: Final = (
    "PRAGMA page_size = 4096",
    # The file is new and thrown away when writing fails: a journal would only be a second file to protect.
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
_INDEXES: Final = (
    "CREATE INDEX conversations_by_start ON conversations (start_time)",
    "CREATE INDEX messages_by_created ON messages (created_at)",
)


class Sqlite(Format):
    """An SQLite database; times are ISO 8601 in UTC with six decimals, so they sort and compare as text."""

    name = "sqlite"
    suffixes: ClassVar[Mapping[str, str]] = {"conversations": "sqlite"}
    whole = True

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write a new database, a batch at a time.
        """
        path = paths["conversations"]
        disk.create(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            for statement in (*_SETTINGS, *(t.sql(_TYPES) for t in TABLES.values()), *_INDEXES):
                database.execute(statement)
            for batch in batches(rows, tally):
                disk.step("write", path)
                database.execute("BEGIN")
                for name, table in TABLES.items():
                    marks = ", ".join("?" * len(table.columns))
                    database.executemany(f"INSERT INTO {name} VALUES ({marks})", map(_writer(table), batch.of(name)))  # noqa: S608
                database.execute("COMMIT")

    def read(self, path: Path, table: Table) -> Iterator[Values]:
        """
        Yield the rows in the order they were written.
        """
        types: list[Type] = [column.type for column in table.columns]
        with closing(connect_read_only(path)) as database:
            columns = ", ".join(table.names)
            for row in database.execute(f"SELECT {columns} FROM {table.name} ORDER BY rowid"):  # noqa: S608
                yield tuple(map(from_cell, types, row))


def _writer(table: Table) -> Callable[[Values], Values]:
    types: list[Type] = [column.type for column in table.columns]
    return lambda row: tuple(map(to_cell, types, row))
