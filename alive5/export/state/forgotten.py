"""Who was forgotten in a directory: their marks, kept with the rows, and rows held against them."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

import attrs

from ..._json import codec as json
from ..rows.apart import id_of
from ..rows.blocks import Block, laid
from ..rows.compression import unpack
from ..rows.encode import Encoded
from ..rows.suppression import Mark, Suppression, unnamed
from .named import packed

_KEY: Final = "key"
_KEY_BYTES: Final = 32
PENDING: Final = "forgetting"
"""A fact of the state from the moment rows are deleted until nothing of them is in any file."""

Query = Callable[[str], Iterable[tuple[Any, ...]]]
# Kind, name, start and number of messages.
Name = tuple[str, str, "int | None", int]


@attrs.frozen(kw_only=True)
class Pending:
    """What a receipt will say: which forgetting it is, when, how it was asked for, and counts."""

    number: int
    begun_at: str
    asked_by: tuple[str, ...]
    conversations: int
    messages: int
    named_in: int


def read_suppression(query: Query) -> Suppression | None:
    """
    Return the marks of a state; None when nobody was forgotten in it.
    """
    if not [*query("SELECT 1 FROM sqlite_master WHERE name = 'forgotten'")]:
        return None  # a file of the version before, which is only read
    marks = {(sort, mark) for sort, mark in query("SELECT sort, mark FROM forgotten")}
    key = next((mark for sort, mark in marks if sort == _KEY), None)
    return None if key is None else Suppression(key, frozenset(marks))


def sifted(connection: sqlite3.Connection, kind: str, rows: Sequence[Encoded]) -> Sequence[Encoded]:
    """
    Return the rows that may be stored, inside the caller's transaction; what is left out is marked for good.
    """
    suppression = read_suppression(connection.execute)
    if suppression is None or not rows:
        return rows
    found = suppression.sift(kind, rows)
    _add(connection, found.marks)
    return found.rows


def import_marks(connection: sqlite3.Connection, suppression: Suppression) -> None:
    """
    Put the marks of another state in, inside the caller's transaction.
    """
    _add(connection, [(_KEY, suppression.key), *suppression.marks])


def forget_rows(connection: sqlite3.Connection, keys: Iterable[str], names: Sequence[Name], pending: Pending) -> None:
    """
    Delete rows and all that is left of earlier ones, mark whose they were, and keep what is to be done, in one go.
    """
    known = read_suppression(connection.execute)
    suppression = known or Suppression(secrets.token_bytes(_KEY_BYTES))
    marks = [(_KEY, suppression.key), *suppression.people(keys)]
    for kind, name, start, _ in names:
        marks += suppression.conversation(kind, name, start)
    _add(connection, marks)
    pairs = [(kind, name) for kind, name, *_ in names]
    connection.executemany("DELETE FROM conv WHERE kind = ? AND id = ?", pairs)
    connection.executemany(
        "DELETE FROM active WHERE kind = ? AND id = ?", [(kind, id_of(name)) for kind, name in pairs]
    )
    _unname_beyond(connection)
    _repack(connection)
    fact = json.document(attrs.asdict(pending))
    connection.execute("INSERT OR REPLACE INTO facts VALUES('', ?, ?)", (PENDING, fact))


def _add(connection: sqlite3.Connection, marks: Iterable[Mark]) -> None:
    connection.executemany("INSERT OR IGNORE INTO forgotten VALUES(?, ?)", marks)


def _unname_beyond(connection: sqlite3.Connection) -> None:
    """Keep no id of a conversation that is not here, which an older version did: it may be the person's."""
    query = "SELECT kind, value FROM facts WHERE name = 'beyond'"
    for kind, ids in connection.execute(query).fetchall():
        value = json.document(sorted({*map(unnamed, json.loads(ids))}))
        connection.execute("UPDATE facts SET value = ? WHERE kind = ? AND name = 'beyond'", (value, kind))


def _repack(connection: sqlite3.Connection) -> None:
    """Rewrite blocks that hold more than the lines of their rows: lines of rows that were deleted or replaced."""
    connection.execute("DELETE FROM block WHERE id NOT IN (SELECT block FROM conv)")
    full = dict(connection.execute("SELECT block, sum(size) FROM conv GROUP BY block"))
    blocks = connection.execute("SELECT id, packed FROM block")
    stale = [number for number, lines in blocks if len(unpack(lines)) != full[number]]
    connection.execute("CREATE INDEX conv_blocks ON conv(block)")
    for number in stale:
        _repack_one(connection, number)
    connection.execute("DROP INDEX conv_blocks")


def _repack_one(connection: sqlite3.Connection, number: int) -> None:
    lines = unpack(packed(connection, number))
    rows = connection.execute("SELECT at, size, kind, id FROM conv WHERE block = ? ORDER BY at", (number,)).fetchall()
    places = laid([lines[at : at + size] for at, size, *_ in rows])
    numbers: dict[Block, int] = {}
    for (*_, kind, name), (block, at, size) in zip(rows, places, strict=True):
        if block not in numbers:
            cursor = connection.execute("INSERT INTO block(packed) VALUES(?)", (block.packed,))
            numbers[block] = cast("int", cursor.lastrowid)
        values = (numbers[block], at, size, kind, name)
        connection.execute("UPDATE conv SET block = ?, at = ?, size = ? WHERE kind = ? AND id = ?", values)
    connection.execute("DELETE FROM block WHERE id = ?", (number,))
