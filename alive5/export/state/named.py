"""Rows under the names they are kept by, and what is kept under those already."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, cast

from ..._json import codec as json
from ..._sansio.same import starts_agree
from ..rows.apart import MARK, are_one_line, id_of, name_apart, names_of
from ..rows.blocks import Blocks
from ..rows.encode import Encoded
from ..rows.intact import intact_line
from ..rows.united import are_two

_COLUMNS: Final = "id, start_us, n_msg, open, synthetic, sha, at, size, block"
# The last character that an id with a mark may have in its place.
_BEYOND: Final = "\x20"


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


class Kept(NamedTuple):
    """A row that is there already, and whether it came in this run."""

    line: StoredLine
    is_now: bool


def named(
    connection: sqlite3.Connection, table: str, kind: str, rows: Sequence[StoredLine], *low: int, run: int = 0
) -> tuple[Sequence[StoredLine], dict[str, Kept]]:
    """
    Return rows under the names they are kept by, and those kept under these names.

    An id may be that of several conversations: those after the first are kept by more than it.
    """
    known = known_of(connection, table, kind, rows, *low, run=run)
    shared = {id_of(row.id) for row in rows if MARK in row.id or _is_doubtful(known.get(row.id), row)}
    shared |= _repeated(rows)
    if not shared:
        return rows, known
    known = known_of(connection, table, kind, [row for row in rows if id_of(row.id) not in shared], *low, run=run)
    there = _variants(connection, table, kind, shared, *low, run=run)
    is_one = partial(_are_one, Blocks[int](lambda number: packed(connection, number)), there)
    lines = {name: one.line for name, one in there.items()}
    placed = []
    for row in rows:
        here = row
        if id_of(row.id) in shared:
            here = row._replace(id=name_apart(row, lines, is_one))
            lines.setdefault(here.id, here)
        placed.append(here)
    return placed, {**known, **there}


def settle_names(connection: sqlite3.Connection, kind: str) -> None:
    """
    Rename the conversations that share an id: the earliest has it, whichever came first.
    """
    marked = connection.execute("SELECT id FROM conv WHERE kind = ? AND instr(id, ?)", (kind, MARK)).fetchall()
    for name in sorted({id_of(row[0]) for row in marked}):
        lines = [one.line for one in _variants(connection, "conv", kind, [name], run=0).values()]
        lines.sort(key=lambda line: (line.start_us is None, line.start_us or 0, line.sha))
        taken: set[str] = set()
        for line in lines:
            free = (one for one in names_of(name, line.start_us, line.sha) if one not in taken)
            taken.add(chosen := next(free, line.id))
            # A name of nobody's first: the one chosen may still be another's.
            connection.execute("UPDATE conv SET id = ? WHERE kind = ? AND id = ?", (f"{MARK}{chosen}", kind, line.id))
        connection.executemany(
            "UPDATE conv SET id = ? WHERE kind = ? AND id = ?", [(one, kind, f"{MARK}{one}") for one in sorted(taken)]
        )


def settle_by_owners(connection: sqlite3.Connection, kind: str, owners: Mapping[str, int]) -> None:
    """
    Rename the conversations that have the id of another one, whose start *owners* has and whose row is elsewhere.
    """
    for name, start in owners.items():
        line = next((one.line for one in _variants(connection, "conv", kind, [name], run=0).values()), None)
        if line is not None and line.id == name and not starts_agree(line.start_us, start):
            apart = names_of(name, line.start_us, line.sha)[1]
            connection.execute("UPDATE OR IGNORE conv SET id = ? WHERE kind = ? AND id = ?", (apart, kind, name))


def owners_of(connection: sqlite3.Connection, kind: str) -> dict[str, int]:
    """
    Return the starts of the conversations whose id others share, by id.
    """
    shared = "SELECT substr(id, 1, instr(id, ?) - 1) FROM conv WHERE kind = ? AND instr(id, ?)"
    query = f"SELECT id, start_us FROM conv WHERE kind = ? AND start_us NOTNULL AND id IN ({shared})"  # noqa: S608
    return dict(connection.execute(query, (kind, MARK, kind, MARK)).fetchall())


def packed(connection: sqlite3.Connection, number: int) -> bytes:
    """
    Return a block's lines as they are stored.
    """
    return cast("bytes", connection.execute("SELECT packed FROM block WHERE id = ?", (number,)).fetchone()[0])


def _repeated(rows: Sequence[StoredLine]) -> set[str]:
    counts = Counter(row.id for row in rows)
    return {id_of(name) for name, count in counts.items() if count > 1} if len(counts) < len(rows) else set()


def _is_doubtful(kept: Kept | None, row: StoredLine) -> bool:
    if kept is None or not are_two(kept.line, row):
        return False
    # Of an earlier run, a row that began at the same time is an earlier state of the conversation.
    return kept.is_now or not starts_agree(kept.line.start_us, row.start_us)


def _are_one(blocks: Blocks[int], there: dict[str, Kept], kept: StoredLine, row: StoredLine) -> bool:
    before = there.get(kept.id)
    if before is not None and before.line is kept and not _is_doubtful(before, row):
        return True
    return are_one_line(*(intact_line(blocks, one.block, one.at, one.size, one.sha) for one in (kept, row)))


def known_of(
    connection: sqlite3.Connection, table: str, kind: str, rows: Iterable[StoredLine | Encoded], *low: int, run: int
) -> dict[str, Kept]:
    """
    Return those of *rows* that a table has already, by the names they have.
    """
    where, values = "id IN (SELECT value FROM json_each(?))", json.document([row.id for row in rows])
    return _kept(connection, table, where, (kind, *low, values), run)


def _variants(
    connection: sqlite3.Connection, table: str, kind: str, shared: Iterable[str], *low: int, run: int
) -> dict[str, Kept]:
    """Return all rows that are kept under ids with or without more."""
    found: dict[str, Kept] = {}
    for name in shared:
        where = "(id = ? OR (id > ? AND id < ?))"
        found |= _kept(connection, table, where, (kind, *low, name, name + MARK, name + _BEYOND), run)
    return found


def _kept(connection: sqlite3.Connection, table: str, where: str, values: tuple[Any, ...], run: int) -> dict[str, Kept]:
    own, place = (_COLUMNS, " AND low = ?") if table == "spill" else (f"{_COLUMNS}, run", "")
    query = f"SELECT {own} FROM {table} WHERE kind = ?{place} AND {where}"  # noqa: S608
    size = len(StoredLine._fields)
    return {
        row[0]: Kept(StoredLine(*row[:size]), row[size:] in ((), (run,))) for row in connection.execute(query, values)
    }
