"""
Verification of an export from its files alone.

A comparison with the service, which needs a client, is separate.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import attrs

from ...errors import ConfigurationError, ExportError
from ..dataset.manifest import PART, FileEntry
from ..dataset.schema import CONVERSATIONS, TABLES
from ..disk.read_only import connect_read_only
from .keys import KeyCheck
from .reader import ExportReader, problem_of

_COUNTED: Final = CONVERSATIONS.names.index("n_messages")


@attrs.frozen
class Check:
    """
    One check; ``ok`` is None when it could not be made.
    """

    name: str
    ok: bool | None
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        """
        Return it as JSON-ready values.
        """
        return attrs.asdict(self)


@attrs.frozen(kw_only=True)
class VerifyReport:
    """
    The result of verifying; ``ok`` when nothing is wrong.
    """

    checks: tuple[Check, ...]
    files: int = 0
    rows: dict[str, dict[str, int]] = attrs.field(factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not self.problems

    @property
    def problems(self) -> tuple[str, ...]:
        """The failed checks, a sentence each."""
        return tuple(f"{check.name}: {check.detail}" for check in self.checks if check.ok is False)

    def to_dict(self) -> dict[str, Any]:
        """
        Return it as JSON-ready values.
        """
        checks = [check.to_dict() for check in self.checks]
        return {"ok": self.ok, "files": self.files, "rows": self.rows, "checks": checks}


def verify(path: str | os.PathLike[str]) -> VerifyReport:
    """
    Return the checks of an export's files: digests, rows, keys, and the state they came from.
    """
    root = Path(path)
    try:
        reader = ExportReader(root)
    except ExportError as error:
        return VerifyReport(checks=(Check("manifest", False, str(error)), *_state(root)))
    entries = {entry.path: entry for entry in reader.manifest.files}
    checks = [Check("manifest", True), _files(root, entries)]
    rows: dict[str, dict[str, int]] = {}
    for name in reader.manifest.formats:
        try:
            found, more = _tables(reader, name)
        except (ExportError, ConfigurationError) as error:
            unread = None if isinstance(error, ConfigurationError) else False
            checks.append(Check(f"{name} rows", unread, str(error)))
            continue
        rows[name] = found
        checks += more
    checks += [*_agreement(rows), _strays(root, entries), *_state(root)]
    return VerifyReport(checks=tuple(checks), files=len(entries), rows=rows)


def _files(root: Path, entries: dict[str, FileEntry]) -> Check:
    problems = [problem for entry in entries.values() if (problem := problem_of(root, entry))]
    return Check("files", not problems, "; ".join(problems[:5]) + _more(len(problems) - 5))


def _tables(reader: ExportReader, name: str) -> tuple[dict[str, int], list[Check]]:
    """Return the rows of both tables of one format, and what is wrong with them."""
    wrong: list[str] = []
    counted = 0
    found = dict.fromkeys(TABLES, 0)
    with closing(KeyCheck()) as keys:
        for table in TABLES:
            look = keys.conversations if table == "conversations" else keys.messages
            for entry, rows in reader.values(table, name):
                count = 0
                for row in look(rows):
                    count += 1
                    counted += row[_COUNTED] if table == "conversations" else 0
                found[table] += count
                said = entry.rows if entry.table == table else entry.messages
                if count != said:
                    wrong.append(f"{entry.path}: {count} rows of {table}, the manifest says {said}")
    if counted != found["messages"]:
        wrong.append(f"conversations count {counted} messages, there are {found['messages']}")
    return found, [
        Check(f"{name} rows", not wrong, "; ".join(wrong[:5]) + _more(len(wrong) - 5)),
        Check(f"{name} keys", not keys.doubled, f"{keys.doubled} rows share a key" * bool(keys.doubled)),
        Check(f"{name} messages", not keys.lost, f"{keys.lost} have no conversation" * bool(keys.lost)),
    ]


def _agreement(rows: dict[str, dict[str, int]]) -> Iterator[Check]:
    if len(rows) > 1:
        counts = Counter(tuple(found.items()) for found in rows.values())
        yield Check(
            "formats agree", len(counts) == 1, "" if len(counts) == 1 else "they hold different numbers of rows"
        )


def _strays(root: Path, entries: dict[str, FileEntry]) -> Check:
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir())
    strays = sorted(name for name in found if name not in entries and PART.fullmatch(name))
    detail = f"{strays[0]}{_more(len(strays) - 1)}: not of this export; the next run removes it" if strays else ""
    return Check("nothing else", not strays, detail)


def _state(root: Path) -> Iterator[Check]:
    path = root / ".alive5" / "state.db"
    if not path.is_file():
        return
    try:
        with closing(connect_read_only(path)) as database:
            answer = str(database.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.Error as error:
        answer = type(error).__name__
    yield Check(
        "state",
        answer == "ok",
        "" if answer == "ok" else "the state file is damaged: restore a copy of it",
    )


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""
