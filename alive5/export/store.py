"""
Where an export keeps what it fetched: one SQLite file beside the output.

A window's rows and the fact that it is done are committed together, so that
after any crash a window is wholly in or still to do. The key (kind, id) lets
no conversation in twice, whatever was fetched twice.
"""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, cast

from .blocks import Blocks
from .disk import Disk
from .records import Change, Done, StoredWindow
from .rows import Encoded, StoredRow
from .staging import place_rows, put_aside, put_rows, put_window
from .tables import Database
from .windows import END_OF_TIME, Span, month_of, month_span

STATE: Final = ".alive5"
UNKNOWN: Final = "unknown"


class Store:
    """
    One export's state file, for one writer; any one thread at a time may use it.

    ``bounds`` are the epoch microseconds rows must start in to be rendered;
    setting ``stopping`` ends what iterates over rows.
    """

    def __init__(self, directory: Path, database: Database) -> None:
        self.directory = directory
        self.path = database.path
        self.bounds: tuple[int, int] | None = None
        self.stopping = False
        self._database = database

    @classmethod
    def open(cls, directory: Path, disk: Disk) -> Store:
        """
        Open the store of an output directory, making it when there is none.

        :raises ExportError: when it cannot be used, which the text explains.
        """
        store = cls(directory, Database(directory / STATE / "state.db", disk))
        try:
            store._tidy()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """
        Close the file.
        """
        self._database.close()

    def job(self) -> dict[str, Any] | None:
        """
        Give what the directory holds the export of; None before the first.
        """
        row = self._database.one("SELECT spec FROM job")
        return None if row is None else dict(json.loads(row[0]))

    def begin(self, spec: dict[str, Any]) -> int:
        """
        Keep the job and begin a run of it; gives the run's number.
        """
        self._change(
            "INSERT INTO job VALUES(1, ?, 1) ON CONFLICT(id) DO UPDATE SET spec = excluded.spec, run = run + 1",
            json.dumps(spec, sort_keys=True),
        )
        return int(self._database.one("SELECT run FROM job")[0])

    def facts(self, kind: str) -> dict[str, Any]:
        """
        Give what is remembered of a kind.
        """
        found = self._database.all("SELECT name, value FROM facts WHERE kind = ?", (kind,))
        return {name: json.loads(value) for name, value in found}

    def remember(self, kind: str, facts: dict[str, Any], seen: Done | None = None, run: int = 0) -> None:
        """
        Keep facts of a kind, together with the rows that were seen while finding them.
        """
        with self._database.transaction() as connection:
            for name, value in facts.items():
                connection.execute("INSERT OR REPLACE INTO facts VALUES(?, ?, ?)", (kind, name, json.dumps(value)))
            if seen is not None:
                put_rows(connection, seen, place_rows(connection, seen.rows), run)

    def windows(self, kind: str) -> list[StoredWindow]:
        """
        Give a kind's windows by time.
        """
        rows = self._database.all("SELECT * FROM win WHERE kind = ? ORDER BY low", (kind,))
        return [StoredWindow.read(row) for row in rows]

    def replan(self, kind: str, gone: Iterable[Span], windows: Iterable[StoredWindow]) -> None:
        """
        Put windows in the place of others, at once.
        """
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM win WHERE kind = ? AND low = ?", [(kind, span.low) for span in gone])
            connection.executemany(
                "INSERT INTO win VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [window.values() for window in windows]
            )

    def finish(self, done: Iterable[Done], run: int) -> list[Change]:
        """
        Commit windows with their rows, those set aside included.
        """
        changes = []
        with self._database.transaction() as connection:
            for one in done:
                changes.append(put_window(connection, one, run))
                connection.execute(
                    "UPDATE win SET state = 'done', open = ?, rows = ?, pages = ?, grade = ?, flags = ?, error = ''"
                    " WHERE kind = ? AND low = ?",
                    (int(one.open), one.count, one.pages, one.grade, " ".join(one.flags), one.kind, one.span.low),
                )
        return changes

    def fail(self, kind: str, span: Span, error: str) -> None:
        """
        Note that a window could not be read.
        """
        self._change(
            "UPDATE win SET state = 'failed', attempts = attempts + 1, error = ? WHERE kind = ? AND low = ?",
            *(error, kind, span.low),
        )

    def set_aside(self, kind: str, span: Span, rows: Iterable[Encoded]) -> None:
        """
        Keep rows of a window that is too large to be held until it is done; a crash forgets them.
        """
        with self._database.transaction() as connection:
            put_aside(connection, kind, span, rows)

    def open_starts(self, kind: str, since_us: int) -> list[int]:
        """
        Give when those conversations began that were open when they were last seen.
        """
        query = "SELECT start_us FROM conv WHERE kind = ? AND open AND start_us >= ?"
        return [row[0] for row in self._database.all(query, (kind, since_us))]

    def digests(self, kind: str, low_us: int, high_us: int) -> list[tuple[str, bytes, int]]:
        """
        Give the ids, digests and openness of the rows that start in [low, high).
        """
        query = "SELECT id, sha, open FROM conv WHERE kind = ? AND start_us >= ? AND start_us < ?"
        return self._database.all(query, (kind, low_us, high_us))

    def months(self, kind: str) -> list[str]:
        """
        Give the months that have rows, and "unknown" last when some have no readable start.
        """
        months: list[str] = []
        low, high = self.bounds or (-END_OF_TIME, END_OF_TIME)
        query = "SELECT min(start_us) FROM conv WHERE kind = ? AND start_us >= ? AND start_us < ?"
        while (start := self._database.one(query, (kind, low, high))[0]) is not None:
            months.append(month_of(start))
            low = month_span(months[-1])[1]
        if self._database.one("SELECT 1 FROM conv WHERE kind = ? AND start_us IS NULL LIMIT 1", (kind,)):
            months.append(UNKNOWN)
        return months

    def rows(self, kind: str, month: str) -> Iterator[StoredRow]:
        """
        Give the rows of a month in order of start and id, one at a time.
        """
        blocks = Blocks(self._packed)
        for name, n_msg, *place in self._select("id, n_msg, block, at, size", kind, month):
            if self.stopping:
                raise InterruptedError(errno.EINTR, "the export is being stopped")
            yield StoredRow(kind, name, n_msg, blocks.line(*place))

    def content_key(self, kind: str, month: str) -> str:
        """
        Digest a month's rows in order: the same content gives the same key.
        """
        digest = hashlib.sha256()
        for name, sha in self._select("id, sha", kind, month):
            digest.update(sha + name.encode() + b"\0")
        return digest.hexdigest()

    def counts(self, kind: str) -> dict[str, int]:
        """
        Count a kind's conversations, their messages, and those without an id.
        """
        low, high = self.bounds or (-END_OF_TIME, END_OF_TIME)
        row = self._database.one(
            "SELECT count(*), total(n_msg), total(synthetic) FROM conv"
            " WHERE kind = ? AND (start_us IS NULL OR (start_us >= ? AND start_us < ?))",
            (kind, low, high),
        )
        return {"conversations": row[0], "messages": int(row[1]), "without_id": int(row[2])}

    def check(self) -> str:
        """
        Let SQLite check the whole file; gives "ok" or what is wrong.
        """
        return str(self._database.one("PRAGMA integrity_check")[0])

    def _tidy(self) -> None:
        """Forget what an interrupted run had set aside, and blocks no row is in any more."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM spill")
            connection.execute("DELETE FROM block WHERE id NOT IN (SELECT block FROM conv)")

    def _packed(self, block: int) -> bytes:
        found = self._database.one("SELECT packed FROM block WHERE id = ?", (block,))
        if found is None:
            raise sqlite3.DatabaseError("malformed: a block of rows is missing")
        return cast("bytes", found[0])

    def _change(self, statement: str, *values: Any) -> None:
        with self._database.transaction() as connection:
            connection.execute(statement, values)

    def _select(self, columns: str, kind: str, month: str) -> Iterator[tuple[Any, ...]]:
        where, bounds = "start_us IS NULL", cast("tuple[int, ...]", ())
        if month != UNKNOWN:
            low, high = month_span(month)
            first, end = self.bounds or (low, high)
            where, bounds = "start_us >= ? AND start_us < ?", (max(low, first), min(high, end))
        query = f"SELECT {columns} FROM conv WHERE kind = ? AND {where} ORDER BY start_us, id"  # noqa: S608
        return self._database.each(query, (kind, *bounds))
