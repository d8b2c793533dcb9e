"""Quiet hours: of every zone, over midnight, and on the days clocks are set."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.counts import count, seed

from alive5 import InvalidArgumentError
from alive5.sending.plan.quiet import QuietHours

NEW_YORK, LOS_ANGELES = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
USUAL = QuietHours(21 * 60, 8 * 60)
ZONES = [
    ZoneInfo(name)
    for name in ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "UTC")
]


def at(text: str, zone: Any = NEW_YORK) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("hours", "clock", "quiet"),
    [
        (USUAL, "20:59", False),
        (USUAL, "21:00", True),
        (USUAL, "00:00", True),
        (USUAL, "07:59", True),
        (USUAL, "08:00", False),
        (QuietHours(12 * 60, 14 * 60), "11:59", False),
        (QuietHours(12 * 60, 14 * 60), "12:00", True),
        (QuietHours(12 * 60, 14 * 60), "14:00", False),
    ],
)
def test_when_it_is_quiet(hours: QuietHours, clock: str, quiet: bool) -> None:
    assert quiet == hours.holds_at(at(f"2026-06-01T{clock}"), NEW_YORK)


@pytest.mark.parametrize(
    ("now", "zones", "seconds", "expected"),
    [
        ("2026-06-01T12:00", [NEW_YORK], 0, "2026-06-01T12:00"),
        ("2026-06-01T22:00", [NEW_YORK], 0, "2026-06-02T08:00"),
        ("2026-06-01T03:00", [NEW_YORK], 0, "2026-06-01T08:00"),
        # It has to be over before they begin.
        ("2026-06-01T20:59", [NEW_YORK], 60, "2026-06-02T08:00"),
        ("2026-06-01T20:58:59", [NEW_YORK], 60, "2026-06-01T20:58:59"),
        # 8 in New York is 5 in Los Angeles.
        ("2026-06-01T08:00", [NEW_YORK, LOS_ANGELES], 60, "2026-06-01T11:00"),
        ("2026-06-01T21:30", [LOS_ANGELES, NEW_YORK], 60, "2026-06-02T11:00"),
        # Clocks are set forward and back.
        ("2026-03-07T22:00", [NEW_YORK], 60, "2026-03-08T08:00"),
        ("2026-10-31T22:00", [NEW_YORK], 60, "2026-11-01T08:00"),
        ("2026-06-01T23:00", [], 60, "2026-06-01T23:00"),
    ],
)
def test_from_when_on_a_text_may_leave(now: str, zones: list[Any], seconds: float, expected: str) -> None:
    assert at(expected) == USUAL.allowed_from(at(now), zones, seconds)


def test_an_end_that_comes_twice_counts_the_second_time() -> None:
    hours = QuietHours(22 * 60, 90)
    found = hours.allowed_from(at("2026-10-31T23:00"), [NEW_YORK], 0)
    assert found is not None
    # At 2 clocks go back to 1, and half an hour is quiet again; a text may leave in the first half past one.
    first = datetime(2026, 11, 1, 5, 30, tzinfo=timezone.utc).timestamp()
    assert first == found
    again = hours.allowed_from(first + 1800, [NEW_YORK], 0)
    assert first + 3600 == again


def test_an_end_that_is_skipped_is_when_clocks_are_set() -> None:
    # At 2 clocks in New York go on to 3, half an hour before it is quiet in Kolkata; the next chance is a day later.
    hours = QuietHours(13 * 60, 150)
    found = hours.allowed_from(at("2026-03-07T19:46"), [ZoneInfo("Asia/Kolkata"), NEW_YORK], 60)
    assert datetime(2026, 3, 8, 7, 0, tzinfo=timezone.utc).timestamp() == found


def test_zones_whose_days_never_meet() -> None:
    assert QuietHours(21 * 60, 20 * 60).allowed_from(at("2026-06-01T12:00"), [NEW_YORK, LOS_ANGELES], 60) is None


@pytest.mark.promise("S7")
def test_what_is_found_is_outside_of_quiet_hours_and_nothing_earlier_is() -> None:
    rng = random.Random(seed())
    for _ in range(count(ci=150, full=10_000)):
        hours = QuietHours(*rng.sample(range(0, 1440, 30), 2))
        zones = rng.sample(ZONES, rng.randint(1, 3))
        # Around the days on which one of the zones sets its clocks.
        day = rng.choice(
            ("2026-03-08", "2026-03-29", "2026-11-01", "2026-10-25", "2026-04-05", "2026-10-04", "2026-06-01")
        )
        now = at(day, timezone.utc) + rng.randint(-86_400, 86_400)
        found = hours.allowed_from(now, zones, 60)
        if found is None:
            # No minute of a week is free.
            assert not any(free(hours, zones, now + 60 * minute) for minute in range(0, 7 * 1440, 7))
            continue
        assert free(hours, zones, found)
        # Clocks that are put back inside of quiet hours may show a free time once more, which nobody waits for.
        once = [earlier for earlier in steps(now, found - 60) if not any(repeats(zone, earlier) for zone in zones)]
        assert not any(free(hours, zones, earlier) for earlier in once)


def repeats(zone: ZoneInfo, moment: float) -> bool:
    """
    Whether the clock of a zone shows a time for the second time.
    """
    return datetime.fromtimestamp(moment, timezone.utc).astimezone(zone).fold == 1


def free(hours: QuietHours, zones: list[ZoneInfo], moment: float) -> bool:
    """
    Whether no clock of a zone shows a quiet time in a minute from a moment on.
    """
    for zone in zones:
        for second in (0, 30, 60):
            clock = (datetime.fromtimestamp(moment, timezone.utc) + timedelta(seconds=second)).astimezone(zone)
            minute = clock.hour * 60 + clock.minute
            span = (minute - hours.start) % 1440
            if span < (hours.end - hours.start) % 1440:
                return False
    return True


def steps(start: float, end: float) -> list[float]:
    return [start + 300 * number for number in range(int((end - start) // 300) + 1)]


@pytest.mark.parametrize(
    "wrong", ["21:00-08:00", ("21:00",), ("21:00", "24:00"), ("9pm", "8am"), (21, 8), ("08:00", "8:00"), 7]
)
def test_what_is_no_quiet_hours_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        QuietHours.read(wrong)
    assert "quiet_hours" == caught.value.argument


def test_quiet_hours_are_read() -> None:
    assert QuietHours.read(None) is None
    assert USUAL == QuietHours.read(("21:00", "8:00")) == QuietHours.read(["21:00", "08:00"])
