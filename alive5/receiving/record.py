"""What of the texts that came was handled: kept in a ledger's file, as digests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Final, Literal

from .._sansio.inbound import ARRIVAL, Trace, are_one, trace_of
from ..models import InboundSms
from ..sending.ledger import Ledger
from ..sending.owner import is_over, owner

Known = Literal["new", "busy", "done"]

# A day before the last poll is read again: the service lists by days, and may list late.
_AGAIN: Final = timedelta(days=1)
# Seconds after which a handler counts as gone, where its process cannot be looked up.
_LONGEST: Final = 3_600.0
# Seconds a text is remembered: longer than anyone delivers late, and far longer than what is read again.
_KEPT: Final = 60 * 86_400.0
_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS inbound(
    id INTEGER PRIMARY KEY, words BLOB NOT NULL, person BLOB, thread BLOB, at INTEGER NOT NULL, slack INTEGER NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('taken', 'done')), owner TEXT NOT NULL, stored REAL NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS inbound_words ON inbound(words, at)",
    "CREATE TABLE IF NOT EXISTS inbox(id INTEGER PRIMARY KEY CHECK(id = 1), since REAL NOT NULL)",
)


class Record:
    """
    The record of one inbox, shared by processes.
    """

    def __init__(self, ledger: Ledger, since: datetime | None) -> None:
        self._ledger = ledger
        with self._transaction() as connection:
            for table in _TABLES:
                connection.execute(table)
            first = ledger.now() if since is None else since.timestamp()
            connection.execute("INSERT OR IGNORE INTO inbox VALUES(1, ?)", (first,))

    def since(self) -> datetime:
        """
        Return from when on texts are to be looked for.
        """
        with self._transaction() as connection:
            return _time(connection.execute("SELECT since FROM inbox").fetchone()[0])

    def advance(self, begun: float) -> None:
        """
        Note that all texts listed by *begun* are handled; what is very old is forgotten.
        """
        with self._transaction() as connection:
            again = begun - _AGAIN.total_seconds()
            connection.execute("UPDATE inbox SET since = max(since, ?)", (again,))
            connection.execute("DELETE FROM inbound WHERE stored < ?", (begun - _KEPT,))

    def begin(self, text: InboundSms, *, exact: bool = False) -> int | Known:
        """
        Return the number under which a new text is taken now, or what is known of it; *exact* is of its time.
        """
        with self._transaction() as connection:
            trace, now = trace_of(text, exact=exact), self._ledger.now()
            known = self._state(connection, trace, now)
            if known != "new":
                return known
            at = round(now * 1_000) if trace.at is None else trace.at
            taken = connection.execute(
                "INSERT INTO inbound(words, person, thread, at, slack, state, owner, stored)"
                " VALUES(?, ?, ?, ?, ?, 'taken', ?, ?)",
                (*self._digests(connection, trace), at, trace.slack, owner(), now),
            )
            return int(taken.lastrowid or 0)

    def end(self, number: int, *, handled: bool) -> None:
        """
        Store that a text was handled, or give it free.
        """
        statement = "UPDATE inbound SET state = 'done' WHERE id = ?" if handled else "DELETE FROM inbound WHERE id = ?"
        with self._transaction() as connection:
            connection.execute(statement, (number,))

    def missing(self, texts: Iterable[InboundSms], *, exact: bool = False) -> list[InboundSms]:
        """
        Return those that nobody handled yet.
        """
        with self._transaction() as connection:
            now = self._ledger.now()
            return [text for text in texts if self._state(connection, trace_of(text, exact=exact), now) != "done"]

    def _state(self, connection: sqlite3.Connection, trace: Trace, now: float) -> Known:
        """Return what is known of a text; the more precise of two times is kept."""
        words, person, thread = self._digests(connection, trace)
        at = round(now * 1_000) if trace.at is None else trace.at
        rows = connection.execute(
            "SELECT id, person, thread, at, slack, state, owner, stored FROM inbound"
            " WHERE words = ? AND at BETWEEN ? AND ?",
            (words, at - ARRIVAL, at + ARRIVAL),
        )
        # Of several the one of the same second: a time that is cut to seconds is not the nearest one.
        near = sorted(
            ((row[3] // 1_000 != at // 1_000, abs(row[3] - at)), row)
            for row in rows
            if _same(row[2], thread, row[1], person) and are_one(at, trace.slack, row[3], row[4])
        )
        if not near:
            return "new"
        number, _, _, _, slack, state, who, stored = near[0][1]
        if state == "taken" and (is_over(who) or stored < now - _LONGEST):
            connection.execute("DELETE FROM inbound WHERE id = ?", (number,))
            return "new"
        if trace.slack < slack:
            connection.execute("UPDATE inbound SET at = ?, slack = ? WHERE id = ?", (at, trace.slack, number))
        return "done" if state == "done" else "busy"

    def _digests(self, connection: sqlite3.Connection, trace: Trace) -> tuple[bytes, bytes | None, bytes | None]:
        digest = self._ledger.file.digest
        person, thread = (
            None if value is None else digest(connection, value) for value in (trace.person, trace.thread)
        )
        return digest(connection, trace.words), person, thread

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._ledger.file.transaction() as connection:
            yield connection


def _same(thread: bytes | None, other_thread: bytes | None, person: bytes | None, other_person: bytes | None) -> bool:
    """Whether two texts are of one thread, or where one of them tells no thread, of one person."""
    if thread is not None and other_thread is not None:
        return thread == other_thread
    return person is not None and person == other_person


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
