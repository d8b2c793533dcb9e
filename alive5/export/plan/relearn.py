"""What a host does otherwise than before, and the windows whose proof stood on it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from .planner import Habits
from .span import Span
from .window import StoredWindow

_SENTENCES: Final = {
    "base": "the server counts pages from another number than before",
    "days": "the server takes an end date for its midnight, which was the end of its day before",
    "paged": "the server has pages where it had none before, or none where it had",
    "size": "the server's pages hold fewer rows than before",
}


def differences(before: Habits, now: Habits) -> list[str]:
    """
    Return the names of the habits that changed; what either side does not know is no change.
    """
    found = {
        "base": None not in (before.base, now.base) and before.base != now.base,
        "days": before.whole_days is True and now.whole_days is False,
        "paged": None not in (before.paged, now.paged) and before.paged != now.paged,
        # A page of all rows there are proves no size.
        "size": 0 < now.size < max(before.size, before.cap),
    }
    return [name for name, differs in found.items() if differs]


def merged(before: Habits, now: Habits) -> Habits:
    """
    Return what is known now, and what was before where it is not: to be compared with in the next run.
    """
    return attrs.evolve(
        now,
        base=before.base if now.base is None else now.base,
        paged=before.paged if now.paged is None else now.paged,
        whole_days=before.whole_days if now.whole_days is None else now.whole_days,
        cap=now.cap or before.cap,
        size=now.size or before.size,
    )


def sentences(kind: str, changed: Iterable[str]) -> list[str]:
    """
    Return a sentence for each habit that changed.
    """
    return [f"{kind}: {_SENTENCES[name]}: what was read under the old rule is read again" for name in changed]


def shaken(windows: Sequence[StoredWindow], changed: Sequence[str], now: Habits) -> list[Span]:
    """
    Return the spans of the windows whose proof stood on what changed, since it may have changed while they were read.
    """
    if "base" in changed or "days" in changed:
        return [window.span for window in windows]
    # Fewer rows than a page has now were whole under either rule.
    return [window.span for window in windows if changed and window.rows >= _full(now)]


def _full(habits: Habits) -> int:
    return habits.size or habits.cap
