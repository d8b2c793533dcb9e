"""Progress and report of an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import attrs

Grade = Literal["A", "B", "C"]
Phase = Literal["probing", "fetching", "rendering", "done"]


@attrs.frozen(kw_only=True)
class ExportReport:
    """
    The result of an export.

    ``complete`` is True when every window was read, up to now. ``grade`` is the
    worst of all windows: "A" proven, "B" paged and clean, "C" an anomaly or
    known to be cut. ``windows`` counts them by grade, and those "open" (read
    before they ended, read again next time), "failed" and "todo". ``counts``
    holds rows and messages by kind.
    """

    complete: bool
    grade: Grade
    windows: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    anomalies: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    path: str = ""
    required: Grade = "B"

    @property
    def exit_code(self) -> int:
        """The exit code of the command line: 0 done, 3 to be resumed, 4 not proven as required."""
        if not self.complete:
            return 3
        return 4 if self.grade > self.required else 0

    def to_dict(self) -> dict[str, Any]:
        """
        Return the report as JSON-ready facts.
        """
        return {
            "complete": self.complete,
            "grade": self.grade,
            "required": self.required,
            "exit_code": self.exit_code,
            "windows": dict(self.windows),
            "counts": {kind: dict(counts) for kind, counts in self.counts.items()},
            "anomalies": list(self.anomalies),
            "files": list(self.files),
            "path": self.path,
        }


@attrs.frozen(kw_only=True)
class ExportProgress:
    """
    The progress of an export; one value a kind, ``kind`` is None for all together.

    ``days_done`` of ``days`` were read; ``limit`` is how many requests may be
    in flight now, ``refusals`` how often the server asked to slow down.
    """

    kind: str | None
    phase: Phase
    days_done: float
    days: float
    conversations: int = 0
    messages: int = 0
    requests: int = 0
    rps: float = 0.0
    in_flight: int = 0
    limit: int = 0
    refusals: int = 0
    eta_seconds: float | None = None


OnProgress = Callable[[ExportProgress], object]
