"""
The index as a database: messages, and which three characters stand in each.

The characters only narrow what is read. Whether a message is a hit its text
decides, so a search with and without them finds the same.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from ...models._sides import Side, parties_of, side_of
from ..dataset.formats._cells import from_cell, to_cell
from ..insight.found import Needle, SearchHit

Row = dict[str, Any]

_GRAM: Final = 3
_PLAIN: Final = (
    "CREATE TABLE made(by TEXT NOT NULL)",
    "CREATE TABLE part(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE)",
    "CREATE TABLE said(id INTEGER PRIMARY KEY, part INTEGER NOT NULL, kind TEXT NOT NULL, session_id TEXT NOT NULL,"
    " seq INTEGER NOT NULL, created_at TEXT, author TEXT, side TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX said_part ON said(part)",
)
# Which message holds which three characters and no more: a third smaller than with the places of each.
_GRAMS: Final = (
    "CREATE VIRTUAL TABLE gram USING fts5(folded, content='', detail=none, columnsize=0,"
    " tokenize='trigram case_sensitive 1')"
)
# What FTS5 reads as an end, and what SQLite cannot hold; as another character it finds more, never less.
_UNINDEXED: Final = re.compile("[\x00\ud800-\udfff]")
_ORDER: Final = " ORDER BY created_at DESC, kind, session_id, seq LIMIT ?"
_COLUMNS: Final = "kind, session_id, seq, created_at, author, side, text"
# Enough to leave few messages to look at; an expression of FTS5 may not be of any length.
_MOST_GRAMS: Final = 40


class Part(NamedTuple):
    """
    One part of an export: what tells its content, and its conversations with their messages.
    """

    key: str
    rows: Callable[[], Iterable[tuple[Row, list[Row]]]]


@cache
def has_grams() -> bool:
    """
    Whether this Python's SQLite can keep them.
    """
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(_GRAMS)
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def create(connection: sqlite3.Connection, *, made_by: str = "", grams: bool = True) -> None:
    """
    Create the tables of an index; without *grams* it is for one search.
    """
    for statement in (*_PLAIN, *([_GRAMS] if grams else [])):
        connection.execute(statement)
    connection.execute("INSERT INTO made VALUES(?)", (made_by,))


def is_index(connection: sqlite3.Connection, made_by: str) -> bool:
    """
    Whether a database is an index of this version, made by the same.
    """
    # FTS5 has tables of its own, by the name of the one it was asked for.
    there = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'gram_*'")
    if {sql for (sql,) in there} != {*_PLAIN, _GRAMS}:
        return False
    return connection.execute("SELECT by FROM made").fetchall() == [(made_by,)]


def keys_of(connection: sqlite3.Connection) -> dict[str, int]:
    """
    Return the parts that are in an index, by what tells their content.
    """
    return dict(connection.execute("SELECT key, id FROM part"))


def update(connection: sqlite3.Connection, parts: Iterable[Part]) -> None:
    """
    Bring an index to these parts: those that are not among them go, and those that are not there are read.
    """
    connection.create_function("plain", 1, _plain, deterministic=True)
    wanted = {part.key: part for part in parts}
    there = keys_of(connection)
    for key in there.keys() - wanted.keys():
        _remove(connection, there[key])
    for key in wanted.keys() - there.keys():
        number = _begin(connection, key)
        _put(connection, _rows(number, wanted[key]))
        connection.execute("INSERT INTO gram(rowid, folded) SELECT id, plain(text) FROM said WHERE part = ?", (number,))


def collect(connection: sqlite3.Connection, parts: Iterable[Part], needle: Needle) -> None:
    """
    Put the messages of all parts in that hold what is looked for, and no other.
    """
    for part in parts:
        number = _begin(connection, part.key)
        _put(connection, (row for row in _rows(number, part) if needle.is_in(row[-1])))


def hits(connection: sqlite3.Connection, needle: Needle, limit: int | None, *, grams: bool) -> Iterator[SearchHit]:
    """
    Yield the messages that hold what is looked for, the latest first.
    """
    connection.create_function("holds", 1, needle.is_in, deterministic=True)
    match = _match(needle) if grams else ""
    narrowed = "id IN (SELECT rowid FROM gram WHERE gram MATCH ?) AND " if match else ""
    query = f"SELECT {_COLUMNS} FROM said WHERE {narrowed}holds(text){_ORDER}"  # noqa: S608 - constants of this file
    values = (*([match] if match else []), -1 if limit is None else limit)
    for row in connection.execute(query, values):
        yield _hit(row, needle)


def _match(needle: Needle) -> str:
    """Return what FTS5 is asked for; "" for what is shorter than it indexes."""
    text = _plain(needle.folded)
    grams = dict.fromkeys(text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1))
    return " ".join('"' + gram.replace('"', '""') + '"' for gram in islice(grams, _MOST_GRAMS))


def _plain(text: str) -> str:
    return _UNINDEXED.sub("\ufffd", text.casefold())


def _begin(connection: sqlite3.Connection, key: str) -> int:
    return int(connection.execute("INSERT INTO part(key) VALUES(?) RETURNING id", (key,)).fetchone()[0])


def _remove(connection: sqlite3.Connection, number: int) -> None:
    connection.execute(
        "INSERT INTO gram(gram, rowid, folded) SELECT 'delete', id, plain(text) FROM said WHERE part = ?", (number,)
    )
    connection.execute("DELETE FROM said WHERE part = ?", (number,))
    connection.execute("DELETE FROM part WHERE id = ?", (number,))


def _put(connection: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    connection.executemany("INSERT INTO said VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _rows(number: int, part: Part) -> Iterator[tuple[Any, ...]]:
    """Yield the messages of a part that have a text, as rows of the table."""
    for row, messages in part.rows():
        parties = parties_of(row.get)
        sides: dict[str | None, Side] = {}
        for message in messages:
            author, text = message["created_by"], message["message_content"]
            if not text:
                continue
            if author not in sides:
                sides[author] = side_of(author, parties)
            moment = to_cell("time", message["created_at"])
            yield (number, row["kind"], row["session_id"], message["seq"], moment, author, sides[author], text)


def _hit(row: tuple[Any, ...], needle: Needle) -> SearchHit:
    kind, session_id, seq, created_at, author, side, text = row
    start, end = needle.place_in(text)
    return SearchHit(
        kind=kind,
        session_id=session_id,
        seq=seq,
        created_at=from_cell("time", created_at),
        author=author,
        side=side,
        text=text,
        start=start,
        end=end,
    )
