"""Grades: what makes a window proven, clean or doubtful, and how far a job is complete."""

from __future__ import annotations

from typing import Any

import pytest

from alive5.export.plan.grades import (
    FATAL,
    anomalies,
    complete_through,
    grade_of,
    looks_like_limit,
    second_look,
    tally,
    worst,
)
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow
from alive5.export.report import ExportReport


def window(low: int = 0, high: int = 1, **facts: Any) -> StoredWindow:
    return StoredWindow(
        kind="sms", span=Span(low * DAY, high * DAY), **{"state": "done", "grade": "A", "rows": 1, **facts}
    )


A, B, C = (window(grade=grade) for grade in "ABC")
OPEN, FAILED, TODO = window(open=True), window(state="failed", grade=""), window(state="todo", grade="")


@pytest.mark.parametrize("flag", sorted(FATAL))
@pytest.mark.parametrize("proven", [False, True])
def test_a_fatal_flag_is_a_c(flag: str, proven: bool) -> None:
    assert "C" == grade_of(("short_page", flag), proven=proven)


@pytest.mark.parametrize(
    ("flags", "proven", "expected"),
    [((), True, "A"), ((), False, "B"), (("short_page",), True, "A"), (("short_page",), False, "B")],
)
def test_grade_of(flags: tuple[str, ...], proven: bool, expected: str) -> None:
    assert expected == grade_of(flags, proven=proven)


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([], "A"),
        ([A, A], "A"),
        ([A, B], "B"),
        ([C, A, B], "C"),
        # What was not read is not proven, whatever it was before.
        ([B, window(state="failed", grade="A")], "C"),
        ([A, TODO], "C"),
    ],
)
def test_worst(windows: list[StoredWindow], expected: str) -> None:
    assert expected == worst(windows)


def test_tally_counts_each_window_once() -> None:
    counted = tally([A, A, B, C, OPEN, FAILED, TODO, TODO])
    assert {"A": 2, "B": 1, "C": 1, "open": 1, "failed": 1, "todo": 2} == counted
    assert {"A": 0, "B": 0, "C": 0, "open": 0, "failed": 0, "todo": 0} == tally([])


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (A, []),
        (window(state="failed", error="HTTP 500"), ["sms 1970-01-01: HTTP 500"]),
        (window(0, 2, flags=("hole",)), ["sms 1970-01-01..1970-01-02: an empty page stood between others"]),
        (window(flags=("made_up",)), ["sms 1970-01-01: made_up"]),
        (window(state="todo", flags=("hole",)), []),
        (window(state="failed", error="gone", flags=("hole",)), ["sms 1970-01-01: gone"]),
        (window(flags=("uncounted",), open=True), []),
        (window(flags=("uncounted", "hole"), open=True), ["sms 1970-01-01: an empty page stood between others"]),
    ],
)
def test_anomalies(one: StoredWindow, expected: list[str]) -> None:
    assert expected == anomalies([one])


@pytest.mark.parametrize("flag", [*sorted(FATAL), "short_page"])
def test_each_flag_has_a_sentence(flag: str) -> None:
    (said,) = anomalies([window(flags=(flag,))])
    assert flag != said.removeprefix("sms 1970-01-01: ")


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([], 0),
        ([window(0, 2), window(2, 5, grade="B")], 5),
        ([window(0, 2), window(3, 5)], 2),
        ([window(0, 2), window(2, 3, grade="C"), window(3, 5)], 2),
        ([window(0, 2), window(2, 3, open=True)], 2),
        ([window(0, 2), window(2, 3, state="failed")], 2),
        ([window(1, 2)], 0),
    ],
)
def test_complete_through(windows: list[StoredWindow], expected: int) -> None:
    assert expected * DAY == complete_through(windows, 0)


def b(rows: int, day: int = 0, **facts: Any) -> StoredWindow:
    return window(day, day + 1, grade="B", rows=rows, **facts)


