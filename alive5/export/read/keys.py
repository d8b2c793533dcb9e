"""
Checks of keys: are they unique, and has every message its conversation.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

from ..dataset.flatten import Values


class KeyCheck:
    """
    The keys seen so far; on disk when they are many, as digests, so that no id is written anywhere.

    ``doubled`` counts rows whose key another row has, ``lost`` messages without
    a conversation.
    """

    def __init__(self) -> None:
        self.doubled: int = 0
        self.lost: int = 0
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE seen(digest BLOB PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def conversations(self, rows: Iterator[Values]) -> Iterator[Values]:
        """
        Record the keys of conversations, and yield the rows.
        """
        for row in rows:
            added = self._database.execute("INSERT OR IGNORE INTO seen VALUES(?)", (_digest(row),))
            self.doubled += added.rowcount == 0
            yield row

    def messages(self, rows: Iterator[Values]) -> Iterator[Values]:
        """
        Record the keys of messages, and yield the rows: those of a conversation together, numbered from 0.
        """
        last: Values = ()
        expected, known = 0, False
        for row in rows:
            if row[:2] != last:
                last, expected = row[:2], 0
                known = (
                    self._database.execute("SELECT 1 FROM seen WHERE digest = ?", (_digest(row),)).fetchone()
                    is not None
                )
            self.lost += not known
            self.doubled += row[2] != expected
            expected = row[2] + 1
            yield row

    def close(self) -> None:
        """
        Delete the keys.
        """
        self._database.close()


def _digest(row: Values) -> bytes:
    return hashlib.blake2b(f"{row[0]}\0{row[1]}".encode(), digest_size=16).digest()
