"""Spans: how they are shown, asked for and cut, and days and months as numbers."""

from __future__ import annotations

import random
from datetime import date, datetime, timezone
from itertools import pairwise

import pytest

from alive5.export.plan.span import (
    DAY,
    END_OF_TIME,
    MINUTE,
    Span,
    day_of,
    day_span,
    day_start,
    floor_day,
    month_of,
    month_span,
)

HOUR = 3600
FAR_US = 26 * HOUR * 1_000_000


@pytest.mark.parametrize(
    ("span", "text", "asked"),
    [
        (Span(0, DAY), "1970-01-01", ("01-01-1970", "01-01-1970")),
        (Span(0, 2 * DAY), "1970-01-01..1970-01-02", ("01-01-1970", "01-02-1970")),
        (Span(-DAY, 0), "1969-12-31", ("12-31-1969", "12-31-1969")),
        (
            Span(HOUR, DAY),
            "1970-01-01T01:00:00Z..1970-01-02T00:00:00Z",
            ("01-01-1970 01:00:00", "01-02-1970 00:00:00"),
        ),
        (
            Span(DAY, DAY + 61),
            "1970-01-02T00:00:00Z..1970-01-02T00:01:01Z",
            ("01-02-1970 00:00:00", "01-02-1970 00:01:01"),
        ),
    ],
)
def test_how_it_is_written(span: Span, text: str, asked: tuple[str, str]) -> None:
    assert text == str(span)
    assert {"start": asked[0], "end": asked[1]} == span.arguments()


def test_near_is_as_far_as_two_time_zones_lie_apart() -> None:
    assert (DAY * 1_000_000 - FAR_US, 2 * DAY * 1_000_000 + FAR_US) == Span(DAY, 2 * DAY).near_us()


@pytest.mark.parametrize(
    ("span", "starts", "expected"),
    [
        (Span(0, DAY), [5 * DAY], False),
        (Span(HOUR, 2 * HOUR), [], False),
        (Span(HOUR, 2 * HOUR), [None], False),
        (Span(HOUR, 2 * HOUR), [HOUR - MINUTE, 2 * HOUR + MINUTE], False),
        (Span(HOUR, 2 * HOUR), [HOUR, HOUR - MINUTE - 1], True),
        (Span(HOUR, 2 * HOUR), [2 * HOUR + MINUTE + 1], True),
    ],
)
def test_are_astray(span: Span, starts: list[int | None], expected: bool) -> None:
    assert expected == span.are_astray(None if start is None else start * 1_000_000 for start in starts)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ([], [(0, 9)]),
        ([0, 9, -1, 12], [(0, 9)]),
        ([6, 3, 6], [(0, 3), (3, 6), (6, 9)]),
        ([8, 0, 1], [(0, 1), (1, 8), (8, 9)]),
    ],
)
def test_cut(at: list[int], expected: list[tuple[int, int]]) -> None:
    assert [Span(*one) for one in expected] == Span(0, 9).cut(at)


@pytest.mark.parametrize("seed", range(50))
def test_cuts_leave_no_gap(seed: int) -> None:
    rng = random.Random(seed)
    whole = Span(rng.randrange(-50, 0), rng.randrange(1, 50))
    made = whole.cut([rng.randrange(-60, 60) for _ in range(rng.randrange(20))])
    assert (whole.low, whole.high) == (made[0].low, made[-1].high)
    assert all(before.high == after.low for before, after in pairwise(made))
    assert whole.seconds == sum(one.seconds for one in made)
    assert all(one.seconds > 0 for one in made)


@pytest.mark.parametrize(
    ("day", "number"), [(date(1970, 1, 1), 0), (date(1969, 12, 31), -1), (date(2024, 3, 1), 19_783)]
)
def test_days(day: date, number: int) -> None:
    assert number * DAY == day_start(day)
    assert [day, day] == [day_of(number * DAY), day_of(number * DAY + DAY - 1)]
    assert Span(number * DAY, (number + 1) * DAY) == day_span(day, day)
    assert [number * DAY] * 2 == [floor_day(number * DAY), floor_day(number * DAY + DAY - 0.001)]


@pytest.mark.parametrize(
    ("month", "low", "high"),
    [
        ("1970-01", 0, 31 * DAY),
        ("1969-12", -31 * DAY, 0),
        ("2024-02", day_start(date(2024, 2, 1)), day_start(date(2024, 3, 1))),
        ("2025-12", day_start(date(2025, 12, 1)), day_start(date(2026, 1, 1))),
        ("0001-01", day_start(date(1, 1, 1)), day_start(date(1, 2, 1))),
    ],
)
def test_months(month: str, low: int, high: int) -> None:
    assert (low * 1_000_000, high * 1_000_000) == month_span(month)
    assert [month, month] == [month_of(low * 1_000_000), month_of(high * 1_000_000 - 1)]


def test_the_last_month_of_all_has_no_end() -> None:
    assert (day_start(date(9999, 12, 1)) * 1_000_000, END_OF_TIME) == month_span("9999-12")


@pytest.mark.parametrize("seed", range(100))
def test_a_moment_lies_in_its_month(seed: int) -> None:
    oldest, newest = datetime(1, 1, 1, tzinfo=timezone.utc), datetime(9999, 12, 31, tzinfo=timezone.utc)
    moment = random.Random(seed).randrange(int(oldest.timestamp()), int(newest.timestamp())) * 1_000_000
    low, high = month_span(month_of(moment))
    assert low <= moment < high
    assert month_of(low) == month_of(moment)
