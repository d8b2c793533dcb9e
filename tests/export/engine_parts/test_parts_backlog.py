"""A kind's queue: what comes next, cut into parts first, and what comes after all others."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from alive5.export.engine.backlog import Backlog
from alive5.export.fetch.evidence import DateEvidence
from alive5.export.plan.planner import Density, Habits, children
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import FetchedWindow, StoredWindow
from alive5.export.rows.blocks import Block
from alive5.export.rows.encode import Encoded

NOON = DAY // 2
TEN_A_DAY = Density(rate=10 / DAY, known=True)


def backlog(
    *spans: tuple[float, float], habits: Habits | None = None, density: Density | None = None, **facts: Any
) -> Backlog:
    reader: Any = SimpleNamespace(
        habits=habits or Habits(paged=True, size=100, whole_days=facts.pop("whole_days", True)),
        accept=facts.pop("accept", False),
        careful=facts.pop("careful", {}),
        evidence=DateEvidence(by_end=facts.pop("by_end", False)),
    )
    return Backlog(reader, density or TEN_A_DAY, todo=deque(days(*spans)), **facts)


def take(made: Backlog) -> tuple[list[Span], list[Span]]:
    """
    Take as an engine does, which queues the parts once they are stored.
    """
    taken, parts = made.take()
    made.put_back(parts[1:])
    return taken, parts


def days(*spans: tuple[float, float]) -> list[Span]:
    return [Span(int(low * DAY), int(high * DAY)) for low, high in spans]


def test_parts_of_a_window_wait_before_the_others() -> None:
    made = backlog((0, 16), (16, 20))
    assert (days((0, 16)), days((0, 8), (8, 16))) == take(made)
    assert days((8, 16), (16, 20)) == list(made.todo)
    assert (days((8, 16)), days((8, 16))) == take(made)
    assert (days((16, 20)), days((16, 20))) == take(made)
    assert not made.has_work


def test_parts_are_read_from_the_oldest_on() -> None:
    made = backlog((0, 31), (31, 32))
    edges = (0, 7, 15, 23, 31, 32)
    assert days(*pairwise(edges)) == [take(made)[1][0] for _ in edges[1:]]


@pytest.mark.parametrize(
    "facts", [{"accept": True}, {"attempts": {Span(0, 16 * DAY): 1}}, {"careful": {Span(0, 16 * DAY): 7}}]
)
def test_not_cut_where_dates_are_ignored_or_it_was_read_before(facts: dict[str, Any]) -> None:
    made = backlog((0, 16), **facts)
    assert (days((0, 16)), days((0, 16))) == take(made)


def test_later_ones_come_last_and_uncut() -> None:
    made = backlog((0, 1), later=deque(days((5, 30))))
    assert days((0, 1)) == take(made)[1]
    assert made.has_work
    assert (days((5, 30)), days((5, 30))) == take(made)
    assert not made.has_work


@pytest.mark.parametrize(
    ("instants", "spans", "gone"),
    [
        (False, [(0, 0.25), (0.25, 0.5), (0.5, 1), (1, 2)], [(0, 0.25), (0.25, 0.5), (0.5, 1)]),
        (False, [(0, 0.5), (0.75, 1)], [(0, 0.5)]),
        (False, [(0.5, 1), (1, 2)], [(0.5, 1)]),
        (False, [(0, 0.5)], [(0, 0.5)]),
        (True, [(0, 0.5), (0.5, 1)], [(0, 0.5)]),
        (None, [(0, 0.5), (0.5, 1)], [(0, 0.5)]),
    ],
)
def test_parts_of_a_day_come_as_one_again_once_times_of_day_are_ignored(
    instants: bool | None, spans: list[Any], gone: list[Any]
) -> None:
    made = backlog(*spans, habits=Habits(size=100, paged=True, instants=instants))
    assert (days(*gone), [Span(int(gone[0][0] * DAY), int(gone[-1][1] * DAY))]) == take(made)
    assert len(spans) - len(gone) == len(made.todo)


@pytest.mark.parametrize(
    ("paged", "density", "expected"),
    [(True, TEN_A_DAY, 20), (None, TEN_A_DAY, 20), (False, TEN_A_DAY, 0), (True, Density(), 0)],
)
def test_expects(paged: bool | None, density: Density, expected: int) -> None:
    made = backlog(habits=Habits(paged=paged), density=density)
    assert expected == made.expects(Span(0, 2 * DAY))


@pytest.mark.parametrize(
    ("flags", "expected"), [((), 20 / DAY), (("short_page",), 20 / DAY), (("short_page", "moved"), 10 / DAY)]
)
def test_density_is_learned_of_windows_that_lay_still(flags: tuple[str, ...], expected: float) -> None:
    made = backlog()
    made.learn(FetchedWindow(kind="sms", span=Span(0, NOON), rows=[], observed_us=0, count=15, flags=flags))
    assert pytest.approx(expected) == made.density.rate


def test_nobody_takes_a_part_before_it_is_stored() -> None:
    made = backlog((0, 1))
    made.is_held = True
    assert not made.has_work
    made.is_held = False
    assert made.has_work


def test_what_was_joined_and_cut_again_is_read_in_parts() -> None:
    # Cut at other times than midnight while times of day seemed honoured, as in winter in London.
    habits = Habits(size=20, paged=True, instants=False)
    made = backlog((0.5, 1.25), (1.25, 2.5), (2.5, 4), habits=habits, density=Density(rate=4 / DAY, known=True))
    handed: list[Span] = []
    while made.todo:
        span = take(made)[1][0]
        handed.append(span)
        assert len(handed) < 20, "for ever"
        if len(parts := children(span, habits, 100)) > 1:
            made.put_back(parts)
    assert max(map(handed.count, handed)) <= 2
    assert (NOON, 4 * DAY) == (min(span.low for span in handed), max(span.high for span in handed))


@pytest.mark.parametrize(
    ("facts", "ids", "expected"),
    [
        ({}, ("ab", "bc"), 4),
        ({}, (), 4),
        ({"whole_days": False}, ("ab", "bc"), 4),
        ({"whole_days": None}, ("ab", "bc"), 3),
        ({"whole_days": None}, ("ab",), None),
        ({"by_end": True}, ("ab", "bc"), 3),
    ],
)
def test_windows_that_may_overlap_are_counted_by_their_ids(
    facts: dict[str, Any], ids: tuple[str, ...], expected: int | None
) -> None:
    made = backlog(**facts)
    spans = days((0, 1), (1, 2))
    for span, names in zip(spans, ids, strict=False):
        made.learn(
            FetchedWindow(kind="sms", span=span, rows=[], observed_us=0, count=2, deliveries=set(map(hash, names)))
        )
    assert expected == made.together([StoredWindow(kind="sms", span=span, rows=2) for span in spans])


@pytest.mark.parametrize(
    ("instants", "middle", "expected"), [(False, 0.5, None), (None, 0.5, None), (True, 0.5, 4), (False, 1, 4)]
)
def test_parts_of_a_day_have_no_sum_where_the_time_is_ignored(
    instants: bool | None, middle: float, expected: int | None
) -> None:
    """Both hold rows of that day: a count agreed with rows counted twice for some that were missing."""
    made = backlog(habits=Habits(instants=instants, whole_days=True))
    windows = [StoredWindow(kind="sms", span=span, rows=2) for span in days((0, middle), (middle, 2))]
    assert expected == made.together(windows)


def test_what_a_limit_may_be_of() -> None:
    made = backlog()
    spans = days((0, 1), (1, 2))
    windows = [StoredWindow(kind="sms", span=span, rows=20) for span in spans]
    for span in spans:
        made.learn(FetchedWindow(kind="sms", span=span, rows=[], observed_us=0, count=20, conversations=20))
    assert [made.by_rows] == made.measures(windows)
    made.learn(FetchedWindow(kind="sms", span=spans[1], rows=[], observed_us=0, count=20, conversations=15))
    assert [made.by_rows, made.by_conversations] == made.measures(windows)
    made.surpass(40)
    made.surpass(30)
    assert (40, 0) == (made.by_rows.surpassed, made.by_conversations.surpassed)


def around(made: Backlog, *spans: tuple[float, float]) -> bool:
    windows = [StoredWindow(kind="sms", span=span, state="done", rows=20) for span in days(*spans)]
    return made.holds_more_around(windows[0], Span(-DAY, 5 * DAY), made.by_rows, windows)


def test_what_windows_around_hold_together() -> None:
    made = backlog()
    assert around(made, (0, 1), (1, 2))
    assert not around(made, (0, 1), (6, 7))
    assert not around(made, (0, 1))
    # The same day twice, of a host that ignores the time, and rows far outside in each.
    assert not around(made, (0, 0.5), (0.5, 1))
    assert around(backlog(habits=Habits(instants=True, whole_days=True)), (0, 0.5), (0.5, 1))
    made.reader.evidence.far = 1
    assert not around(made, (0, 1), (1, 2))


def test_a_row_at_midnight_is_one_though_two_days_have_it() -> None:
    made = backlog()
    spans = days((0, 1), (1, 2))
    row = Encoded("a", DAY * 1_000_000, 0, 0, 0, b"", 0, 0, Block(b""))
    for span in spans:
        made.learn(FetchedWindow(kind="sms", span=span, rows=[row], observed_us=0, count=1, conversations=1))
    windows = [StoredWindow(kind="sms", span=span, state="done", rows=1) for span in spans]
    assert made.together(windows) == 1
    assert not made.holds_more_around(windows[0], Span(0, 5 * DAY), made.by_conversations, windows)
