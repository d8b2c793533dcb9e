"""The end of a period: what is its last instant, and the first after it, however the end was given."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from support.exporting import DAY_MS, FIRST_MS, export, found

from alive5.sandbox import Sandbox

HOUR_MS = 3_600_000
FEBRUARY_MS = FIRST_MS + 31 * DAY_MS
AROUND = (-10 * DAY_MS, -1000, -1, 0, 1, 1000, 5 * DAY_MS)
# Plain days are whole: the first instant of the next day is not theirs. An instant is the last one.
DAYS, INSTANTS = [-10 * DAY_MS, -1000, -1], [-10 * DAY_MS, -1000, -1, 0]


def exported(directory: Path, end_ms: int, *runs: dict[str, Any]) -> list[int]:
    """Export in some runs, and return which rows around an instant came."""
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)
    rows = {sandbox.add("fbm", start_time=end_ms + by)["alive5_sessionID"]: by for by in AROUND}
    for options in runs:
        export(sandbox, directory, kinds=("fbm",), **options)
    return sorted(rows[name] for name in found(directory)["fbm"])


@pytest.mark.parametrize(
    ("options", "end_ms", "expected"),
    [
        ({"end": "2026-01-31"}, FEBRUARY_MS, DAYS),
        ({"end": "2026-01-31", "tz": "America/New_York"}, FEBRUARY_MS + 5 * HOUR_MS, DAYS),
        ({"end": "2026-01-31", "tz": "Asia/Kolkata"}, FEBRUARY_MS - 11 * HOUR_MS // 2, DAYS),
        ({"end": "2026-01-31", "start": "2026-01-01T00:00:00Z"}, FEBRUARY_MS, DAYS),
        ({"end": "2026-01-31T12:00:00Z"}, FEBRUARY_MS - 12 * HOUR_MS, INSTANTS),
        ({"end": datetime(2026, 1, 31, 12, tzinfo=timezone.utc)}, FEBRUARY_MS - 12 * HOUR_MS, INSTANTS),
    ],
)
def test_the_last_instant_of_a_period(
    options: dict[str, Any], end_ms: int, expected: list[int], tmp_path: Path
) -> None:
    assert expected == exported(tmp_path / "out", end_ms, options)


NEW_YORK = {"tz": "America/New_York"}
INSTANT = {"start": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("first", "later", "end_ms", "expected"),
    [
        ({"end": "2026-01-15"}, {"end": "2026-01-31"}, FEBRUARY_MS, DAYS),
        ({"end": "2026-01-15", **NEW_YORK}, {"end": "2026-01-31"}, FEBRUARY_MS + 5 * HOUR_MS, DAYS),
        ({"end": "2026-01-15T00:00:00Z", **INSTANT}, {"end": "2026-01-31"}, FEBRUARY_MS, DAYS),
        ({"end": "2026-01-15", **INSTANT}, {"end": "2026-01-31"}, FEBRUARY_MS, DAYS),
        ({"end": "2026-01-15T00:00:00Z"}, {"end": "2026-01-31"}, FEBRUARY_MS, DAYS),
        ({"end": "2026-01-15", **INSTANT}, {"end": "2026-01-31T00:00:00Z"}, FEBRUARY_MS - DAY_MS, INSTANTS),
    ],
)
def test_the_last_instant_of_a_period_that_was_extended(
    first: dict[str, Any], later: dict[str, Any], end_ms: int, expected: list[int], tmp_path: Path
) -> None:
    assert expected == exported(tmp_path / "out", end_ms, first, {"start": None, "since_last": True, **later})