@pytest.mark.parametrize(
    ("windows", "largest", "proven", "doubtful"),
    [
        ([b(10), b(37)], 37, [10], [37]),
        ([b(10), b(37), b(37)], 37, [10], [37, 37]),
        ([b(10), b(20), window(rows=20)], 20, [10], [20, 20]),
        ([b(10), window(rows=20, grade="C"), window(rows=0)], 0, [], [10]),
        ([b(10), window(rows=37, state="failed"), b(37)], 37, [10], [37]),
        ([window(rows=5), b(5, flags=("cut",)), b(5, state="todo")], 50, [], []),
        ([], 0, [], []),
    ],
)
def test_second_look(windows: list[StoredWindow], largest: int, proven: Any, doubtful: Any) -> None:
    assert (proven, doubtful) == tuple([one.rows for one in some] for some in second_look(windows, largest))


@pytest.mark.parametrize(("largest", "doubtful"), [(41, [37, 37]), (42, []), (37, [37, 37])])
def test_a_little_less_than_the_largest_may_be_cut_where_pages_moved(largest: int, doubtful: list[int]) -> None:
    windows = [b(10), b(37), b(33), b(37)]
    assert doubtful == [one.rows for one in second_look(windows, largest, paged=True)[1]]
    assert [40, 37] == [one.rows for one in second_look([b(37), b(40)], 41, paged=True)[1]]


def test_a_limit_may_be_one_of_conversations() -> None:
    windows = [b(30), b(26, 1), b(24, 2)]
    conversations = {30: 20, 26: 20, 24: 19}
    measure = {"size": lambda window: conversations[window.rows]}
    assert ([windows[2]], windows[:2]) == second_look(windows, 20, **measure)
    assert looks_like_limit(windows, 20, sure_limit=False, **measure)
    assert ([*windows[1:]], windows[:1]) == second_look(windows, 30)
    assert not looks_like_limit(windows, 30, sure_limit=False)


@pytest.mark.parametrize(
    ("windows", "largest", "sure", "expected"),
    [
        ([b(10), b(37)], 37, False, False),
        # Numbers servers are fond of, or two answers of the same size, look like a limit.
        ([b(10), b(100)], 100, False, True),
        ([b(10), b(37), b(37, 1)], 37, False, True),
        ([b(10), b(19), b(19, 1)], 19, False, False),
        ([b(10), b(20, 1), window(rows=20)], 20, False, True),
        # Parts of one day, on a host that ignores the time.
        ([b(10), b(37), b(37)], 37, False, False),
        ([b(10), b(37)], 37, True, True),
        ([b(10), window(rows=37, state="failed"), b(37)], 37, False, False),
        # A new account's only conversation, which the day after shows as well; a third day with one is no accident.
        ([window(0, 1), window(1, 2)], 1, True, False),
        ([window(0, 1), window(1, 2), window(2, 3)], 1, True, True),
    ],
)
def test_what_looks_like_a_limit(windows: list[StoredWindow], largest: int, sure: bool, expected: bool) -> None:
    assert looks_like_limit(windows, largest, sure_limit=sure) is expected


@pytest.mark.parametrize(
    ("facts", "grade", "required", "expected"),
    [
        ({}, "A", "B", 0),
        ({}, "B", "B", 0),
        ({}, "C", "B", 4),
        ({}, "B", "A", 4),
        ({}, "C", "C", 0),
        ({"windows": {"A": 1, "todo": 1}}, "C", "C", 3),
        ({"windows": {"A": 1, "failed": 2}}, "C", "A", 3),
        ({"stale": ("sms",)}, "A", "B", 4),
    ],
)
def test_exit_codes(facts: dict[str, Any], grade: Any, required: Any, expected: int) -> None:
    given: dict[str, Any] = {"windows": {"A": 1}, "counts": {"sms": {"n": 2}}, "complete": grade != "C", **facts}
    report = ExportReport(grade=grade, required=required, **given)
    assert expected == report.exit_code == report.to_dict()["exit_code"]
    assert (given["windows"], {"sms": {"n": 2}}) == (report.to_dict()["windows"], report.to_dict()["counts"])
