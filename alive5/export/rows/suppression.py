"""
Rows of people who were forgotten, known again without keeping who they were.

What a person and their conversations are known by is kept as HMAC-SHA256 with a
random key. Whoever has list and key can try a number, and cannot read one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

import attrs

from ..._sansio.person import contact_keys
from ..._sansio.reshape import entry_of
from .apart import id_of
from .blocks import Block, Blocks, laid
from .encode import Encoded
from .json_lines import messages_of, read_line

Mark = tuple[str, bytes]

PERSON: Final = "person"
CONVERSATION: Final = "conversation"
THREAD: Final = "thread"
"""The sorts of marks: of a person, of one conversation, and of an id, which several conversations may share."""

_UNNAMED: Final = "id:"


class Sifted(NamedTuple):
    """Rows to be stored, and marks of those that are not."""

    rows: Sequence[Encoded]
    marks: list[Mark]


@attrs.frozen(repr=False)
class Suppression:
    """
    The key of a directory, and the marks of those who were forgotten in it.
    """

    key: bytes
    marks: Collection[Mark] = ()

    @property
    def conversations(self) -> int:
        """How many conversations are left out."""
        return sum(sort == CONVERSATION for sort, _ in self.marks)

    def people(self, keys: Iterable[str]) -> list[Mark]:
        """
        Return the marks of people, by what their conversations have of them.
        """
        return [self._mark(PERSON, key) for key in keys]

    def thread(self, kind: str, name: str) -> Mark:
        """
        Return the mark of an id.
        """
        return self._mark(THREAD, f"{kind} {id_of(name)}")

    def conversation(self, kind: str, name: str, start_us: int | None) -> list[Mark]:
        """
        Return the marks of a conversation: its own, and that of its id.
        """
        return [self._mark(CONVERSATION, f"{kind} {id_of(name)} {start_us}"), self.thread(kind, name)]

    def is_forgotten(self, kind: str, row: Encoded, line: bytes) -> bool:
        """
        Whether a row is one that was forgotten, or is about a person who was.
        """
        if self.conversation(kind, row.id, row.start_us)[0] in self.marks:
            return True
        return any(mark in self.marks for mark in self.people(keys_of(read_line(line)[2])))

    def sift(self, kind: str, rows: Sequence[Encoded]) -> Sifted:
        """
        Leave out the rows of those who were forgotten, also out of the blocks they share with others.
        """
        blocks = Blocks[Block](attrgetter("packed"))
        lines = [blocks.line(row.block, row.at, row.size) for row in rows]
        gone = [self.is_forgotten(kind, row, line) for row, line in zip(rows, lines, strict=True)]
        if not any(gone):
            return Sifted(rows, [])
        kept = [(row, line) for row, line, is_gone in zip(rows, lines, gone, strict=True) if not is_gone]
        places = laid([line for _, line in kept])
        marks = [
            mark
            for row, is_gone in zip(rows, gone, strict=True)
            if is_gone
            for mark in self.conversation(kind, row.id, row.start_us)
        ]
        return Sifted(
            [
                row._replace(block=block, at=at, size=size)
                for (row, _), (block, at, size) in zip(kept, places, strict=True)
            ],
            marks,
        )

    def _mark(self, sort: str, what: str) -> Mark:
        return sort, hmac.digest(self.key, what.encode("utf-8", "surrogatepass"), hashlib.sha256)


def unnamed(name: str) -> str:
    """
    Return what stands for the id of a conversation that is not in an export, and so of nobody known.
    """
    return name if name.startswith(_UNNAMED) else _UNNAMED + hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


def keys_of(raw: dict[str, Any]) -> frozenset[str]:
    """
    Return what the contact of a delivered row is known by.
    """
    return contact_keys(raw, (entry_of(message).get("created_by") for message in messages_of(raw)))
