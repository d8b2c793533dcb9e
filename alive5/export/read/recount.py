"""The rows of one format counted, and held against what the manifest says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Final

from ..dataset.flatten import Values
from ..dataset.manifest import FileEntry, Manifest
from ..dataset.schema import CONVERSATIONS, TABLES
from .keys import KeyCheck
from .reader import ExportReader

_N_MESSAGES: Final = CONVERSATIONS.names.index("n_messages")


class Recount:
    """
    The rows of both tables of one format; ``rows`` counts them by table.

    ``wrong`` says what differs, a sentence each. ``doubled`` rows share a key
    with another, ``lost`` messages have no conversation.
    """

    def __init__(self, reader: ExportReader, name: str) -> None:
        self.wrong: list[str] = []
        self._kinds = {table: Counter[str]() for table in TABLES}
        self._said_messages = 0
        with closing(KeyCheck()) as keys:
            for table in TABLES:
                look = keys.conversations if table == "conversations" else keys.messages
                for entry, rows in reader.values(table, name):
                    self._add(table, entry, look(rows))
            self.doubled: int = keys.doubled
            self.lost: int = keys.lost
        self._check_totals(reader.manifest)

    @property
    def rows(self) -> dict[str, int]:
        """The numbers of rows by table."""
        return {table: kinds.total() for table, kinds in self._kinds.items()}

    def _add(self, table: str, entry: FileEntry, rows: Iterator[Values]) -> None:
        found = Counter[str]()
        for row in rows:
            found[row[0]] += 1
            if table == "conversations":
                self._said_messages += row[_N_MESSAGES]
        self._kinds[table] += found
        said = entry.rows if entry.table == table else entry.messages
        if found.total() != said:
            self.wrong.append(f"{entry.path}: {found.total()} rows of {table}, the manifest says {said}")
        elif found != _kinds_of(entry, found.total()):
            self.wrong.append(f"{entry.path}: rows of other kinds than the manifest says")

    def _check_totals(self, manifest: Manifest) -> None:
        if self._said_messages != self.rows["messages"]:
            self.wrong.append(f"conversations count {self._said_messages} messages, there are {self.rows['messages']}")
        for table, found in self._kinds.items():
            said = Counter({kind: counts.get(table, 0) for kind, counts in manifest.counts.items()})
            self.wrong += _differing(table, found, said)


def _kinds_of(entry: FileEntry, rows: int) -> Counter[str]:
    return Counter({str(entry.kind): rows} if entry.kinds is None else entry.kinds)


def _differing(table: str, found: Counter[str], said: Counter[str]) -> Iterable[str]:
    for kind in sorted(found | said):
        if found[kind] != said[kind]:
            yield f"{found[kind]} rows of {table} are of {kind}, the manifest counts {said[kind]}"
