"""The present by two clocks, and windows that a clock was ahead for."""

from __future__ import annotations

import attrs
import pytest

from alive5.export.plan.now import SETTLE, Now, doubted, is_final
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow

NOON = 100 * DAY + DAY // 2


@pytest.mark.parametrize(
    ("server_times", "expected", "sentences"),
    [
        ((), 0, 0),
        ((None,), 0, 0),
        ((0,), 0, 0),
        ((-59,), 0, 0),  # a response takes its time
        ((-61,), -61, 0),
        ((3 * DAY,), 0, 0),  # a clock that is behind makes no window done
        ((-3 * DAY,), -3 * DAY, 1),
        ((-3 * DAY, 0), -3 * DAY, 1),
        ((0, -3599), -3599, 0),
        ((-3600, -7200), -7200, 1),
    ],
)
def test_now_is_the_earlier_of_two_clocks(
    server_times: tuple[float | None, ...], expected: int, sentences: int
) -> None:
    now = Now(lambda: NOON)
    for moment in server_times:
        now.note(None if moment is None else NOON + moment)
    assert NOON + expected == now()
    assert sentences == len(list(now.anomalies()))


def test_how_far_a_clock_is_ahead_is_said() -> None:
    now = Now(lambda: NOON)
    now.note(NOON - 4 * DAY)
    assert ["this computer's clock is 96 hours ahead of the server's, which was believed"] == list(now.anomalies())


@pytest.mark.parametrize(
    ("span", "after", "expected"),
    [
        (Span(0, DAY), SETTLE + 12 * 3600, True),
        (Span(0, DAY), SETTLE + 12 * 3600 - 1, False),
        (Span(0, 60), SETTLE, True),
        (Span(0, 60), SETTLE - 1, False),
    ],
)
def test_a_window_is_final_once_it_ended_everywhere(span: Span, after: int, expected: bool) -> None:
    assert expected is is_final(span, span.high + after)


@pytest.mark.parametrize(
    ("days", "read_days", "still_open"),
    [
        ((90, 99), 100, False),
        ((90, 101), 102, True),  # not over
        ((90, 99), 104, True),  # read by a clock that was ahead
        ((90, 99), 0, False),  # an older version did not say
    ],
)
def test_windows_of_a_clock_that_was_ahead_are_doubted(days: tuple[int, int], read_days: int, still_open: bool) -> None:
    span = Span(days[0] * DAY, days[1] * DAY)
    window = StoredWindow(kind="sms", span=span, state="done", read_us=read_days * DAY * 1_000_000)
    assert [attrs.evolve(window, open=still_open)] == doubted([window], NOON)
