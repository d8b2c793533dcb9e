"""Two deliveries of a conversation as one row, made ready to be stored."""

from __future__ import annotations

from typing import Protocol

from ..._sansio.unite import unite
from .blocks import laid
from .encode import Encoded, digest_of, end_us, start_us
from .json_lines import line_of, messages_of, read_line


class Delivery(Protocol):
    """What is known of a row that was made ready, wherever its line is."""

    @property
    def id(self) -> str:
        """The conversation's id."""
        ...

    @property
    def n_msg(self) -> int:
        """How many messages it has."""
        ...

    @property
    def open(self) -> int:
        """Whether it may still change."""
        ...

    @property
    def synthetic(self) -> int:
        """Whether the id is one of ours."""
        ...

    @property
    def sha(self) -> bytes:
        """The digest of the row."""
        ...


class Digested(Protocol):
    """What tells two rows apart."""

    @property
    def synthetic(self) -> int:
        """Whether the id is one of ours."""
        ...

    @property
    def sha(self) -> bytes:
        """The digest of the row."""
        ...


def are_two(kept: Digested, later: Digested) -> bool:
    """
    Whether two rows of one id are different deliveries; an id of ours is made of the content.
    """
    return kept.sha != later.sha and not (kept.synthetic or later.synthetic)


def united(kept: Delivery, later: Delivery, kept_line: bytes, later_line: bytes) -> Encoded | None:
    """
    Return one row with the messages of two; None when one of them has all of the other.
    """
    kind, _, first = read_line(kept_line)
    second = read_line(later_line)[2]
    row = unite(first, second)
    if row is first or row is second:
        return None
    line = line_of(kind, row)
    ((block, at, size),) = laid([line])
    return Encoded(
        id=kept.id,
        start_us=start_us(row),
        n_msg=len(messages_of(row)),
        open=int(end_us(row) is None or bool(kept.open or later.open)),
        synthetic=0,
        sha=digest_of(line),
        at=at,
        size=size,
        block=block,
    )
