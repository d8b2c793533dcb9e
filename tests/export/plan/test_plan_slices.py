"""A period is divided into whole days that follow each other."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import attrs
import pytest

from alive5._sansio.window import read_window
from alive5.export.plan.job import Job, make_job
from alive5.export.plan.slices import Slice, divided, shares
from alive5.export.plan.span import day_start

NOW = day_start(date(2026, 6, 1)) + 3600.0


def job(start: str, end: str | None) -> Job:
    return make_job(read_window(start, end, None), ("livechat", "sms"), "account", None)


@pytest.mark.parametrize(
    ("start", "end", "parts", "names"),
    [
        ("2026-01-01", "2026-01-04", 1, ["2026-01-01..2026-01-04"]),
        ("2026-01-01", "2026-01-04", 2, ["2026-01-01..2026-01-02", "2026-01-03..2026-01-04"]),
        ("2026-01-01", "2026-01-03", 2, ["2026-01-01..2026-01-01", "2026-01-02..2026-01-03"]),
        ("2026-01-01", "2026-01-02", 9, ["2026-01-01..2026-01-01", "2026-01-02..2026-01-02"]),
        ("2026-05-31", None, 9, ["2026-05-31..2026-05-31", "2026-06-01..2026-06-01"]),
    ],
)
def test_days_are_divided(start: str, end: str | None, parts: int, names: list[str]) -> None:
    pieces = [Slice(job=part, facts={}) for part in divided(job(start, end), "sms", parts, NOW)]
    assert [f"sms {name}" for name in names] == [str(piece) for piece in pieces]
    assert {("sms", False)} == {(piece.kind, piece.job.exact) for piece in pieces}
    assert all(former.job.bounds[1] == later.job.bounds[0] for former, later in pairwise(pieces))


def test_a_slice_without_an_end_is_named_by_its_start() -> None:
    assert "sms 2026-05-31.." == str(Slice(job=attrs.evolve(job("2026-05-31", None), kinds=("sms",)), facts={}))


def test_exact_bounds_are_kept_to_the_microsecond() -> None:
    whole = job("2026-01-01T10:00:00.000001Z", "2026-01-03T09:00:00.5Z")
    pieces = list(divided(whole, "sms", 3, NOW))
    assert (whole.bounds[0], whole.bounds[1]) == (pieces[0].bounds[0], pieces[-1].bounds[1])
    assert [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)] == [
        date.fromordinal(one.first.toordinal() + 1) for one in pieces
    ]
    assert all(one.exact and former.upper_us == one.lower_us for former, one in pairwise(pieces))


@pytest.mark.parametrize(
    ("rates", "slices", "expected"),
    [
        ({"livechat": 3.0, "sms": 1.0}, 8, {"livechat": 6, "sms": 2}),
        ({"livechat": 99.0, "sms": 0.0}, 8, {"livechat": 8, "sms": 1}),
        ({"livechat": 0.0, "sms": 0.0}, 8, {"livechat": 4, "sms": 4}),
        ({}, 8, {}),
    ],
)
def test_a_kind_gets_slices_by_its_rows(rates: dict[str, float], slices: int, expected: dict[str, int]) -> None:
    assert expected == shares(rates, slices)
