"""Progress and report of an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import attrs

Grade = Literal["A", "B", "C"]
GRADES: Final[Mapping[str, str]] = {"A": "proven", "B": "read without anomaly", "C": "rows may be missing"}
"""What a grade says."""
Phase = Literal["probing", "fetching", "rendering", "done"]


@attrs.frozen(kw_only=True)
class ExportReport:
    """
    The result of an export.

    ``complete`` is True when every window was read, up to now, and nothing says
    that rows may be missing. ``grade`` is the worst of all windows: "A" proven,
    "B" paged and clean, "C" an anomaly, known to be cut, or not read. ``windows``
    counts them by grade, and those "open" (read before they ended, read again
    next time), "failed" and "todo". ``counts`` holds rows and messages by kind.

    ``as_of`` has the oldest reading of each kind, as ISO 8601 in UTC: what
    changed later may not be in it; None where nothing was read, or an older
    version did not keep it. ``sweep_runs`` says in how many runs all of a kind is
    read again, None without a sweep; ``stale`` names the kinds older than *max_age*.
    """

    complete: bool
    grade: Grade
    windows: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    anomalies: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    path: str = ""
    required: Grade = "B"
    as_of: Mapping[str, str | None] = attrs.field(factory=dict)
    sweep_runs: Mapping[str, int | None] = attrs.field(factory=dict)
    stale: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """The number of windows that could not be read, or not yet."""
        return self.windows.get("failed", 0) + self.windows.get("todo", 0)

    @property
    def exit_code(self) -> int:
        """The exit code of the command line: 0 done, 3 to be resumed, 4 not proven as required, or too old."""
        if self.missing:
            return 3
        return 4 if self.grade > self.required or self.stale else 0

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
            "as_of": dict(self.as_of),
            "sweep_runs": dict(self.sweep_runs),
            "stale": list(self.stale),
        }


@attrs.frozen(kw_only=True)
class ForgetReport:
    """
    The result of forgetting a person, or of a dry run of it.

    ``named_in`` counts other people's conversations that name the person and
    stay as they are. ``others`` are files of the directory that are not the
    export's and were not looked into. ``receipt`` is the file that says what was
    done, without saying to whom. ``resumed`` says that an earlier forgetting had
    been cut off and was finished first.
    """

    conversations: int
    messages: int
    named_in: int
    others: tuple[str, ...] = ()
    receipt: str | None = None
    resumed: bool = False
    dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        """
        Return the report as JSON-ready facts.
        """
        return {**attrs.asdict(self), "others": list(self.others)}


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
