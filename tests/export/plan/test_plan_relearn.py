"""What a host does otherwise than before, and which windows stood on it."""

from __future__ import annotations

from typing import Any

import pytest

from alive5.export.plan.planner import Habits
from alive5.export.plan.relearn import differences, merged, sentences, shaken
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow

FULL = Habits(base=1, paged=True, whole_days=True, size=100, cap=100)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (FULL, FULL, []),
        (Habits(), FULL, []),
        (FULL, Habits(), []),
        (FULL, Habits(base=0), ["base"]),
        (Habits(base=0), Habits(base=1), ["base"]),
        (FULL, Habits(whole_days=False), ["days"]),
        (Habits(whole_days=False), FULL, []),
        (FULL, Habits(paged=False), ["paged"]),
        (Habits(paged=False), Habits(paged=True), ["paged"]),
        (FULL, Habits(size=20), ["size"]),
        (FULL, Habits(size=200), []),
        (FULL, Habits(cap=20), []),  # all rows there are
        (Habits(cap=50), Habits(size=20), ["size"]),
        (Habits(cap=20), Habits(size=20), []),
        (FULL, Habits(base=0, whole_days=False, paged=False, size=1), ["base", "days", "paged", "size"]),
    ],
)
def test_differences(before: Habits, now: Habits, expected: list[str]) -> None:
    assert expected == differences(before, now)
    assert len(expected) == len(sentences("sms", expected))


def test_a_difference_is_a_sentence() -> None:
    text = "sms: the server's pages hold fewer rows than before: what was read under the old rule is read again"
    assert [text] == sentences("sms", ["size"])


@pytest.mark.parametrize(
    ("changed", "now", "expected"),
    [
        ([], Habits(size=20), []),
        (["base"], Habits(size=20), [0, 1, 2]),
        (["days"], Habits(size=20), [0, 1, 2]),
        (["size"], Habits(size=20), [1, 2]),  # nineteen rows were whole under either size
        (["paged"], Habits(cap=50), [2]),
        (["paged"], Habits(size=60, cap=50), []),
    ],
)
def test_windows_are_read_again_that_stood_on_what_changed(
    changed: list[str], now: Habits, expected: list[int]
) -> None:
    windows = [
        StoredWindow(kind="sms", span=Span(day * DAY, (day + 1) * DAY), state="done", rows=rows)
        for day, rows in enumerate((19, 20, 50))
    ]
    assert [windows[number].span for number in expected] == shaken(windows, changed, now)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (FULL, Habits(), {"base": 1, "paged": True, "whole_days": True, "size": 100, "cap": 100}),
        (FULL, Habits(base=0, paged=False, whole_days=False, size=5, cap=7), {}),
        (Habits(), FULL, {}),
    ],
)
def test_what_is_not_known_now_is_remembered(before: Habits, now: Habits, expected: dict[str, Any]) -> None:
    made = merged(before, now)
    for name in ("base", "paged", "whole_days", "size", "cap"):
        assert expected.get(name, getattr(now, name)) == getattr(made, name)
