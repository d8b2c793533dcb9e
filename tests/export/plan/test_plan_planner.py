"""Windows to ask for: tiles without gap or overlap, as wide as fits, never narrower than the unit."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import attrs
import pytest

from alive5.export.plan.planner import WIDEST, Density, Habits, children, halves, pieces, plan
from alive5.export.plan.span import DAY, MINUTE, Span
from alive5.export.plan.window import StoredWindow

DAYS = Habits(paged=True, size=100)
TIMES = Habits(paged=True, size=100, instants=True)
UNPAGED = Habits(paged=False, size=100)


def days(low: int, high: int) -> Span:
    return Span(low * DAY, high * DAY)


def done(low: int, high: int, **facts: Any) -> StoredWindow:
    return StoredWindow(kind="sms", span=days(low, high), **{"state": "done", "grade": "A", **facts})


def shown(windows: list[StoredWindow]) -> list[tuple[str, float, float]]:
    return [(window.state, window.span.low / DAY, window.span.high / DAY) for window in windows]


def widths(spans: list[Span]) -> list[float]:
    return [span.seconds / DAY for span in spans]


@pytest.mark.parametrize(
    ("habits", "page", "unit"),
    [
        (Habits(), 100, DAY),
        (Habits(hoped=400), 400, DAY),
        (Habits(size=50, hoped=400), 50, DAY),
        (Habits(instants=False), 100, DAY),
        (Habits(instants=True), 100, MINUTE),
    ],
)
def test_habits(habits: Habits, page: int, unit: int) -> None:
    assert (page, unit) == (habits.page, habits.unit)


def test_density_weighs_a_window_as_much_as_all_before() -> None:
    first = Density().seen(100, 10)
    assert Density(rate=10.0, known=True) == first
    assert Density(rate=6.0, known=True) == first.seen(20, 10)
    assert Density(rate=5.0, known=True) == Density().seen(5, 0)


@pytest.mark.parametrize(
    ("existing", "again", "expected"),
    [
        ([], [], [("todo", 0, 10)]),
        ([done(0, 10)], [], [("done", 0, 10)]),
        ([done(0, 4)], [], [("done", 0, 4), ("todo", 4, 10)]),
        ([done(0, 12)], [], [("done", 0, 12)]),
        ([done(0, 4), done(4, 10, open=True)], [], [("done", 0, 4), ("todo", 4, 10)]),
        ([done(0, 4), done(4, 10, grade="C")], [], [("done", 0, 4), ("todo", 4, 10)]),
        ([done(0, 4), done(4, 10, grade="B")], [], [("done", 0, 4), ("done", 4, 10)]),
        ([done(0, 2, state="failed"), done(2, 10, state="todo")], [], [("todo", 0, 10)]),
        ([done(0, 10)], [days(3, 5)], [("done", 0, 3), ("todo", 3, 5), ("done", 5, 10)]),
        ([done(0, 10)], [days(0, 10)], [("todo", 0, 10)]),
        ([done(0, 5), done(5, 10)], [days(4, 6)], [("done", 0, 4), ("todo", 4, 6), ("done", 6, 10)]),
        ([done(0, 10)], [days(2, 4), days(3, 6)], [("done", 0, 2), ("todo", 2, 6), ("done", 6, 10)]),
        ([done(0, 10)], [days(10, 12)], [("done", 0, 10)]),
    ],
)
def test_plan(existing: list[StoredWindow], again: list[Span], expected: list[Any]) -> None:
    assert expected == shown(plan(existing, days(0, 10), again, "sms"))


def test_a_plan_of_a_long_time_has_windows_of_a_month() -> None:
    assert [("todo", 0, 31), ("todo", 31, 62), ("todo", 62, 70)] == shown(plan([], days(0, 70), [], "sms"))


def test_parts_of_a_day_are_not_joined() -> None:
    noon = DAY // 2
    existing = [StoredWindow(kind="sms", span=Span(0, noon)), StoredWindow(kind="sms", span=Span(noon, DAY))]
    assert [("todo", 0, 0.5), ("todo", 0.5, 1), ("todo", 1, 3)] == shown(plan(existing, days(0, 3), [], "sms"))


def test_what_is_read_again_keeps_nothing_of_before() -> None:
    tried = done(0, 2, state="failed", attempts=3, error="HTTP 500", flags=("cut",))
    assert [StoredWindow(kind="sms", span=days(0, 2))] == plan([tried], days(0, 2), [], "sms")


@pytest.mark.parametrize("seed", range(200))
def test_a_plan_tiles_the_period_and_keeps_what_is_proven(seed: int) -> None:
    rng = random.Random(seed)
    existing = made_windows(rng)
    span = Span(0, rng.randrange(1, 90) * DAY)
    edges = [sorted(rng.sample(range(90), 2)) for _ in range(rng.randrange(4))]
    again = [days(low, high) for low, high in edges]
    planned = plan(existing, span, again, "sms")
    end = max([span.high, *(window.span.high for window in existing)])
    assert [0, *(window.span.high for window in planned)] == [*(window.span.low for window in planned), end]
    assert all(window.span.seconds <= WIDEST for window in planned if window.state == "todo")
    proven = {
        moment
        for window in existing
        if window.state == "done" and not window.open and window.grade != "C"
        for moment in quarters(window.span)
        if not any(one.low <= moment < one.high for one in again)
    }
    assert proven == {moment for window in planned if window.state == "done" for moment in quarters(window.span)}
    for window in planned:
        if window.state == "done":
            (origin,) = (one for one in existing if one.span.low <= window.span.low < one.span.high)
            assert attrs.evolve(origin, span=window.span) == window


def made_windows(rng: random.Random) -> list[StoredWindow]:
    cuts = [0, *sorted({rng.randrange(1, 320) * DAY // 4 for _ in range(rng.randrange(8))})]
    return [
        StoredWindow(
            kind="sms",
            span=Span(low, high),
            state=rng.choice(("done", "done", "todo", "failed")),
            open=rng.random() < 0.1,
            grade=rng.choice("AABC"),
            rows=rng.randrange(9),
        )
        for low, high in pairwise(cuts)
    ]


def quarters(span: Span) -> range:
    return range(span.low, span.high, DAY // 4)


@pytest.mark.parametrize(
    ("span", "habits", "density", "expected"),
    [
        (days(0, 31), Habits(), Density(), [7, 24]),
        (days(0, 7), Habits(), Density(), [7]),
        (days(0, 5), Habits(), Density(), [5]),
        (days(0, 31), Habits(size=100), Density(), [31]),
        (days(0, 31), DAYS, Density(known=True), [31]),
        (days(0, 31), DAYS, Density(rate=10 / DAY, known=True), [7, 8, 8, 8]),
        (days(0, 8), DAYS, Density(rate=10 / DAY, known=True), [8]),
        # A day holds more than a page: many days are paged together, or each is asked for, or its parts.
        (days(0, 31), DAYS, Density(rate=400 / DAY, known=True), [7, 8, 8, 8]),
        (days(0, 4), UNPAGED, Density(rate=400 / DAY, known=True), [1, 1, 1, 1]),
        (days(0, 1), TIMES, Density(rate=340 / DAY, known=True), [0.25] * 4),
        (Span(0, 10 * MINUTE), TIMES, Density(rate=10, known=True), [MINUTE / DAY] * 10),
        # A page of many: narrower windows would bring more pages that are nearly empty.
        (days(0, 2), DAYS, Density(rate=50 / DAY, known=True), [1, 1]),
        (days(0, 30), DAYS, Density(rate=1e9, known=True), [1] * 30),
    ],
)
def test_pieces(span: Span, habits: Habits, density: Density, expected: list[float]) -> None:
    assert expected == widths(pieces(span, habits, density))


@pytest.mark.parametrize(
    ("span", "habits", "rows", "expected"),
    [
        (days(0, 30), DAYS, 120, [15, 15]),
        (days(0, 30), DAYS, 300, [7, 8, 7, 8]),
        (days(0, 30), DAYS, 6_000, [30]),
        (days(0, 30), DAYS, 9_000, [10, 10, 10]),
        (days(0, 30), UNPAGED, 6_000, [1] * 30),
        (days(0, 1), DAYS, 6_000, [1]),
        (days(0, 1), TIMES, 1e7, [0.25] * 4),
        (days(0, 90), TIMES, 1e9, None),
        (days(0, 30), DAYS, 0, [15, 15]),
    ],
)
def test_children(span: Span, habits: Habits, rows: float, expected: list[float] | None) -> None:
    made = widths(children(span, habits, rows))
    assert made == expected if expected else len(made) == 31


@pytest.mark.parametrize(
    ("span", "habits", "expected"),
    [
        (days(0, 2), DAYS, [1, 1]),
        (days(0, 3), DAYS, [1, 2]),
        (days(0, 1), DAYS, [1]),
        (days(0, 1), TIMES, [0.5, 0.5]),
        (Span(0, MINUTE), TIMES, [MINUTE / DAY]),
        (Span(0, 90), TIMES, [90 / DAY]),
    ],
)
def test_halves(span: Span, habits: Habits, expected: list[float]) -> None:
    assert expected == widths(halves(span, habits))


@pytest.mark.parametrize("seed", range(300))
def test_cuts_tile_their_window_and_are_never_narrower_than_the_unit(seed: int) -> None:
    rng = random.Random(seed)
    habits = Habits(
        paged=rng.choice((None, True, False)),
        instants=rng.choice((None, True, False)),
        size=rng.choice((0, 1, 50, 100)),
        hoped=rng.choice((100, 400)),
    )
    low = rng.randrange(20_000) * DAY
    span = Span(low, low + rng.randrange(1, 100) * rng.choice((MINUTE, DAY)))
    rows = rng.choice((0.0, 1.0, 10.0 ** rng.uniform(0, 8)))
    density = Density(rate=rows / span.seconds, known=rng.random() < 0.8)
    for cut in (pieces(span, habits, density), children(span, habits, rows), halves(span, habits)):
        assert [span.low, *(one.high for one in cut)] == [*(one.low for one in cut), span.high]
        assert len(cut) == 1 or all(one.seconds >= habits.unit for one in cut)
        assert all((one.low - span.low) % habits.unit == 0 for one in cut)
