"""Queries on an export's state: its job, its windows, and its rows in the order of rendering."""

from __future__ import annotations

import errno
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from ..._json import codec as json
from ...models.conversation import KINDS
from ..disk.errors import damaged, explained
from ..plan.job import Job
from ..plan.lookback import open_since_us, read_again
from ..plan.span import END_OF_TIME, Span, month_of, month_span
from ..plan.window import StoredWindow
from ..rows.apart import MARK, shown_line, shown_name
from ..rows.blocks import Blocks
from ..rows.encode import StoredRow
from ..rows.intact import intact_line
from ..rows.suppression import Suppression
from .database import ReadOnlyDatabase
from .forgotten import Name, read_suppression

UNKNOWN: Final = "unknown"


class ReadOnlyStore:
    """
    Queries on one export's state file, from one thread at a time.

    ``bounds`` are the epoch microseconds rows must start in to be rendered;
    setting ``stopping`` ends what iterates over rows.
    """

    def __init__(self, directory: Path, database: ReadOnlyDatabase) -> None:
        self.directory = directory
        self.path: Path = database.path
        self.bounds: tuple[int, int] | None = None
        self.stopping = False
        self._asked = database

    def close(self) -> None:
        """
        Close the file.
        """
        self._asked.close()

    def job(self) -> dict[str, Any] | None:
        """
        Return the job of the directory; None before the first run.
        """
        row = self._asked.one("SELECT spec FROM job")
        with self._understood():
            return None if row is None else Job.read(json.loads(row[0])).spec()

    def bound_job(self) -> dict[str, Any] | None:
        """
        Return the job of the directory, once something was fetched for it: until then it may become another.
        """
        return self.job() if self.is_bound() else None

    def is_bound(self) -> bool:
        """
        Whether anything was fetched.
        """
        query = "SELECT EXISTS(SELECT 1 FROM conv) OR EXISTS(SELECT 1 FROM win WHERE state = 'done')"
        return bool(self._asked.one(query)[0])

    def facts(self, kind: str) -> dict[str, Any]:
        """
        Return the stored facts of a kind.
        """
        found = self._asked.all("SELECT name, value FROM facts WHERE kind = ?", (kind,))
        with self._understood():
            return {name: json.loads(value) for name, value in found}

    def windows(self, kind: str) -> list[StoredWindow]:
        """
        Return a kind's windows by time.
        """
        rows = self._asked.all("SELECT * FROM win WHERE kind = ? ORDER BY low", (kind,))
        return [StoredWindow.read(row) for row in rows]

    def open_starts(self, kind: str, since_us: int) -> list[int]:
        """
        Return when those conversations began that were open when they were last seen.
        """
        query = "SELECT start_us FROM conv WHERE kind = ? AND open AND start_us >= ?"
        return [row[0] for row in self._asked.all(query, (kind, since_us))]

    def starts(self, kind: str, ids: Iterable[str]) -> dict[str, int | None]:
        """
        Return when those conversations began that are known, by id.
        """
        query = "SELECT id, start_us FROM conv WHERE kind = ? AND id IN (SELECT value FROM json_each(?))"
        return dict(self._asked.all(query, (kind, json.document([*ids]))))

    def lines(self, kind: str, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """
        Yield the lines of those conversations that are known, by id.
        """
        blocks = Blocks(self._packed)
        query = (
            "SELECT id, block, at, size FROM conv WHERE kind = ? AND id IN (SELECT value FROM json_each(?))"
            " ORDER BY block, at"
        )
        for name, *place in self._asked.each(query, (kind, json.document([*ids]))):
            yield name, blocks.line(*place)

    def suppression(self) -> Suppression | None:
        """
        Return the marks of those who were forgotten; None when nobody was.
        """
        return read_suppression(self._asked.each)

    def forgotten_ids(self, kind: str, ids: Iterable[str]) -> set[str]:
        """
        Return those ids whose conversations were forgotten and of which none is there.
        """
        suppression, asked = self.suppression(), {*ids}
        if suppression is None:
            return set()
        gone = {name for name in asked if suppression.thread(kind, name) in suppression.marks}
        return gone - set(self.starts(kind, gone))

    def all_rows(self) -> Iterator[tuple[Name, bytes]]:
        """
        Yield every row, whether it is rendered or not, with its name, in the order of the file.
        """
        blocks = Blocks(self._packed)
        query = "SELECT kind, id, start_us, n_msg, block, at, size, sha FROM conv ORDER BY block, at"
        with explained(self.path):
            for *name, block, at, size, sha in self._asked.each(query):
                yield cast("Name", tuple(name)), intact_line(blocks, block, at, size, sha)

    def to_read_again(self, kind: str, windows: Sequence[StoredWindow], span: Span, now: float) -> list[Span]:
        """
        Return the spans that extending an export reads again.
        """
        return read_again(
            windows,
            span,
            complete_through=self.facts(kind).get("complete_through"),
            open_starts_us=self.open_starts(kind, open_since_us(now)),
        )

    def digests(self, kind: str, low_us: int, high_us: int) -> list[tuple[str, int, bytes, int]]:
        """
        Return the names, starts, digests and openness of the rows that start in [low, high).
        """
        query = "SELECT id, start_us, sha, open FROM conv WHERE kind = ? AND start_us >= ? AND start_us < ?"
        return self._asked.all(query, (kind, low_us, high_us))

    def months(self, kind: str) -> list[str]:
        """
        Return the months that have rows, and "unknown" last when some have no readable start.
        """
        months: list[str] = []
        after = -END_OF_TIME
        query = f"SELECT min(start_us) FROM conv WHERE kind = ? AND start_us >= ? AND {self._belongs}"  # noqa: S608
        while (start := self._asked.one(query, (kind, after, *self._period))[0]) is not None:
            months.append(month_of(start))
            after = month_span(months[-1])[1]
        if self._asked.one("SELECT 1 FROM conv WHERE kind = ? AND start_us IS NULL LIMIT 1", (kind,)):
            months.append(UNKNOWN)
        return months

    def rows(self, kind: str, month: str) -> Iterator[StoredRow]:
        """
        Yield the rows of a month in order of start and id, one at a time.
        """
        blocks = Blocks(self._packed)
        with explained(self.path):
            for name, n_msg, *place in self._select("id, n_msg, block, at, size, sha", kind, month):
                if self.stopping:
                    raise InterruptedError(errno.EINTR, "the export is being stopped")
                yield StoredRow(kind, shown_name(name), n_msg, shown_line(name, intact_line(blocks, *place)))

    def content_key(self, kind: str, month: str) -> str:
        """
        Return a digest of a month's rows in order: the same content has the same key.
        """
        digest = hashlib.sha256()
        for name, sha in self._select("id, sha", kind, month):
            digest.update(sha + shown_name(name).encode() + b"\0")
        return digest.hexdigest()

    def counts(self, kind: str) -> dict[str, int]:
        """
        Return the numbers of a kind's conversations, their messages, and those without an id.
        """
        query = "SELECT count(*), total(n_msg), total(synthetic) FROM conv WHERE kind = ? AND (start_us IS NULL OR "
        row = self._asked.one(f"{query}{self._belongs})", (kind, *self._period))
        return {"conversations": row[0], "messages": int(row[1]), "without_id": int(row[2])}

    def sharing_ids(self, kind: str) -> int:
        """
        Return how many conversations of a kind are kept apart from another one with their id.
        """
        return int(self._asked.one("SELECT count(*) FROM conv WHERE kind = ? AND instr(id, ?)", (kind, MARK))[0])

    def check(self) -> str:
        """
        Return SQLite's check of the whole file: "ok" or what is wrong.
        """
        return str(self._asked.one("PRAGMA integrity_check")[0])

    def check_rows(self) -> None:
        """
        Check every row against its digest.

        :raises ExportError: at the first that is not what was stored.
        """
        for kind in KINDS:
            for month in self.months(kind):
                for _ in self.rows(kind, month):
                    pass

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Raise what is no value of ours as an ``ExportError``."""
        try:
            yield
        except (ValueError, TypeError, KeyError, AttributeError):
            raise damaged(self.path) from None

    @property
    def _period(self) -> tuple[int, int]:
        return self.bounds or (-END_OF_TIME, END_OF_TIME)

    @property
    def _belongs(self) -> str:
        """What makes a row part of the export; its two values are those of ``_period``."""
        # A file of the version before, which is only read, knows no conversations that are part by their messages.
        has_active = self._asked.one("SELECT 1 FROM sqlite_master WHERE name = 'active'")
        active = " OR id IN (SELECT id FROM active WHERE active.kind = conv.kind)" if has_active else ""
        return f"((start_us >= ? AND start_us < ?){active})"

    def _packed(self, block: int) -> bytes:
        found = self._asked.one("SELECT packed FROM block WHERE id = ?", (block,))
        if found is None:
            raise sqlite3.DatabaseError("malformed: a block of rows is missing")
        return cast("bytes", found[0])

    def _select(self, columns: str, kind: str, month: str) -> Iterator[tuple[Any, ...]]:
        where, bounds = "start_us IS NULL", cast("tuple[int, ...]", ())
        if month != UNKNOWN:
            where, bounds = f"start_us >= ? AND start_us < ? AND {self._belongs}", (*month_span(month), *self._period)
        query = f"SELECT {columns} FROM conv WHERE kind = ? AND {where} ORDER BY start_us, id"  # noqa: S608
        return self._asked.each(query, (kind, *bounds))
