"""What the rows of an answer tell of the moment a host chooses them by."""

from __future__ import annotations

from typing import Any

import pytest

from alive5.export.fetch.sights import Lasting, Sights, Told

HOUR = 3_600_000
NOON = 1_767_268_800_000  # 2026-01-01T12:00:00Z
NEAR = (NOON - 36 * HOUR) * 1000, (NOON + 36 * HOUR) * 1000
LATER = NEAR[1] + 1


def row(start: int, end: Any = None, *said: Any) -> dict[str, Any]:
    return {"start_time": start, "end_time": end, "chat_conversation": [{"created_at": moment} for moment in said]}


def seen(*rows: dict[str, Any], observed_us: int = LATER * 2) -> Sights:
    sights = Sights(NEAR, observed_us)
    for one in rows:
        sights.add(one, one["start_time"] * 1000)
    return sights


@pytest.mark.parametrize(
    ("conversation", "excluded"),
    [
        (row(NOON, NOON + 40 * HOUR, NOON + 40 * HOUR), (True, True)),
        (row(NOON, None, NOON, NOON + 36 * HOUR), (False, True)),
        (row(NOON, NOON + 40 * HOUR), (True, False)),
        (row(NOON, NOON + 40 * HOUR, NOON + HOUR), (True, False)),
        (row(NOON, NOON + HOUR, NOON + 40 * HOUR), (False, True)),
        (row(NOON), (False, False)),
        (row(NOON + 37 * HOUR, NOON + 40 * HOUR, NOON + 40 * HOUR), (False, False)),
        (row(NOON - 40 * HOUR, NOON + 40 * HOUR, NOON + 40 * HOUR), (False, False)),
    ],
)
def test_what_comes_far_past_the_window_does_not_explain_a_row(
    conversation: dict[str, Any], excluded: tuple[bool, bool]
) -> None:
    sights = seen(conversation, row(NOON, NOON))
    assert excluded == (sights.end.excluded, sights.message.excluded)


def test_a_moment_that_is_excluded_may_have_come_sooner_than_in_others() -> None:
    sights = seen(row(NOON - 36 * HOUR, NOON + 35 * HOUR), row(NOON + 35 * HOUR, NOON + 36 * HOUR))
    assert (True, 71 * HOUR * 1000) == (sights.end.excluded, sights.end.longest.us)


def test_what_is_yet_to_come_proves_nothing() -> None:
    sights = seen(row(NOON, NOON + 40 * HOUR, NOON + HOUR), observed_us=(NOON + 2 * HOUR) * 1000)
    assert (Told(), HOUR * 1000) == (sights.end, sights.message.longest.us)


def test_the_longest_is_kept_whichever_way_its_messages_lie() -> None:
    last = NOON + 5 * HOUR
    sights = seen(row(NOON, NOON + HOUR), row(NOON, None, "soon", last, NOON, {}), row(1, NOON), row(NOON, NOON - 1))
    assert Lasting(5 * HOUR * 1000, last * 1000, NOON * 1000) == sights.message.longest
    assert HOUR * 1000 == sights.end.longest.us
    assert Told() == seen(row(NOON, NOON - 1)).end


def test_rows_outside_are_counted_by_what_else_they_have() -> None:
    sights = seen(row(1_000, 2_000), row(NOON - 40 * HOUR, NOON), row(NOON - 40 * HOUR, None, NOON))
    assert (1, True, True) == (sights.far, sights.by_end, sights.by_message)
