"""Which windows a limit of answers may have cut, when the largest was read while rows moved."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

import attrs
import pytest

from alive5.export.engine.backlog import Backlog
from alive5.export.engine.ledger import Ledger
from alive5.export.engine.limits import LimitReview
from alive5.export.fetch.evidence import DateEvidence
from alive5.export.fetch.paging import Page
from alive5.export.plan.planner import Density, Habits
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow
from alive5.export.rows.blocks import Block
from alive5.export.rows.encode import Encoded

HABITS = Habits(base=1, paged=True, size=10, cap=10, whole_days=True, instants=False)


@attrs.define
class Host:
    """A host that gives so many rows of any period at most, on pages of ten."""

    limit: int
    base: int = 1
    route: Any = attrs.field(factory=lambda: SimpleNamespace(may_be_whole=False))

    async def together(self, fn: Callable[[int], Awaitable[Page]], items: Sequence[int]) -> list[Page]:
        return [await fn(item) for item in items]

    async def page(self, span: Span, number: int, rank: int, **facts: Any) -> Page:
        numbers = range(self.limit)[number * 10 - 10 :][:10]
        return Page(number, [Encoded(str(n), n, 0, 0, 0, b"", 0, 0, Block(b"")) for n in numbers])


@attrs.define
class Stored:
    """Windows as a ledger has them, and what was asked of it."""

    backlog: Backlog
    known: list[StoredWindow]
    again: list[Span] = attrs.field(factory=list)
    graded: list[StoredWindow] = attrs.field(factory=list)

    async def windows(self) -> list[StoredWindow]:
        return self.known

    async def read_again(self, spans: Sequence[Span], parts: Sequence[Span]) -> None:
        self.again += spans

    async def regrade(self, windows: Sequence[StoredWindow]) -> None:
        self.graded += windows


def stored(limit: int, *windows: tuple[int, int, int]) -> Stored:
    """
    Return the ledger of windows, given as days and rows, of a host that seemed to give 78 rows once.
    """
    reader: Any = SimpleNamespace(
        habits=HABITS, accept=False, prove=False, careful={}, evidence=DateEvidence(), source=Host(limit)
    )
    known = [
        StoredWindow(kind="sms", span=Span(low * DAY, high * DAY), state="done", grade="B", rows=rows)
        for low, high, rows in windows
    ]
    backlog = Backlog(reader, Density(), deque(), fresh={window.span for window in known})
    backlog.by_rows.largest = 78
    return Stored(backlog, known)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("limit", "again"),
    [
        # 77 at a time: the window of 78 was read while a row moved, and all of 77 may be cut.
        (77, [(4, 6), (2, 4)]),
        (200, []),
    ],
)
async def test_a_window_read_while_rows_moved_clears_no_other(limit: int, again: list[tuple[int, int]]) -> None:
    ledger = stored(limit, (0, 2, 60), (2, 4, 75), (4, 6, 77))
    assert bool(again) == await LimitReview(cast(Ledger, ledger)).finds_more()
    assert [Span(low * DAY, high * DAY) for low, high in again] == ledger.again


@pytest.mark.anyio
async def test_a_day_below_what_came_at_one_moment_is_not_cut() -> None:
    ledger = stored(77, (0, 1, 60), (1, 2, 75), (2, 3, 77))
    assert not await LimitReview(cast(Ledger, ledger)).finds_more()
    assert [(77, ("cut",))] == [(window.rows, window.flags) for window in ledger.graded]
