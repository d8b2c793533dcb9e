"""Names to keep rows by: an id, and more where several conversations share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeVar

from ..._sansio.same import are_one
from .json_lines import line_of, read_line
from .united import are_two


class Named(Protocol):
    """A row with its id, start and digest, wherever its line is."""

    @property
    def id(self) -> str:
        """The id, or the name it is kept by."""
        ...

    @property
    def start_us(self) -> int | None:
        """When the conversation began."""
        ...

    @property
    def synthetic(self) -> int:
        """Whether the id is one of ours."""
        ...

    @property
    def sha(self) -> bytes:
        """The digest of the row."""
        ...


R = TypeVar("R", bound=Named)

MARK: Final = "\x1f+\x1f"
"""Stands between an id and what tells conversations apart; a control character is in no id of a service."""


def id_of(name: str) -> str:
    """
    Return the id of a row by the name it is kept by.
    """
    return name.partition(MARK)[0] if MARK in name else name


def name_apart(row: R, known: Mapping[str, R], is_one: Callable[[R, R], bool]) -> str:
    """
    Return the name to keep a row by: its id, unless that is another conversation's among those *known*.
    """
    if row.id not in known and MARK not in row.id:
        return row.id
    names = names_of(row.id, row.start_us, row.sha)
    for name in names:
        there = known.get(name)
        if there is None or not are_two(there, row) or is_one(there, row):
            return name
    return names[-1]


def are_one_line(first: bytes, second: bytes) -> bool:
    """
    Whether the lines of two rows of one id are one conversation.
    """
    return are_one(read_line(first)[2], read_line(second)[2])


def names_of(name: str, start_us: int | None, sha: bytes) -> list[str]:
    """
    Return the names a row may be kept by, the plainest first.
    """
    plain = id_of(name)
    return [plain, f"{plain}{MARK}{start_us}", f"{plain}{MARK}{start_us}{MARK}{sha.hex()[:16]}"]


def shown_name(name: str) -> str:
    """
    Return a name as files have it.
    """
    return name.replace(MARK, "#")


def shown_line(name: str, line: bytes) -> bytes:
    """
    Return a row's line as files have it: under a name of ours where another conversation has its id.
    """
    if MARK not in name:
        return line
    kind, _, row = read_line(line)
    return line_of(kind, row, shown_name(name))
