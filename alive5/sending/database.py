"""
The SQLite file of a ledger: opened for each transaction, so that nothing is held over a fork or between threads.

It keeps the rollback journal, which leaves one file behind, and
``synchronous=EXTRA``, under which a commit is durable once it returns.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from ..errors import LedgerError
from ..export.disk.errors import explained
from ..export.disk.files import Disk

VERSION: Final = 1
_APPLICATION: Final = 0xA11_5E7D
# Seconds to wait for another process's transaction, which takes a few milliseconds, or a backup's.
_BUSY_SECONDS: Final = 30.0
_TABLES: Final = """
CREATE TABLE secret(id INTEGER PRIMARY KEY CHECK(id = 1), value BLOB NOT NULL);
CREATE TABLE entry(
    key TEXT NOT NULL PRIMARY KEY, number BLOB NOT NULL, text BLOB NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('planned', 'leaving', 'accepted', 'rejected', 'not_sent', 'unknown')),
    claim TEXT NOT NULL, owner TEXT NOT NULL, until REAL NOT NULL, changed REAL NOT NULL, result TEXT NOT NULL,
    phone_number_to TEXT, message TEXT) WITHOUT ROWID;
CREATE INDEX leaving ON entry(key) WHERE state = 'leaving';
CREATE INDEX unknown ON entry(changed, key) WHERE state = 'unknown';
CREATE TABLE pace(line BLOB NOT NULL PRIMARY KEY, next REAL NOT NULL) WITHOUT ROWID;
"""


class LedgerFile:
    """
    The file of a ledger.

    :raises LedgerError: when it cannot be used, which the text explains.
    """

    def __init__(self, path: str | os.PathLike[str], disk: Disk) -> None:
        self.path: Path = Path(path)
        self._disk = disk
        with explained(self.path, LedgerError, "ledger"):
            if not self._is_there():
                self._create()
        with self.transaction():
            pass  # refuses a file of another kind

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """
        Commit all changes of a block, durably, or none.
        """
        with explained(self.path, LedgerError, "ledger"):
            if not self._is_there():
                raise LedgerError(f"{self.path}: the ledger is missing: restore it, or use another one")
            with closing(self._connect()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    self._check(connection)
                    yield connection
                    self._disk.step("commit", self.path)
                    connection.execute("COMMIT")
                except BaseException:
                    # SQLite has rolled back itself when the disk was full.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise

    def digest(self, connection: sqlite3.Connection, text: str) -> bytes:
        """
        Return what a text is stored as, by the secret of this file.
        """
        secret = connection.execute("SELECT value FROM secret").fetchone()[0]
        return hmac.digest(secret, text.encode(), "sha256")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA synchronous = EXTRA")
        return connection

    def _is_there(self) -> bool:
        """Whether the file is there; a link of either kind is refused, as its other name may be anybody's."""
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return False
        if stat.S_ISLNK(found.st_mode):
            raise LedgerError(f"{self.path}: it is a symbolic link, which is not followed")
        if not stat.S_ISREG(found.st_mode):
            raise LedgerError(f"{self.path}: it is not a file")
        if found.st_nlink > 1:
            raise LedgerError(f"{self.path}: it is a hard link, another name of a file: use a file of its own")
        return True

    def _create(self) -> None:
        self._disk.make_directories(self.path.parent)
        try:
            self._disk.create(self.path).close()
        except FileExistsError:
            return  # another process was first
        self._disk.sync_directory(self.path.parent)

    def _check(self, connection: sqlite3.Connection) -> None:
        """Check what kind of file it is, and fill an empty one."""
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute("INSERT INTO secret VALUES(1, ?)", (secrets.token_bytes(32),))
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            return
        if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise LedgerError(f"{self.path}: it is not a ledger of alive5")
        if connection.execute("PRAGMA user_version").fetchone()[0] > VERSION:
            raise LedgerError(f"{self.path}: it was written by a newer alive5, update this one")
