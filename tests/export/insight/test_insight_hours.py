"""Business hours as people write them, by the clock on the wall."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alive5 import InvalidArgumentError
from alive5.export.insight.hours import DAYS, BusinessHours, read_hours

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
HOUR = 3_600_000_000


def in_hours(text: str) -> list[str]:
    """Return the spans of hours as texts, from Monday."""
    return [f"{_at(start)}-{_at(end)}" for start, end in read_hours(text).spans]


def _at(ticks: int) -> str:
    day, rest = divmod(ticks // 60_000_000, 24 * 60)
    return f"{(*DAYS, 'end')[day]} {rest // 60}:{rest % 60:02}"


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("mon 9-17", ["mon 9:00-mon 17:00"]),
        ("Monday-TUE 09:30-17", ["mon 9:30-mon 17:00", "tue 9:30-tue 17:00"]),
        ("sat-mon 9-10", ["mon 9:00-mon 10:00", "sat 9:00-sat 10:00", "sun 9:00-sun 10:00"]),
        ("mon, wed 9-12 13-17; fri 9-15", [
            "mon 9:00-mon 12:00", "mon 13:00-mon 17:00", "wed 9:00-wed 12:00", "wed 13:00-wed 17:00",
            "fri 9:00-fri 15:00",
        ]),
        ("sun 22-06", ["mon 0:00-mon 6:00", "sun 22:00-end 0:00"]),
        ("sun 22-24", ["sun 22:00-end 0:00"]),
        ("tue 24-2", ["wed 0:00-wed 2:00"]),
        ("0-24", ["mon 0:00-end 0:00"]),
        ("mon 9-12 11-14 14-15 10-11", ["mon 9:00-mon 15:00"]),
        ("mon 22-6, tue 0-9", ["mon 22:00-tue 9:00"]),
    ],
)  # fmt: skip
def test_what_hours_mean(text: str, spans: list[str]) -> None:
    assert spans == in_hours(text)


def test_nights_without_days_are_every_night() -> None:
    assert 8 == len(in_hours("22-06"))
    assert 7 * 8 * HOUR == sum(end - start for start, end in read_hours("22-06").spans)


@pytest.mark.parametrize(
    "text",
    [None, 9, "", " , ", "mon", "mon-fri", "9", "9-", "-17", "9-17-18", "9-25", "24:01-3", "9:60-10", "9:5-10",
     "mon 9-17 tue", "mo 9-17", "mon-fry 9-17", "9am-5pm", "\u0669-17", "9-17x"],
)  # fmt: skip
def test_what_is_no_hours(text: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^hours must be like \"mon-fri 9-17\""):
        read_hours(text)


def test_hours_that_never_open_are_refused() -> None:
    for text in ("9-9", "mon 0-0", "24-24"):
        with pytest.raises(InvalidArgumentError, match="0-24 is the whole day"):
            read_hours(text)


def between(hours: str, first: str, last: str, zone: tzinfo) -> float:
    found = read_hours(hours).between(datetime.fromisoformat(first), datetime.fromisoformat(last), zone)
    assert found is not None
    return found / timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "first", "last", "zone", "expected"),
    [
        ("mon-fri 9-17", "2026-01-05T13:00Z", "2026-01-05T15:00Z", NEW_YORK, 1),
        ("mon-fri 9-17", "2026-01-09T21:30Z", "2026-01-12T14:30Z", NEW_YORK, 1),  # over a weekend
        ("mon-fri 9-17", "2026-01-10T00:00Z", "2026-01-11T00:00Z", NEW_YORK, 0),
        ("mon-fri 9-17", "2026-01-05T15:00Z", "2026-01-05T15:00Z", NEW_YORK, 0),
        ("mon-fri 9-17", "2026-01-05T15:00Z", "2026-01-05T14:00Z", NEW_YORK, 0),  # no wait ends before it begins
        ("0-24", "2026-03-08T05:00Z", "2026-03-09T04:00Z", NEW_YORK, 23),  # a day of 23 hours
        ("22-06", "2026-03-08T00:00Z", "2026-03-08T18:00Z", NEW_YORK, 7),  # its night has seven
        ("sun 2-3", "2026-03-08T00:00Z", "2026-03-08T18:00Z", NEW_YORK, 0),  # an hour that never came
        ("22-06", "2025-11-01T18:00Z", "2025-11-02T18:00Z", NEW_YORK, 9),
        ("sun 1-2", "2025-11-01T18:00Z", "2025-11-02T18:00Z", NEW_YORK, 2),  # it came twice
        ("sun 2-3", "2025-10-25T18:00Z", "2025-10-26T18:00Z", BERLIN, 2),
        ("mon-fri 9-17", "2026-01-01T00:00Z", "2027-01-01T00:00Z", BERLIN, 261 * 8),
        ("mon-fri 9-17", "2016-01-01T00:00Z", "2017-01-01T00:00Z", BERLIN, 261 * 8),
        ("mon-fri 9-17", "1960-01-04T00:00Z", "1960-01-05T00:00Z", timezone.utc, 8),  # before all is counted from
    ],
)
def test_how_much_of_a_wait_was_open(hours: str, first: str, last: str, zone: tzinfo, expected: float) -> None:
    assert expected == between(hours, first, last, zone)


def test_fractions_of_a_second_count() -> None:
    open_hours = read_hours("mon 9-17")
    first = datetime(2026, 1, 5, 8, 59, 59, 999_999, timezone.utc)
    assert timedelta(microseconds=1) == open_hours.between(first, first + timedelta(microseconds=2), timezone.utc)


def test_whether_it_is_open() -> None:
    night = read_hours("fri 22-06")
    for text, expected in (("09T21:59", False), ("09T22:00", True), ("10T05:59", True), ("10T06:00", False)):
        assert expected is night.is_open(datetime.fromisoformat(f"2026-01-{text}-05:00"), NEW_YORK)


def test_at_the_ends_of_the_calendar() -> None:
    always: BusinessHours = read_hours("0-24")
    first, last = (moment.replace(tzinfo=timezone.utc) for moment in (datetime.min, datetime.max))
    assert always.is_open(first, NEW_YORK)
    assert always.is_open(last, BERLIN)
    assert always.between(first, last, NEW_YORK) is None
    assert timedelta(hours=3) == always.between(first, first + timedelta(hours=3), NEW_YORK)
    assert timedelta(hours=3) == always.between(last - timedelta(hours=3), last, BERLIN)
