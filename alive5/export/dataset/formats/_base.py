"""
The base of all formats: rows to files, and files to rows.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

import attrs

from ...disk.files import Disk
from ..flatten import Values, flatten
from ..schema import Table

CONVERSATIONS_A_BATCH: Final = 2_000
MESSAGES_A_BATCH: Final = 20_000
BYTES_A_BATCH: Final = 8 << 20
"""A batch ends at whichever comes first. Larger ones compress better, smaller ones need less memory while rendering."""
# Bytes gathered before a write: fewer system calls, and little memory for each of a few open files.
BUFFER: Final = 256 * 1024


class Stored(Protocol):
    """A row of the store, as far as rendering needs it."""

    @property
    def kind(self) -> str:
        """The kind of conversation."""
        ...

    @property
    def id(self) -> str:
        """The session id, or the one made for a row without."""
        ...

    @property
    def n_msg(self) -> int:
        """The number of its messages."""
        ...

    @property
    def line(self) -> bytes:
        """Its line of JSON."""
        ...

    @property
    def raw(self) -> dict[str, Any]:
        """The row as delivered."""
        ...


@attrs.define
class Tally:
    """Counts of what was written, by kind, and of values that were altered."""

    conversations: Counter[str] = attrs.field(factory=Counter)
    messages: Counter[str] = attrs.field(factory=Counter)
    oddities: Counter[str] = attrs.field(factory=Counter)


@attrs.define
class Batch:
    """
    Rows of both tables, some thousands; ``bytes`` counts their lines of JSON.

    It is full with one *share*th of what a batch may hold.
    """

    share: int = 1
    conversations: list[Values] = attrs.field(factory=list)
    messages: list[Values] = attrs.field(factory=list)
    bytes: int = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to write it."""
        return (
            len(self.conversations) * self.share >= CONVERSATIONS_A_BATCH
            or len(self.messages) * self.share >= MESSAGES_A_BATCH
            or self.bytes * self.share >= BYTES_A_BATCH
        )

    def of(self, table: str) -> list[Values]:
        """
        Return the rows of one table.
        """
        return self.conversations if table == "conversations" else self.messages


class Format:
    """
    Base of the formats, which write and read them.

    ``version`` is raised when the same rows would make other files, so that
    older parts are written again; ``variant`` is what beside the rows decides
    them. A format whose ``suffixes`` name one file
    for two tables holds both in it; ``whole`` formats are one file an export.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    variant: str = ""
    suffixes: ClassVar[Mapping[str, str]]
    whole: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = ()

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write new files, whose *paths* are by table.
        """
        raise NotImplementedError

    def read(self, path: Path, table: Table) -> Iterator[Values]:
        """
        Yield the typed rows of a table, in their order.
        """
        raise NotImplementedError


def batches(rows: Iterable[Stored], tally: Tally, share: int = 1) -> Iterator[Batch]:
    """
    Yield rows flattened, some thousands at a time; a batch is emptied when the next one is asked for.
    """
    batch = Batch(share)
    for row in rows:
        flat = flatten(row.kind, row.id, row.raw, tally.oddities)
        tally.conversations[row.kind] += 1
        tally.messages[row.kind] += len(flat.messages)
        batch.conversations.append(flat.conversation)
        batch.messages += flat.messages
        batch.bytes += len(row.line)
        if batch.is_full:
            yield batch
            batch.conversations, batch.messages, batch.bytes = [], [], 0
    if batch.conversations:
        yield batch


def create(disk: Disk, path: Path) -> io.BufferedWriter:
    """
    Return a new file, buffered.
    """
    return io.BufferedWriter(disk.create(path), BUFFER)  # type: ignore[arg-type]
