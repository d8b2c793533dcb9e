"""Upserts of a window's rows, and which version wins when a conversation comes twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple, cast

import attrs

from ..._json import codec as json
from ..plan.span import Span
from ..plan.window import Change, FetchedWindow
from ..rows.blocks import Block, Blocks
from ..rows.encode import Encoded
from ..rows.intact import intact_line
from ..rows.united import are_two, united
from .forgotten import sifted
from .named import StoredLine, known_of, named, packed

# A later run wins. Within one run deliveries that lack messages of each other were
# united before; of others the fuller one wins, then that of the window that is read
# again, then the larger digest: the same at any concurrency.
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
_READ_AGAIN: Final = """
UPDATE conv SET run = ?, observed_us = ?, low = ?, high = ?
WHERE kind = ? AND id IN (SELECT value FROM json_each(?))
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
_NOTHING: Final = Change()


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


def put_aside(connection: sqlite3.Connection, kind: str, span: Span, rows: Iterable[Encoded]) -> int:
    """
    Put rows where their window finds them when it is done, inside the caller's transaction; gives how many were united.
    """
    blocks = put_blocks(connection, sifted(connection, kind, [*rows]))
    before, known = named(connection, "spill", kind, blocks, span.low)
    placed = settled(connection, before, {name: one.line for name, one in known.items()})
    connection.executemany(
        "INSERT OR REPLACE INTO spill VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(kind, span.low, *row) for row in placed.rows],
    )
    return len(placed.united)


def put_window(connection: sqlite3.Connection, window: FetchedWindow, run: int) -> Change:
    """
    Insert all rows of a window, those set aside first, inside the caller's transaction, and return the changes.
    """
    key = (window.kind, window.span.low)
    aside, change = connection.execute(_ASIDE, key), Change()
    while rows := [StoredLine(*row) for row in aside.fetchmany(_READ_AT_ONCE)]:
        change = put_rows(connection, window, rows, run, change)
    change = put_seen(connection, window, run, change)
    connection.execute("DELETE FROM spill WHERE kind = ? AND low = ?", key)
    return change


def put_seen(connection: sqlite3.Connection, window: FetchedWindow, run: int, before: Change = _NOTHING) -> Change:
    """
    Put the rows of a window in that are not there as they came; gives what changed, added to *before*.
    """
    may = sifted(connection, window.kind, window.rows)
    window = window if may is window.rows else attrs.evolve(window, rows=may)
    news = _news(connection, window, run)
    return put_rows(connection, window, put_blocks(connection, news), run, before)


def _news(connection: sqlite3.Connection, window: FetchedWindow, run: int) -> list[Encoded]:
    """Return the rows of a window that are not there as they came; of the others only that they were read is kept."""
    there = known_of(connection, "conv", window.kind, window.rows, run=run)
    same = {
        row.id: there[row.id].is_now for row in window.rows if row.id in there and row[:6] == there[row.id].line[:6]
    }
    before = json.document([name for name, is_now in same.items() if not is_now])
    connection.execute(_READ_AGAIN, (run, window.observed_us, window.span.low, window.span.high, window.kind, before))
    return [row for row in window.rows if row.id not in same]


def put_rows(
    connection: sqlite3.Connection,
    window: FetchedWindow,
    rows: Sequence[StoredLine],
    run: int,
    before: Change = _NOTHING,
) -> Change:
    """
    Put rows of a window in, inside the caller's transaction; gives what changed, added to *before*.
    """
    kind, span = window.kind, window.span
    # A row without an id that changed comes under a new name: the old version goes.
    stale = [(kind, row.start_us, run) for row in rows if row.synthetic and row.start_us is not None]
    if stale:
        connection.executemany("DELETE FROM conv WHERE kind = ? AND start_us = ? AND synthetic AND run < ?", stale)
    rows, known = named(connection, "conv", kind, rows, run=run)
    placed = settled(connection, rows, {name: one.line for name, one in known.items() if one.is_now})
    # One that was united may be the smaller of two digests: it takes the place of what it is made of.
    connection.executemany("DELETE FROM conv WHERE kind = ? AND id = ?", [(kind, name) for name in placed.united])
    tail = (kind, window.observed_us, run, span.low, span.high)
    for low in range(0, len(placed.rows), _AT_ONCE):
        some = placed.rows[low : low + _AT_ONCE]
        connection.execute(_upsert(len(some)), [value for row in some for value in (*row, *tail)])
    had = {name: one.line.n_msg for name, one in known.items()}
    return Change(
        new=before.new + sum(row.id not in had for row in rows),
        messages=before.messages + sum(row.n_msg - had.get(row.id, 0) for row in placed.rows),
        shrunk=before.shrunk + sum(row.n_msg < had.get(row.id, 0) for row in placed.rows),
        united=before.united + len(placed.united),
    )


class Settled(NamedTuple):
    """Rows to be put in, and the ids of those that were united with what is there."""

    rows: list[StoredLine]
    united: list[str]


def settled(connection: sqlite3.Connection, rows: Iterable[StoredLine], known: Mapping[str, StoredLine]) -> Settled:
    """
    Hold rows against those *known* from the same run: united with them, or left out when those have more.
    """
    blocks = Blocks[int](lambda number: packed(connection, number))
    kept, made = list[StoredLine](), list[Encoded]()
    for row in rows:
        there = known.get(row.id)
        both = None
        if there is not None and are_two(there, row):
            lines = (intact_line(blocks, one.block, one.at, one.size, one.sha) for one in (there, row))
            both = united(there, row, *lines)
        if both is not None:
            made.append(both)
        elif there is None or row.n_msg >= there.n_msg:
            kept.append(row)
    return Settled([*kept, *put_blocks(connection, made)], [row.id for row in made])


@cache
def _upsert(rows: int) -> str:
    return _INSERT + ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * rows) + _UPDATE
