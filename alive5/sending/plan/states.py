"""
States of a key, and what each allows.

    planned ──► leaving ──► accepted | rejected | not_sent | unknown

A key in "leaving" whose process ended is unknown, and stays so until somebody
resolves it. Only "planned", "rejected" and "not_sent" may leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import attrs

from ..._sansio.events import Event

State = Literal["planned", "leaving", "accepted", "rejected", "not_sent", "unknown"]
Fate = Literal["accepted", "rejected", "not_sent", "unknown"]
Step = Literal["leave", "known", "refuse", "unknown"]

_STEPS: Final[dict[State, Step]] = {
    "planned": "leave",
    "rejected": "leave",
    "not_sent": "leave",
    "accepted": "known",
    "leaving": "refuse",
    "unknown": "unknown",
}
RESOLUTIONS: Final[dict[str, State]] = {"sent": "accepted", "not_sent": "not_sent"}


@attrs.frozen(kw_only=True, repr=False)
class LedgerEntry:
    """
    What a ledger knows of a key.

    ``phone_number_to`` and ``message`` are there with ``keep_text`` alone.
    """

    key: str
    state: State
    changed_at: datetime
    phone_number_to: str | None = None
    message: str | None = None

    def __repr__(self) -> str:
        return f"<LedgerEntry {self.state} {self.changed_at:%Y-%m-%d %H:%M:%S}>"


def step_of(state: State) -> Step:
    """
    Return what a call may do with a key; "leaving" is that of a process that still runs.
    """
    return _STEPS[state]


def fate_of(events: Sequence[Event], *, at_a_wait: bool) -> Fate:
    """
    Return the fate of a send that was interrupted, by its events.

    The last event is of the attempt that was interrupted when no retry follows
    it. *at_a_wait* is whether an interrupt arrives at waits alone, as a
    cancellation does: then an attempt without an event was never begun. A
    Ctrl-C may fall between an answer and its event, which proves nothing.
    """
    last = events[-1] if events else None
    if last is not None and last.retry_delay is None:
        return _FATES.get(last.outcome, "unknown")
    return "not_sent" if at_a_wait else "unknown"


_FATES: Final[dict[str, Fate]] = {"accepted": "accepted", "rejected": "rejected", "not_sent": "not_sent"}
