"""Putting a window's rows into the store: who wins when a conversation comes twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from .records import Change, Done
from .rows import Encoded

# A later run wins. Within one run the window that is read again wins, then the
# fuller version, then the larger digest: the same at any concurrency.
_UPSERT: Final = """
INSERT INTO conv(id, start_us, n_msg, open, synthetic, sha, raw, kind, observed_us, run, low, high)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(kind, id) DO UPDATE SET start_us = excluded.start_us, observed_us = excluded.observed_us,
    n_msg = excluded.n_msg, open = excluded.open, synthetic = excluded.synthetic, sha = excluded.sha,
    raw = excluded.raw, run = excluded.run, low = excluded.low, high = excluded.high
WHERE excluded.run > conv.run OR (excluded.run = conv.run AND (
    (excluded.low = conv.low AND excluded.high = conv.high AND excluded.observed_us >= conv.observed_us)
    OR excluded.n_msg > conv.n_msg OR (excluded.n_msg = conv.n_msg AND excluded.sha > conv.sha)))
"""


def put_rows(connection: sqlite3.Connection, window: Done, rows: Iterable[Encoded], run: int) -> None:
    """
    Put rows of a window in, inside the caller's transaction.
    """
    kind, low, high = window.kind, window.span.low, window.span.high
    # A row without an id that changed comes under a new name: the old version goes.
    stale = [(kind, row.start_us, run) for row in rows if row.synthetic and row.start_us is not None]
    if stale:
        connection.executemany("DELETE FROM conv WHERE kind = ? AND start_us = ? AND synthetic AND run < ?", stale)
    tail = (kind, window.observed_us, run, low, high)
    connection.executemany(_UPSERT, [(*row, *tail) for row in rows])


def count_changes(connection: sqlite3.Connection, kind: str, rows: Sequence[Encoded], before: Change) -> Change:
    """
    Count what putting *rows* in will change; *before* is added.
    """
    names = json.dumps([row.id for row in rows])
    query = "SELECT id, n_msg FROM conv WHERE kind = ? AND id IN (SELECT value FROM json_each(?))"
    known = dict(connection.execute(query, (kind, names)).fetchall())
    shrunk = sum(row.n_msg < known.get(row.id, 0) for row in rows)
    more = sum(row.n_msg - known.get(row.id, 0) for row in rows)
    return Change(before.new + len(rows) - len(known), before.messages + more, before.shrunk + shrunk)
