"""
The store of fetched rows: one SQLite file beside the output.

A window's rows and the fact that it is done are committed together, so that
after any crash a window is wholly in or still to do. The key (kind, id) lets
no conversation in twice, whatever was fetched twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from ..._json import codec as json
from ..dataset.manifest import STATE
from ..disk.files import Disk
from ..plan.span import Span
from ..plan.window import Change, FetchedWindow, StoredWindow
from ..rows.encode import Encoded
from ..rows.suppression import Suppression
from .database import Database
from .forgotten import PENDING, Name, Pending, forget_rows, import_marks
from .named import settle_names
from .read_only_store import ReadOnlyStore
from .upsert import put_aside, put_seen, put_window


class Store(ReadOnlyStore):
    """
    One export's state file, with one writer.
    """

    def __init__(self, directory: Path, database: Database) -> None:
        super().__init__(directory, database)
        self._database = database

    @classmethod
    def open(cls, directory: Path, disk: Disk) -> Store:
        """
        Return the store of an output directory, created when there is none.

        :raises ExportError: when it cannot be used, which the text explains.
        """
        store = cls(directory, Database(directory / STATE / "state.db", disk))
        try:
            store._tidy()
        except BaseException:
            store.close()
            raise
        return store

    def begin(self, spec: dict[str, Any]) -> int:
        """
        Store the job, begin a run of it, and return the run's number.

        Where nothing was fetched yet, nothing is left of what was planned before.
        """
        if not self.is_bound():
            self._change("DELETE FROM win")
            self._change("DELETE FROM facts")
        self._change(
            "INSERT INTO job VALUES(1, ?, 1) ON CONFLICT(id) DO UPDATE SET spec = excluded.spec, run = run + 1",
            json.document(spec, sort_keys=True),
        )
        return int(self._asked.one("SELECT run FROM job")[0])

    def remember(self, kind: str, facts: dict[str, Any], seen: FetchedWindow | None = None, run: int = 0) -> None:
        """
        Store facts of a kind, together with the rows that were read while probing.
        """
        with self._database.transaction() as connection:
            for name, value in facts.items():
                connection.execute("INSERT OR REPLACE INTO facts VALUES(?, ?, ?)", (kind, name, json.document(value)))
            if seen is not None:
                put_seen(connection, seen, run)

    def mark_active(self, kind: str, ids: Collection[str]) -> None:
        """
        Add conversations to the export that began outside of its period.
        """
        may = {*ids} - self.forgotten_ids(kind, ids)
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO active VALUES(?, ?)", [(kind, name) for name in may])

    def replan(self, kind: str, gone: Iterable[Span], windows: Iterable[StoredWindow]) -> None:
        """
        Replace windows by others, in one transaction.
        """
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM win WHERE kind = ? AND low = ?", [(kind, span.low) for span in gone])
            connection.executemany(
                "INSERT INTO win VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [window.values() for window in windows]
            )

    def finish(self, done: Iterable[FetchedWindow], run: int) -> list[Change]:
        """
        Commit windows with their rows, those set aside included.
        """
        changes = []
        with self._database.transaction() as connection:
            for one in done:
                changes.append(put_window(connection, one, run))
                connection.execute(
                    "UPDATE win SET state = 'done', open = ?, rows = ?, pages = ?, grade = ?, flags = ?, error = '',"
                    " read_us = ? WHERE kind = ? AND low = ?",
                    (
                        *(int(one.open), one.count, one.pages, one.grade, " ".join(one.flags), one.read_us),
                        *(one.kind, one.span.low),
                    ),
                )
        return changes

    def fail(self, kind: str, span: Span, error: str) -> None:
        """
        Record that a window could not be read; one that was read before stays as it was then.
        """
        self._change(
            "UPDATE win SET state = 'failed', attempts = attempts + 1, error = ?"
            " WHERE kind = ? AND low = ? AND state != 'done'",
            *(error, kind, span.low),
        )

    def set_aside(self, kind: str, span: Span, rows: Iterable[Encoded]) -> int:
        """
        Keep rows of a window that is too large to be held until it is done; gives how many were united.

        A crash forgets them.
        """
        with self._database.transaction() as connection:
            return put_aside(connection, kind, span, rows)

    def settle_names(self, kind: str) -> None:
        """
        Rename the conversations that share an id before they are rendered: the earliest has it.
        """
        with self._database.transaction() as connection:
            settle_names(connection, kind)

    def forget(self, keys: Iterable[str], names: Sequence[Name], pending: Pending) -> None:
        """
        Delete rows for good, and keep who is not to come back and what is to be done, in one transaction.
        """
        with self._database.transaction() as connection:
            forget_rows(connection, keys, names, pending)

    def keep_out(self, suppression: Suppression) -> None:
        """
        Store who was forgotten, as another state of the directory had it.
        """
        with self._database.transaction() as connection:
            import_marks(connection, suppression)

    def pending(self) -> Pending | None:
        """
        Return what was begun to be forgotten and is not whole yet.
        """
        fact = self.facts("").get(PENDING)
        with self._understood():
            return None if fact is None else Pending(**{**fact, "asked_by": tuple(fact["asked_by"])})

    def compact(self) -> None:
        """
        Leave nothing in the file and its journal of what was deleted.
        """
        self._database.compact()

    def end_forgetting(self) -> None:
        """
        Note that nothing of those who were forgotten is in any file.
        """
        self._change("DELETE FROM facts WHERE kind = '' AND name = ?", PENDING)

    def _tidy(self) -> None:
        """Delete rows an interrupted run had set aside, and blocks without rows."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM spill")
            connection.execute("DELETE FROM block WHERE id NOT IN (SELECT block FROM conv)")

    def _change(self, statement: str, *values: Any) -> None:
        with self._database.transaction() as connection:
            connection.execute(statement, values)
