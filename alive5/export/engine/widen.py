"""Further days to read where a host does not go by the start of a conversation."""

from __future__ import annotations

from collections.abc import Mapping

from ..plan.planner import plan
from ..state.store import Store
from .backlog import Backlog
from .committer import Committer
from .progress import Progress


async def widen(
    kind: str, backlogs: Mapping[str, Backlog], committer: Committer, store: Store, progress: Progress
) -> bool:
    """
    Add the days up to the present, in which a conversation of the period may end; return whether there are some.

    The rows of any kind tell: a kind with few may hold none that shows it.
    """
    backlog = backlogs[kind]
    beyond = backlog.beyond
    if beyond is None or backlog.reader.accept or all(each.reader.evidence.is_by_start for each in backlogs.values()):
        return False
    backlog.beyond = None
    # Not the windows before: one that is not committed yet would be taken for a part of these days.
    known = [window for window in await committer.ask(store.windows, kind) if window.span.low >= beyond.low]
    todo = [window for window in plan(known, beyond, [], kind) if window.state == "todo"]
    spans = [window.span for window in todo]
    await committer.ask(store.replan, kind, spans, todo)
    backlog.todo.extend(spans)
    progress.kinds[kind].seconds += sum(span.seconds for span in spans)
    return bool(spans)
