"""How far an export is proven, and as of when: what its report and its manifest say of its windows; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone

import attrs

from ..report import Grade
from . import grades
from .span import DAY
from .upkeep import as_of_us, runs_for_all
from .window import StoredWindow

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@attrs.frozen(kw_only=True)
class Standing:
    """
    What is known of all windows of a job, after a run.

    ``as_of`` has the oldest reading of each kind, None where it is not known or
    nothing was read; ``sweep_runs`` in how many runs all of it is read again;
    ``stale`` the kinds that were read longer ago than the age asked for.
    """

    grade: Grade
    complete: bool
    windows: Mapping[str, int]
    anomalies: tuple[str, ...]
    as_of: Mapping[str, str | None]
    sweep_runs: Mapping[str, int | None]
    stale: tuple[str, ...]


def standing(
    by_kind: Mapping[str, Sequence[StoredWindow]],
    *,
    said: Sequence[str] = (),
    doubts: Sequence[str] = (),
    doubtful: bool = False,
    budget: int | None = 0,
    max_age: float | None = None,
    now: float = 0.0,
) -> Standing:
    """
    Return what is known of the windows by kind.

    *said* are further anomalies; a *doubt* is one by which rows may be missing,
    and *doubtful* says so without a sentence of its own.
    """
    windows = [window for kind in by_kind.values() for window in kind]
    grade: Grade = "C" if doubts or doubtful else grades.worst(windows)
    read = {kind: as_of_us(found) for kind, found in by_kind.items()}
    oldest = None if max_age is None else (now - max_age * DAY) * 1_000_000
    return Standing(
        grade=grade,
        complete=grade != "C",
        windows=grades.tally(windows),
        anomalies=(*grades.anomalies(windows), *said, *doubts),
        as_of={kind: None if moment is None else _text(moment) for kind, moment in read.items()},
        sweep_runs={kind: runs_for_all(found, budget) for kind, found in by_kind.items()},
        stale=tuple(
            kind for kind, found in by_kind.items() if oldest is not None and found and (read[kind] or 0) < oldest
        ),
    )


def _text(moment_us: int) -> str:
    return (_EPOCH + timedelta(microseconds=moment_us)).isoformat(timespec="seconds").replace("+00:00", "Z")
