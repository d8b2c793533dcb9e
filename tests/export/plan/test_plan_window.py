"""A window goes into a row of the store's table and comes out as it was; what a next run reads again."""

from __future__ import annotations

import random
import sqlite3
from itertools import pairwise
from typing import Any

import pytest

from alive5.export.plan.lookback import open_since_us, read_again
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow


def test_the_row_of_a_window() -> None:
    window = StoredWindow(
        kind="sms", span=Span(0, DAY), state="failed", open=True, rows=3, pages=2, grade="C",
        flags=("hole", "moved"), attempts=4, error="HTTP 500", read_us=5,
    )  # fmt: skip
    assert ("sms", 0, DAY, "failed", 1, 3, 2, "C", "hole moved", 4, "HTTP 500", 5) == window.values()
    assert ("sms", 0, DAY, "todo", 0, 0, 0, "", "", 0, "", 0) == StoredWindow(kind="sms", span=Span(0, DAY)).values()


@pytest.mark.parametrize("seed", range(50))
def test_a_window_comes_back_from_a_table_as_it_was(seed: int) -> None:
    rng = random.Random(seed)
    window = StoredWindow(
        kind=rng.choice(("sms", "fbm", "livechat")),
        span=Span(rng.randrange(-DAY, 0), rng.randrange(DAY)),
        state=rng.choice(("todo", "done", "failed")),
        open=rng.random() < 0.5,
        rows=rng.randrange(1000),
        pages=rng.randrange(1000),
        grade=rng.choice(("", "A", "B", "C")),
        flags=tuple(rng.sample(("cut", "hole", "moved"), rng.randrange(4))),
        attempts=rng.randrange(9),
        error=rng.choice(("", "two words", "é\n")),
        read_us=rng.randrange(1 << 52),
    )
    values = window.values()
    with sqlite3.connect(":memory:") as database:
        row = database.execute(f"SELECT {', '.join('?' * len(values))}", values).fetchone()
    database.close()
    assert window == StoredWindow.read(row)


def tiles(*edges: int) -> list[StoredWindow]:
    spans = (Span(low * DAY, high * DAY) for low, high in pairwise(edges))
    return [StoredWindow(kind="sms", span=span, state="done") for span in spans]


@pytest.mark.parametrize(
    ("windows", "through", "open_starts", "expected"),
    [
        ([], 10, [5], []),
        # Three days back from how far it is complete, from the start of that day.
        (tiles(0, 20), 10, [], [(7, 20)]),
        (tiles(0, 20), 10.5, [], [(7, 20)]),
        (tiles(0, 20), 20, [], [(17, 20)]),
        (tiles(0, 20), 2, [], [(0, 20)]),
        (tiles(0, 20), None, [], [(0, 20)]),
        (tiles(0, 20), 23, [], []),
        # The day of a conversation that was open, and those it may be in other time zones.
        (tiles(0, 20), 20, [5.5], [(17, 20), (4, 7)]),
        (tiles(0, 20), 20, [5.1, 5.9], [(17, 20), (4, 7)]),
        (tiles(0, 20), 20, [9, 5], [(17, 20), (4, 7), (8, 11)]),
        (tiles(0, 5, 6, 20), 20, [5.5], [(17, 20), (4, 5), (5, 6), (6, 7)]),
        (tiles(0, 20), 20, [0], [(17, 20), (0, 2)]),
        (tiles(0, 20), 20, [30], [(17, 20)]),
    ],
)
def test_read_again(
    windows: list[StoredWindow], through: float | None, open_starts: list[float], expected: list[Any]
) -> None:
    spans = read_again(
        windows,
        Span(0, 20 * DAY),
        complete_through=None if through is None else int(through * DAY),
        open_starts_us=[int(start * DAY) * 1_000_000 for start in open_starts],
    )
    assert [Span(low * DAY, high * DAY) for low, high in expected] == spans


def test_conversations_of_thirty_days_may_still_be_open() -> None:
    assert 70 * DAY * 1_000_000 == open_since_us(100 * DAY + 0.9)
