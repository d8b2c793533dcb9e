"""Windows of dates: what is asked of the server, which rows belong, what is refused."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import FbmConversation, InvalidArgumentError, Message
from alive5._sansio.window import Window, read_window, sight_of

UTC = timezone.utc
NEW_YORK = ZoneInfo("America/New_York")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def row(start: datetime | None = None, end: datetime | None = None, *messages: datetime) -> FbmConversation:
    chat = [Message(created_at=moment) for moment in messages]
    return FbmConversation(start_time=start, end_time=end, chat_conversation=chat)


# Bounds and zone; the days asked for, a day before and two after; the rows that belong (None: unbounded); are they
# days of UTC?
WINDOWS: list[tuple[Any, Any, tzinfo | None, dict[str, str], datetime | None, datetime | None, bool]] = [
    (None, None, None, {}, None, None, True),
    (None, None, NEW_YORK, {}, None, None, False),
    (
        "2026-01-02",
        "2026-01-31",
        None,
        {"start": "01-01-2026", "end": "02-02-2026"},
        utc(2026, 1, 2),
        utc(2026, 2, 1),
        True,
    ),
    (date(2026, 1, 2), None, None, {"start": "01-01-2026"}, utc(2026, 1, 2), None, True),
    (None, " 2026-01-31 ", None, {"end": "02-02-2026"}, None, utc(2026, 2, 1), True),
    (
        "2026-01-02",
        "2026-01-02",
        NEW_YORK,
        {"start": "01-01-2026", "end": "01-05-2026"},
        utc(2026, 1, 2, 5),
        utc(2026, 1, 3, 5),
        False,
    ),
    # The day the clocks go forward has 23 hours, the day they go back 25.
    (
        "2026-03-08",
        "2026-03-08",
        NEW_YORK,
        {"start": "03-07-2026", "end": "03-11-2026"},
        utc(2026, 3, 8, 5),
        utc(2026, 3, 9, 4),
        False,
    ),
    (
        "2026-11-01",
        "2026-11-01",
        NEW_YORK,
        {"start": "10-31-2026", "end": "11-04-2026"},
        utc(2026, 11, 1, 4),
        utc(2026, 11, 2, 5),
        False,
    ),
    # Midnight does not exist: the day begins at one.
    (
        "2018-11-04",
        "2018-11-04",
        ZoneInfo("America/Sao_Paulo"),
        {"start": "11-03-2018", "end": "11-07-2018"},
        utc(2018, 11, 4, 3),
        utc(2018, 11, 5, 2),
        False,
    ),
    # The last hour of the day comes twice.
    (
        "2018-02-17",
        "2018-02-17",
        ZoneInfo("America/Sao_Paulo"),
        {"start": "02-16-2018", "end": "02-20-2018"},
        utc(2018, 2, 17, 2),
        utc(2018, 2, 18, 3),
        False,
    ),
    # Midnight comes twice: the day before ends at the first.
    (
        "2018-11-04",
        "2018-11-04",
        ZoneInfo("America/Havana"),
        {"start": "11-03-2018", "end": "11-07-2018"},
        utc(2018, 11, 4, 4),
        utc(2018, 11, 5, 5),
        False,
    ),
    (
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05Z",
        None,
        {"start": "01-01-2026", "end": "01-04-2026"},
        utc(2026, 1, 2, 3, 4, 5),
        utc(2026, 1, 2, 3, 4, 5, 1),
        False,
    ),
    (
        datetime(2026, 1, 2, 20, tzinfo=NEW_YORK),
        None,
        None,
        {"start": "01-02-2026"},
        utc(2026, 1, 3, 1),
        None,
        False,
    ),
    # Naive moments are in the zone, else in UTC.
    (datetime(2026, 1, 2, 20), None, NEW_YORK, {"start": "01-02-2026"}, utc(2026, 1, 3, 1), None, False),
    ("2026-01-02 20:00", None, NEW_YORK, {"start": "01-02-2026"}, utc(2026, 1, 3, 1), None, False),
    ("2026-01-02T20:00-05:00", None, None, {"start": "01-02-2026"}, utc(2026, 1, 3, 1), None, False),
    ("2026-01-02T20:00-05", None, UTC, {"start": "01-02-2026"}, utc(2026, 1, 3, 1), None, False),
    (datetime(2026, 1, 2, 20), None, None, {"start": "01-01-2026"}, utc(2026, 1, 2, 20), None, False),
    (None, datetime(2026, 1, 2, 20), None, {"end": "01-04-2026"}, None, utc(2026, 1, 2, 20, 0, 0, 1), False),
    # A day and a moment together.
    (
        "2026-01-01",
        "2026-01-02T12:00:00Z",
        None,
        {"start": "12-31-2025", "end": "01-04-2026"},
        utc(2026, 1, 1),
        utc(2026, 1, 2, 12, 0, 0, 1),
        False,
    ),
    # The ends of the calendar.
    ("0001-01-01", None, None, {"start": "01-01-0001"}, utc(1, 1, 1), None, True),
    ("0001-01-01", None, UTC, {"start": "01-01-0001"}, utc(1, 1, 1), None, False),
    (None, "9999-12-31", None, {"end": "12-31-9999"}, None, None, True),
    (None, "9999-12-31", UTC, {"end": "12-31-9999"}, None, None, False),
    (None, datetime.max.replace(tzinfo=UTC), None, {"end": "12-31-9999"}, None, None, False),
]


@pytest.mark.parametrize(("start", "end", "zone", "asked", "lower", "upper", "days"), WINDOWS)
def test_windows(
    start: Any,
    end: Any,
    zone: tzinfo | None,
    asked: dict[str, str],
    lower: datetime | None,
    upper: datetime | None,
    days: bool,
) -> None:
    window = read_window(start, end, zone)
    assert (asked, days) == (window.arguments(), window.days)
    tick = timedelta(microseconds=1)
    if lower is not None:
        assert window.holds(row(lower))
        assert lower == utc(1, 1, 1) or not window.holds(row(lower - tick))
    if upper is not None:
        assert window.holds(row(upper - tick))
        assert not window.holds(row(upper))
    assert window.holds(row(None))
    assert (lower or window.lower, upper or window.upper) == (window.lower, window.upper)


def test_without_padding_the_days_are_those_of_the_moments() -> None:
    window = read_window("2026-01-02T03:00:00Z", "2026-01-05T00:00:00Z", None, padding=False)
    assert {"start": "01-02-2026", "end": "01-05-2026"} == window.arguments()
    window = read_window("2026-01-02", "2026-01-02", NEW_YORK, padding=False)
    assert {"start": "01-02-2026", "end": "01-03-2026"} == window.arguments()


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2026-01-02", "2026-01-31", "2026-01-02..2026-01-31"),
        (None, "2026-01-31", "..2026-01-31"),
        (None, None, ".."),
        ("2026-01-02T03:00:00Z", None, "2026-01-02T03:00:00Z.."),
        (None, "2026-01-02T03:00:00Z", "..2026-01-02T03:00:00.000001Z"),
    ],
)
def test_windows_are_named_in_warnings(start: Any, end: Any, shown: str) -> None:
    assert shown == str(read_window(start, end, None))


# 26 hours before the first day asked for, the 9th, and after the last, the 22nd.
FAR_BEFORE, NEAR_BEFORE = utc(2026, 1, 7, 21, 59), utc(2026, 1, 7, 22)
NEAR_AFTER, FAR_AFTER = utc(2026, 1, 24, 1, 59), utc(2026, 1, 24, 2)


@pytest.mark.parametrize(
    ("candidate", "far"),
    [
        (row(FAR_BEFORE), True),
        (row(NEAR_BEFORE), False),
        (row(NEAR_AFTER), False),
        (row(FAR_AFTER), True),
        (row(FAR_BEFORE, NEAR_BEFORE), False),
        (row(FAR_BEFORE, FAR_AFTER), True),
        (row(FAR_BEFORE, FAR_BEFORE, FAR_BEFORE, NEAR_BEFORE), False),
        (row(FAR_BEFORE, None, FAR_BEFORE), True),
        (row(None, None, FAR_BEFORE), True),
        (row(None, NEAR_BEFORE), False),
        (row(), False),
    ],
)
def test_a_row_is_far_when_nothing_of_it_is_near(candidate: FbmConversation, far: bool) -> None:
    assert far is read_window("2026-01-10", "2026-01-20", None).is_far(candidate)


def test_without_bounds_nothing_is_far() -> None:
    for candidate in (row(utc(1, 1, 1)), row(utc(9999, 12, 30)), row()):
        assert not Window().is_far(candidate)
    assert not read_window("9999-12-31", None, None).is_far(row(utc(9999, 12, 31)))
    assert not read_window(None, "0001-01-01", None).is_far(row(utc(1, 1, 1)))
    assert not read_window("0001-01-01", "9999-12-31", None).is_far(row(utc(1, 1, 1)))


@pytest.mark.parametrize(
    ("start", "end", "argument"),
    [
        ("2026-02-01", "2026-01-31", "start"),
        ("2026-01-02T00:00:01Z", "2026-01-02T00:00:00Z", "start"),
        ("2026-02-30", None, "start"),
        (None, "2026-13-01", "end"),
        ("0000-01-01", None, "start"),
        ("01-02-2026", None, "start"),
        ("2026-1-2", None, "start"),
        ("2026-01-02T25:00", None, "start"),
        ("2026-01-02T", None, "start"),
        ("20260102", None, "start"),
        ("today", None, "start"),
        ("", None, "start"),
        (None, "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0662", "end"),
        (20260102, None, "start"),
        (None, 1767323045.0, "end"),
        (None, ["2026-01-02"], "end"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), None, "start"),
        (None, datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), "end"),
    ],
)
def test_what_is_no_window_is_refused_by_name(start: Any, end: Any, argument: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_window(start, end, None)
    assert argument == caught.value.argument
    assert "not_sent" == caught.value.outcome
    for given_value in (start, end):
        assert not given_value or str(given_value) not in str(caught.value)


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("2026-02-01", "2026-01-31", "start must not be after end"),
        (20260102, None, "start must be a date, a datetime or ISO text such as 2026-01-31"),
        (None, "2026-02-30", "end is not a date that exists"),
        ("today", None, "start must be ISO text such as 2026-01-31 or 2026-01-31T08:00:00Z"),
        (
            datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
            None,
            "start is outside the years 1 to 9999 in UTC",
        ),
    ],
)
def test_it_says_what_is_wrong(start: Any, end: Any, why: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_window(start, end, None)
    assert why == str(caught.value)


class Nowhere(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None


@pytest.mark.parametrize(
    ("moment", "hour"),
    [
        ("2026-01-02T08:00:00", 13),
        ("2026-01-02T08:00:00Z", 8),
        ("2026-01-02T08:00:00z", 8),
        ("2026-01-02T10:00+02:00", 8),
        ("2026-01-02 10:00:00+0200", 8),
        (datetime(2026, 1, 2, 8), 13),
        (datetime(2026, 1, 2, 8, tzinfo=Nowhere()), 13),
        (datetime(2026, 1, 2, 8, tzinfo=UTC), 8),
    ],
)
def test_the_zone_is_for_moments_without_one(moment: Any, hour: int) -> None:
    window = read_window(moment, moment, NEW_YORK)
    assert utc(2026, 1, 2, hour) == window.lower
    assert utc(2026, 1, 2, hour, 0, 0, 1) == window.upper


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of the process cannot be changed here")
def test_the_zone_of_the_machine_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        window = read_window(utc(2026, 1, 1, 20), None, None, padding=False)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert date(2026, 1, 1) == window.first


def test_a_bound_beyond_the_calendar_in_its_zone() -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_window("0001-01-01", None, timezone(timedelta(hours=14)))
    assert caught.value.argument == "start"
    read_window(None, "9999-12-31", timezone(timedelta(hours=-12)))


MOMENTS = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29))


@given(MOMENTS, MOMENTS, MOMENTS, st.timezones() | st.none(), st.booleans())
def test_a_row_that_belongs_is_asked_for_and_never_far(
    first: datetime, second: datetime, moment: datetime, zone: tzinfo | None, days: bool
) -> None:
    start, end = sorted((first, second))
    try:
        window = read_window(start.date() if days else start, end.date() if days else end, zone)
    except InvalidArgumentError:  # a day the zone skipped
        return
    for inside in (window.lower, window.upper - timedelta(microseconds=1)):
        assert window.holds(row(inside))
        assert not window.is_far(row(inside))
    started = moment.replace(tzinfo=UTC)
    assert window.holds(row(started)) is (window.lower <= started < window.upper)
    if window.is_far(row(started)):
        assert not window.holds(row(started))
    assert window.first is not None
    assert window.last is not None
    assert window.first <= window.lower.date() <= (window.upper - timedelta(microseconds=1)).date() <= window.last


@pytest.mark.parametrize(
    ("start", "end", "messages", "expected"),
    [
        (10, None, [], "inside"),
        (19, 99, [99], "inside"),
        # Nothing of it is known.
        (None, None, [], "inside"),
        (None, None, [None], "inside"),
        # Nothing lies near.
        (9, None, [], "far"),
        (20, None, [], "far"),
        (9, 9, [9, 20], "far"),
        (None, 20, [], "far"),
        (None, None, [20], "far"),
        # It is there by its end, or by a message alone.
        (9, 10, [], "by_end"),
        (9, 19, [12], "by_end"),
        (9, 20, [10], "by_message"),
        (9, None, [19], "by_message"),
        (0, None, [12], "by_message"),
        # Its first message stands for a start that is not known or odd.
        (None, 12, [9, 11], "by_end"),
        (None, None, [9, None, 11], "by_message"),
        (-1, 12, [-1, 9], "by_end"),
        # A start that is not known, odd or later proves nothing.
        (-1, 12, [-1, 12], "inside"),
        (None, 12, [], "inside"),
        (None, None, [12], "inside"),
        (-1, 12, [], "inside"),
        (20, 12, [], "inside"),
        (21, 12, [], "inside"),
    ],
)
def test_where_a_row_lies(start: int | None, end: int | None, messages: list[int | None], expected: str) -> None:
    assert expected == sight_of(start, end, messages, near=(10, 20), oldest=0)


def test_messages_are_not_asked_for_where_the_start_says_where_a_row_lies() -> None:
    class Unread:
        start_time, end_time = utc(2026, 1, 9), None

        @property
        def chat_conversation(self) -> list[Message]:
            raise AssertionError("decoded for nobody")

    unread: Any = Unread()
    window = read_window("2026-01-05", "2026-01-15", None)
    assert ("inside", True) == (window.sight_of(unread), window.holds(unread))
