"""Upserts of a window's rows, and which version wins when a conversation comes twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple, cast

from ..plan.span import Span
from ..plan.window import Change, FetchedWindow
from ..rows.blocks import Block
from ..rows.encode import Encoded

# A later run wins. Within one run the window that is read again wins, then the
# fuller version, then the larger digest: the same at any concurrency.
_INSERT: Final = """
INSERT INTO conv(id, start_us, n_msg, open, synthetic, sha, at, size, block, kind, observed_us, run, low, high)
VALUES """
_UPDATE: Final = """
ON CONFLICT(kind, id) DO UPDATE SET start_us = excluded.start_us, observed_us = excluded.observed_us,
    n_msg = excluded.n_msg, open = excluded.open, synthetic = excluded.synthetic, sha = excluded.sha,
    at = excluded.at, size = excluded.size, block = excluded.block, run = excluded.run,
    low = excluded.low, high = excluded.high
WHERE excluded.run > conv.run OR (excluded.run = conv.run AND (
    (excluded.low = conv.low AND excluded.high = conv.high AND excluded.observed_us >= conv.observed_us)
    OR excluded.n_msg > conv.n_msg OR (excluded.n_msg = conv.n_msg AND excluded.sha > conv.sha)))
"""
_ASIDE: Final = """
SELECT id, start_us, n_msg, open, synthetic, sha, at, size, block FROM spill
WHERE kind = ? AND low = ? ORDER BY rowid
"""

# The interpreter's lock is let go of at every step, and getting it back from a busy loop takes longer than a row.
# SQLite takes 999 values a statement, or more since 3.32.
_AT_ONCE: Final = 70
# Rows of a set-aside window in memory: each statement takes 70, and more only wait.
_READ_AT_ONCE: Final = 500


class StoredLine(NamedTuple):
    """An encoded row by the number of its block; a named tuple for both would have to be generic (Python 3.11)."""

    id: str
    start_us: int | None
    n_msg: int
    open: int
    synthetic: int
    sha: bytes
    at: int
    size: int
    block: int


def put_blocks(connection: sqlite3.Connection, rows: Iterable[Encoded]) -> list[StoredLine]:
    """
    Insert the blocks of rows, inside the caller's transaction.
    """
    numbers: dict[Block, int] = {}
    placed = []
    for row in rows:
        number = numbers.get(row.block)
        if number is None:
            cursor = connection.execute("INSERT INTO block(packed) VALUES(?)", (row.block.packed,))
            number = numbers[row.block] = cast("int", cursor.lastrowid)
        placed.append(StoredLine(*row[:-1], number))
    return placed


def put_aside(connection: sqlite3.Connection, kind: str, span: Span, rows: Iterable[Encoded]) -> None:
    """
    Insert rows for their window to find when it is done, inside the caller's transaction.
    """
    connection.executemany(
        "INSERT OR REPLACE INTO spill VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(kind, span.low, *row) for row in put_blocks(connection, rows)],
    )


def put_window(connection: sqlite3.Connection, window: FetchedWindow, run: int) -> Change:
    """
    Insert all rows of a window, those set aside first, inside the caller's transaction, and return the changes.
    """
    key = (window.kind, window.span.low)
    aside, change = connection.execute(_ASIDE, key), Change()
    while rows := [StoredLine(*row) for row in aside.fetchmany(_READ_AT_ONCE)]:
        change = _count_changes(connection, window.kind, rows, change)
        put_rows(connection, window, rows, run)
    rows = put_blocks(connection, window.rows)
    change = _count_changes(connection, window.kind, rows, change)
    put_rows(connection, window, rows, run)
    connection.execute("DELETE FROM spill WHERE kind = ? AND low = ?", key)
    return change


def put_rows(connection: sqlite3.Connection, window: FetchedWindow, rows: Sequence[StoredLine], run: int) -> None:
    """
    Insert rows of a window, inside the caller's transaction.
    """
    kind, span = window.kind, window.span
    # A row without an id that changed comes under a new name: the old version goes.
    stale = [(kind, row.start_us, run) for row in rows if row.synthetic and row.start_us is not None]
    if stale:
        connection.executemany("DELETE FROM conv WHERE kind = ? AND start_us = ? AND synthetic AND run < ?", stale)
    tail = (kind, window.observed_us, run, span.low, span.high)
    for low in range(0, len(rows), _AT_ONCE):
        some = rows[low : low + _AT_ONCE]
        connection.execute(_upsert(len(some)), [value for row in some for value in (*row, *tail)])


@cache
def _upsert(rows: int) -> str:
    return _INSERT + ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * rows) + _UPDATE


def _count_changes(connection: sqlite3.Connection, kind: str, rows: Sequence[StoredLine], before: Change) -> Change:
    """Return the changes by inserting *rows*, added to *before*."""
    names = json.dumps([row.id for row in rows])
    query = "SELECT id, n_msg FROM conv WHERE kind = ? AND id IN (SELECT value FROM json_each(?))"
    known = dict(connection.execute(query, (kind, names)).fetchall())
    shrunk = sum(row.n_msg < known.get(row.id, 0) for row in rows)
    more = sum(row.n_msg - known.get(row.id, 0) for row in rows)
    return Change(before.new + len(rows) - len(known), before.messages + more, before.shrunk + shrunk)
