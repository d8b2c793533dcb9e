"""The SQLite database of an export's state: its tables and its transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ...errors import ExportError
from ..disk.errors import explained
from ..disk.files import Disk
from ..disk.read_only import connect_read_only

VERSION: Final = 4
_OLDEST: Final = 3
_APPLICATION: Final = 0xA11_5E5
# Seconds to wait for another program's lock, such as a backup's; the lock of the directory keeps other exports out.
_BUSY_SECONDS: Final = 30.0
_TABLES: Final = """
CREATE TABLE job(id INTEGER PRIMARY KEY CHECK(id = 1), spec TEXT NOT NULL, run INTEGER NOT NULL);
CREATE TABLE facts(kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;
CREATE TABLE win(
    kind TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('todo', 'done', 'failed')), open INTEGER NOT NULL, rows INTEGER NOT NULL,
    pages INTEGER NOT NULL, grade TEXT NOT NULL, flags TEXT NOT NULL, attempts INTEGER NOT NULL, error TEXT NOT NULL,
    read_us INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(kind, low)) WITHOUT ROWID;
CREATE TABLE block(id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE conv(
    kind TEXT NOT NULL, id TEXT NOT NULL, start_us INTEGER, observed_us INTEGER NOT NULL, n_msg INTEGER NOT NULL,
    open INTEGER NOT NULL, synthetic INTEGER NOT NULL, sha BLOB NOT NULL,
    at INTEGER NOT NULL, size INTEGER NOT NULL, block INTEGER NOT NULL,
    run INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, UNIQUE(kind, id));
CREATE INDEX conv_order ON conv(kind, start_us, id);
CREATE INDEX conv_open ON conv(kind, start_us) WHERE open;
CREATE TABLE spill(
    kind TEXT NOT NULL, low INTEGER NOT NULL, id TEXT NOT NULL, start_us INTEGER, n_msg INTEGER NOT NULL,
    open INTEGER NOT NULL, synthetic INTEGER NOT NULL, sha BLOB NOT NULL,
    at INTEGER NOT NULL, size INTEGER NOT NULL, block INTEGER NOT NULL, UNIQUE(kind, low, id));
"""


class ReadOnlyDatabase:
    """
    The state file for queries; errors of SQLite are raised as ``ExportError``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with explained(path):
            self._connection = connect_read_only(path)

    def close(self) -> None:
        """
        Close the file.
        """
        self._connection.close()

    def one(self, query: str, values: tuple[Any, ...] = ()) -> Any:
        """
        Return the first row of a query, or None.
        """
        with explained(self.path):
            return self._connection.execute(query, values).fetchone()

    def all(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """
        Return all rows of a query.
        """
        with explained(self.path):
            return self._connection.execute(query, values).fetchall()

    def each(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """
        Yield the rows of a query.
        """
        with explained(self.path):
            yield from self._connection.execute(query, values)


class Database(ReadOnlyDatabase):
    """
    The state file for changes.

    :raises ExportError: when it is damaged, of another program or of a newer version.
    """

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        self._disk = disk
        with explained(path):
            disk.make_directories(path.parent)
            if path.is_symlink():
                raise ExportError(f"{path}: it is a symbolic link, which is not followed")
            if not path.exists():
                disk.create(path).close()
                disk.sync_directory(path.parent)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """
        Commit all changes of a block, or none.
        """
        connection = self._connection
        with explained(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                self._disk.step("commit", self.path)
                connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back itself when the disk was full.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _prepare(self) -> None:
        connection = self._connection
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise ExportError(f"{self.path}: it was written by a newer alive5, update this one")
        held = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if held and connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise ExportError(f"{self.path}: it is not a state file of alive5")
        if held and version < _OLDEST:
            raise ExportError(f"{self.path}: it was written by an older alive5: export to another directory")
        # A file system without shared memory keeps the rollback journal, which is as safe and slower.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if not held:
            with self.transaction():
                for statement in _TABLES.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
        elif version < VERSION:
            with self.transaction():
                connection.execute("ALTER TABLE win ADD COLUMN read_us INTEGER NOT NULL DEFAULT 0")
                connection.execute(f"PRAGMA user_version = {VERSION}")
