"""Counts of a running export, and their reports to ``progress``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Final

import attrs

from ..fetch.limiter import Limiter
from ..plan.span import DAY, Span
from ..report import ExportProgress, OnProgress, Phase

logger: logging.Logger = logging.getLogger("alive5")

# A bar looks smooth at ten frames a second, and a callback costs nothing beside the requests.
_EVERY_SECONDS: Final = 0.1


@attrs.define
class KindProgress:
    """
    The counts of one kind: what the export holds of it, and rows ``in_hand`` of windows that are being read.

    Windows read ``again`` have rows that are there already.
    """

    seconds: float = 0.0
    seconds_done: float = 0.0
    conversations: int = 0
    messages: int = 0
    in_hand: dict[Span, int] = attrs.field(factory=dict)
    again: Collection[Span] = ()

    @property
    def found(self) -> int:
        """The number of conversations so far."""
        return self.conversations + sum(count for span, count in self.in_hand.items() if span not in self.again)


@attrs.define(eq=False)
class Progress:
    """
    The counts of all kinds; ``progress`` is called ten times a second at most, and what it raises is logged.
    """

    limiter: Limiter
    now: Callable[[], float]
    progress: OnProgress | None
    kinds: dict[str, KindProgress] = attrs.field(factory=dict)
    phase: Phase = "probing"
    _begun: float | None = None
    _before: float = 0.0
    _reported: float = float("-inf")

    def notify(self, *, at_once: bool = False) -> None:
        """
        Call ``progress`` when it is due, or *at_once*.
        """
        if self.progress is None:
            return
        now = self.now()
        if self._begun is None or self.phase == "probing":
            self._begun, self._before = now, sum(one.seconds_done for one in self.kinds.values())
        if not at_once and now - self._reported < _EVERY_SECONDS:
            return
        self._reported = now
        try:
            for kind, counts in self.kinds.items():
                self.progress(self._value(kind, counts, now - self._begun))
        except Exception as error:  # noqa: BLE001 - a callback must not break an export
            logger.error("progress raised %s", type(error).__name__)

    def begin(self, kind: str, counts: Mapping[str, int]) -> None:
        """
        Begin a kind with what the export holds of it.
        """
        self.kinds[kind] = KindProgress(conversations=counts["conversations"], messages=counts["messages"])

    def enter(self, phase: Phase) -> None:
        """
        Enter a phase.
        """
        self.phase = phase
        self.notify(at_once=True)

    def finish(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """
        End with what the export holds, of earlier runs, too.
        """
        for kind, found in counts.items():
            if kind in self.kinds:
                self.kinds[kind].in_hand.clear()
                self.kinds[kind].conversations = found["conversations"]
                self.kinds[kind].messages = found["messages"]
        self.enter("done")

    def _value(self, kind: str, counts: KindProgress, passed: float) -> ExportProgress:
        done = sum(one.seconds_done for one in self.kinds.values())
        all_of_it = sum(one.seconds for one in self.kinds.values())
        # What earlier runs did says nothing of how fast this one is.
        fresh = done - self._before
        left = passed * (all_of_it - done) / fresh if fresh > 0 else None
        limiter = self.limiter
        return ExportProgress(
            kind=kind,
            phase=self.phase,
            days_done=counts.seconds_done / DAY,
            days=counts.seconds / DAY,
            conversations=counts.found,
            messages=counts.messages,
            requests=limiter.requests,
            rps=limiter.requests / passed if passed > 0 else 0.0,
            in_flight=limiter.in_flight,
            limit=int(limiter.limit),
            refusals=limiter.refusals,
            eta_seconds=0.0 if self.phase == "done" else left,
        )
