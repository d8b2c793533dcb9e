"""A kind's windows as its review sees them: listed, counted, graded and read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from ... import errors
from ..fetch.recount import count_again
from ..plan.recount import Count
from ..plan.span import Span
from ..plan.window import StoredWindow
from ..state.store import Store
from .backlog import Backlog
from .committer import Committer
from .progress import Progress

# After all windows.
RANK: Final = 1 << 30
# Counts at a time: as many requests as an export has in flight by default.
TOGETHER: Final = 4
NO_ANSWER: Final = (errors.ServerError, errors.ResponseError, errors.TransportError)


@attrs.frozen(eq=False)
class Ledger:
    """
    The windows of one kind in the store, and in the backlog those to be read.
    """

    store: Store
    committer: Committer
    progress: Progress
    kind: str
    backlog: Backlog

    async def windows(self) -> list[StoredWindow]:
        """
        Return all windows, in order.
        """
        return await self.committer.ask(self.store.windows, self.kind)

    async def regrade(self, windows: Sequence[StoredWindow]) -> None:
        """
        Store windows with other grades and anomalies.
        """
        if windows:
            await self.committer.ask(self.store.replan, self.kind, [window.span for window in windows], windows)

    async def read_again(self, old: Sequence[Span], parts: Sequence[Span]) -> None:
        """
        Queue the parts in place of windows that were read.
        """
        if not old:
            return
        await self.committer.ask(
            self.store.replan, self.kind, old, [StoredWindow(kind=self.kind, span=part) for part in parts]
        )
        self.backlog.todo.extend(parts)
        self.progress.kinds[self.kind].seconds_done -= sum(span.seconds for span in old)

    async def count(self, span: Span, rows: int, *, surely: bool = False) -> Count | None:
        """
        Return a period's count; None without an answer: what it was to prove is read again.
        """
        reader = self.backlog.reader
        try:
            count = await count_again(reader.source, reader.habits, span, rows, RANK, surely=surely)
        except NO_ANSWER:
            return None
        reader.is_uneven = reader.is_uneven or count.is_uneven
        return count
