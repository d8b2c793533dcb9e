"""Windows of an export, as they are read and as they are stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal

import attrs

from ..rows.encode import Encoded
from .span import Span

State = Literal["todo", "done", "failed"]


@attrs.frozen(kw_only=True)
class FetchedWindow:
    """
    A window that was read, with its rows and anomalies.

    ``count`` is the number of rows as the host counts, of which several may be
    ``deliveries`` of one of the ``conversations``, both in one reading; those that entered during
    others are in ``rows``, those set aside earlier are not; ``ids`` are of all
    conversations. ``open`` says that the window had not ended yet.
    ``read_us`` is when its reading began: what changed before is in it.
    """

    kind: str
    span: Span
    rows: Sequence[Encoded]
    observed_us: int
    deliveries: Collection[int] = ()
    ids: Collection[str] = ()
    conversations: int = 0
    count: int = 0
    pages: int = 0
    grade: str = ""
    flags: tuple[str, ...] = ()
    open: bool = False
    united: int = 0
    read_us: int = 0


@attrs.frozen(kw_only=True)
class StoredWindow:
    """A window as it is stored; ``read_us`` is when its reading began, 0 where an older version did not say."""

    kind: str
    span: Span
    state: State = "todo"
    open: bool = False
    rows: int = 0
    pages: int = 0
    grade: str = ""
    flags: tuple[str, ...] = ()
    attempts: int = 0
    error: str = ""
    read_us: int = 0

    @classmethod
    def read(cls, row: Sequence[Any]) -> StoredWindow:
        """
        Return the window of a row of the table.
        """
        kind, low, high, state, is_open, rows, pages, grade, flags, attempts, error, *read = row
        return cls(
            kind=kind,
            span=Span(low, high),
            state=state,
            open=bool(is_open),
            rows=rows,
            pages=pages,
            grade=grade,
            flags=tuple(flags.split()),
            attempts=attempts,
            error=error,
            read_us=read[0] if read else 0,
        )

    def values(self) -> tuple[Any, ...]:
        """
        Return a row of the table.
        """
        return (
            *(self.kind, self.span.low, self.span.high, self.state, int(self.open), self.rows, self.pages),
            *(self.grade, " ".join(self.flags), self.attempts, self.error, self.read_us),
        )


@attrs.frozen
class Change:
    """
    The changes by committing a window.

    ``new`` rows, how many ``messages`` more there are, rows that came with
    fewer of them than before, and rows ``united`` with what another window gave.
    """

    new: int = 0
    messages: int = 0
    shrunk: int = 0
    united: int = 0
