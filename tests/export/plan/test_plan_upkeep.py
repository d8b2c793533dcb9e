"""Which proven windows are read again, within which budget, and as of when an export is true."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support.counts import seed

from alive5.export.plan import upkeep
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow

HOUR = 3600


def window(low: int, high: int, **facts: Any) -> StoredWindow:
    given = {"state": "done", "grade": "A", "pages": 1, **facts}
    return StoredWindow(kind="sms", span=Span(low * DAY, high * DAY), **given)


def days(spans: list[Span]) -> list[tuple[float, float]]:
    return [(span.low / DAY, span.high / DAY) for span in spans]


WINDOWS = [window(0, 1, read_us=30), window(1, 2, read_us=10, pages=4), window(2, 3, read_us=20), window(3, 4)]


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (0, []),
        # The one of an unknown reading first, then the oldest.
        (1, [(3, 4)]),
        (4, [(3, 4)]),
        (5, [(3, 4), (1, 2)]),
        (6, [(3, 4), (1, 2), (2, 3)]),
        (7, [(3, 4), (1, 2), (2, 3), (0, 1)]),
        (None, [(3, 4), (1, 2), (2, 3), (0, 1)]),
    ],
)
def test_a_sweep_takes_the_oldest_readings_its_budget_allows(budget: int | None, expected: list[Any]) -> None:
    assert days(upkeep.sweep(WINDOWS, [], budget)) == expected


def test_one_window_is_swept_though_it_costs_more_than_the_budget() -> None:
    assert days(upkeep.sweep([window(0, 1, pages=900)], [], 200)) == [(0, 1)]


@pytest.mark.parametrize("facts", [{"state": "todo"}, {"state": "failed"}, {"open": True}, {"grade": "C"}], ids=str)
def test_what_is_to_be_read_anyway_is_not_swept(facts: dict[str, Any]) -> None:
    assert upkeep.sweep([window(0, 1, **facts)], [], None) == []


def test_windows_that_are_read_again_for_another_reason_are_not_swept() -> None:
    assert days(upkeep.sweep(WINDOWS, [Span(int(1.5 * DAY), 3 * DAY)], None)) == [(3, 4), (0, 1)]


@pytest.mark.parametrize(("budget", "runs"), [(0, None), (None, 1), (1, 7), (3, 3), (7, 1), (200, 1)])
def test_in_how_many_runs_all_is_swept(budget: int | None, runs: int | None) -> None:
    assert upkeep.runs_for_all([*WINDOWS, window(4, 5, state="todo", pages=50)], budget) == runs


def test_a_sweep_reads_every_window_in_as_many_runs_as_said() -> None:
    rng = random.Random(seed())
    for _ in range(50):
        windows = [window(day, day + 1, read_us=rng.randrange(5), pages=rng.randrange(1, 9)) for day in range(30)]
        budget = rng.randrange(9, 60)
        said = upkeep.runs_for_all(windows, budget)
        assert said is not None
        read = set()
        # A night ends before a window that does not fit, so some take a little less than their budget.
        for now in range(10, 10 + 2 * said):
            chosen = upkeep.sweep(windows, [], budget)
            read |= set(chosen)
            windows = [
                window(one.span.low // DAY, one.span.high // DAY, read_us=now, pages=one.pages)
                if one.span in chosen
                else one
                for one in windows
            ]
        assert len(read) == 30


@pytest.mark.parametrize(
    ("windows", "expected"),
    [([], None), (WINDOWS, None), (WINDOWS[:3], 10), ([window(0, 1, state="todo", read_us=7)], None)],
)
def test_as_of_is_the_oldest_reading_and_none_when_one_is_not_known(
    windows: list[StoredWindow], expected: int | None
) -> None:
    assert upkeep.as_of_us(windows) == expected


def us(day: float) -> int:
    return int(day * DAY) * 1_000_000


@pytest.mark.parametrize(
    ("starts", "whole", "single"),
    [
        ({}, [], set()),
        ({"a": us(5.1)}, [(4, 6)], set()),
        # The days of a host may be of any zone: two windows may hold it, and one request for it costs less.
        ({"a": us(5.9)}, [], {"a"}),
        # The window before is read for another one, which leaves one request.
        ({"a": us(12.4), "b": us(11.1), "c": us(12.3), "d": us(14.1)}, [(11, 13), (13, 15)], set()),
        # Three in a window of three pages; two cost less than those.
        ({"a": us(7.2), "b": us(7.3), "c": us(7.4)}, [(6, 9)], set()),
        ({"a": us(7.2), "b": us(7.3)}, [], {"a", "b"}),
        ({"a": us(90)}, [], {"a"}),
    ],
)
def test_touched_conversations_are_read_by_window_or_one_by_one(
    starts: dict[str, int], whole: list[Any], single: set[str]
) -> None:
    windows = [window(0, 4, pages=9), window(4, 6), window(6, 9, pages=3), window(11, 13), window(13, 15)]
    spans, alone = upkeep.touched_windows(starts, windows)
    assert (days(spans), alone) == (whole, single)


@pytest.mark.parametrize(
    ("windows", "followed", "expected"),
    [
        ([], None, 5),
        ([window(6, 7, read_us=us(10))], None, 8),
        ([window(6, 7, read_us=us(10))], 20, 18),
        ([window(6, 7, read_us=us(6))], None, 5),
        ([window(6, 7)], None, 5),
    ],
)
def test_the_feed_is_read_from_before_its_last_reading(
    windows: list[StoredWindow], followed: int | None, expected: int
) -> None:
    since = None if followed is None else us(followed)
    assert upkeep.feed_start(windows, since, 5 * DAY) == expected * DAY
