"""The SQLite database of an export's state: its tables and its transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ...errors import ExportError
from ..disk.errors import damaged, explained
from ..disk.files import Disk
from ..disk.read_only import connect_read_only

VERSION: Final = 5
_OLDEST: Final = 3
_APPLICATION: Final = 0xA11_5E5
# Seconds to wait for another program's lock, such as a backup's; the lock of the directory keeps other exports out.
_BUSY_SECONDS: Final = 30.0
_SINCE: Final = {
    3: """
ALTER TABLE win ADD COLUMN read_us INTEGER NOT NULL DEFAULT 0;
CREATE TABLE active(kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;
""",
    4: """
CREATE TABLE forgotten(sort TEXT NOT NULL, mark BLOB NOT NULL, PRIMARY KEY(sort, mark)) WITHOUT ROWID;
""",
}
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
CREATE TABLE active(kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;
CREATE TABLE forgotten(sort TEXT NOT NULL, mark BLOB NOT NULL, PRIMARY KEY(sort, mark)) WITHOUT ROWID;
CREATE TABLE spill(
    kind TEXT NOT NULL, low INTEGER NOT NULL, id TEXT NOT NULL, start_us INTEGER, n_msg INTEGER NOT NULL,
    open INTEGER NOT NULL, synthetic INTEGER NOT NULL, sha BLOB NOT NULL,
    at INTEGER NOT NULL, size INTEGER NOT NULL, block INTEGER NOT NULL, UNIQUE(kind, low, id));
"""
# Every value that decides stands in an index as well, or is held against a row's digest: SQLite's check compares an
# index with its table, and so finds a byte that was changed in either.
_INDEXES: Final = {
    name: f"CREATE INDEX {name} ON {columns}"
    for name, columns in {
        "conv_rows": "conv(kind, start_us, id, n_msg, open, synthetic, observed_us, run, low, high)",
        "conv_open": "conv(kind, start_us) WHERE open",
        "win_values": "win(high, state, open, rows, pages, grade, flags, attempts, error, read_us)",
        "facts_values": "facts(value)",
        "job_values": "job(spec, run)",
        "active_ids": "active(id)",
        "forgotten_marks": "forgotten(mark)",
    }.items()
}


class ReadOnlyDatabase:
    """
    The state file for queries; errors of SQLite are raised as ``ExportError``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with explained(path):
            self._connection = connect_read_only(path)
            try:
                self._inspect()
            except BaseException:
                self._connection.close()
                raise

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
            # Not "yield from", which closes the cursor when the caller stops: an error once the file is closed.
            for row in self._connection.execute(query, values):  # noqa: UP028
                yield row

    def _inspect(self) -> int | None:
        """
        Refuse a file that is not ours or damaged; return its version, None while it holds nothing.
        """
        ask = self._connection.execute
        version = ask("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise ExportError(f"{self.path}: it was written by a newer alive5, update this one")
        if not ask("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return None
        if ask("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise ExportError(f"{self.path}: it is not a state file of alive5")
        if version < _OLDEST:
            raise ExportError(f"{self.path}: it was written by an older alive5: export to another directory")
        if ask("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise damaged(self.path)
        return int(version)


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
            if not disk.is_own_file(path):
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

    def compact(self) -> None:
        """
        Rewrite the file, so that nothing is left of what was deleted, neither in it nor in its journal.
        """
        with explained(self.path):
            self._disk.step("vacuum", self.path)
            self._connection.execute("VACUUM")
            self._disk.step("checkpoint", self.path)
            is_busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if is_busy:
            raise ExportError(f"{self.path}: another program reads it, so its journal is not emptied: run it again")

    def _prepare(self) -> None:
        connection = self._connection
        version = self._inspect()
        # A file system without shared memory keeps the rollback journal, which is as safe and slower.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if version is None:
            with self.transaction():
                for statement in (*_TABLES.split(";\n"), *_INDEXES.values()):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
        elif version < VERSION:
            with self.transaction():
                for since in range(version, VERSION):
                    for statement in _SINCE[since].split(";\n"):
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {VERSION}")
        self._index()

    def _index(self) -> None:
        """Replace the indexes by those of this version, whichever wrote the file."""
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        there = self._connection.execute(query).fetchall()
        gone = [name for name, made in there if _INDEXES.get(name) != made]
        missing = [made for made in _INDEXES.values() if made not in {made for _, made in there}]
        if gone or missing:
            with self.transaction() as connection:
                for name in gone:
                    connection.execute(f"DROP INDEX {name}")
                for made in missing:
                    connection.execute(made)


class TemporaryDatabase(Database):
    """
    A state in memory, and beyond a few megabytes in a file of SQLite's without a name, which is deleted at the end.
    """

    def __init__(self) -> None:
        self.path: Path = Path("temporary state")
        self._disk = Disk()
        with explained(self.path):
            self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._prepare()
