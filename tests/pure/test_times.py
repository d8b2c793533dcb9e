"""Reading moments: epoch numbers, epoch digits, ISO 8601; what cannot be read is kept."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import Message, PushedSms, Thread
from alive5._sansio.decode import shape
from alive5.models._times import read_epoch, read_text, show

UTC = timezone.utc
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MS = 1767323045000


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        (MS, MOMENT),
        (MS // 1000, MOMENT),
        (float(MS), MOMENT),
        (MS / 1000, MOMENT),
        (str(MS), MOMENT),
        (str(MS // 1000), MOMENT),
        (f" {MS} ", MOMENT),
        (MS + 678, MOMENT + timedelta(milliseconds=678)),
        (10**11 - 1, datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
        (10**11, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        (253402300799999, datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ("2026-01-02T03:04:05Z", MOMENT),
        ("2026-01-02T03:04:05z", MOMENT),
        ("2026-01-02T03:04:05", MOMENT),
        ("2026-01-02 03:04:05", MOMENT),
        ("2026-01-02T03:04", MOMENT.replace(second=0)),
        ("2026-01-02", MOMENT.replace(hour=0, minute=0, second=0)),
        ("2026-01-02T03:04:05+0000", MOMENT),
        ("2026-01-02T03:04:05+00:00", MOMENT),
        ("2026-01-02T03:04:05 +0000", MOMENT),
        ("2026-01-02T08:34:05+05:30", MOMENT),
        ("2026-01-02T08:34:05+0530", MOMENT),
        ("2026-01-01T22:04:05-05", MOMENT),
        ("2026-01-02T03:04:05.678Z", MOMENT + timedelta(milliseconds=678)),
        ("2026-01-02T03:04:05,5Z", MOMENT + timedelta(milliseconds=500)),
        ("2026-01-02T03:04:05.123456789Z", MOMENT + timedelta(microseconds=123456)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_moments_are_aware_and_in_utc(raw: Any, moment: datetime) -> None:
    message = shape(Message, {"created_at": raw})
    assert (moment, timezone.utc, {}) == (
        message.created_at,
        message.created_at and message.created_at.tzinfo,
        message.extra,
    )


@pytest.mark.parametrize("raw", [0, 0.0, "", "0", "  ", "000", None])
def test_no_moment_leaves_no_trace(raw: Any) -> None:
    message = shape(Message, {"created_at": raw})
    assert (None, {}) == (message.created_at, message.extra)


@pytest.mark.parametrize(
    "raw",
    [
        -1,
        -(10**400),
        10**400,
        253402300800000,
        float("inf"),
        1e300,
        True,
        False,
        "yesterday",
        "2026-13-01",
        "2026-02-30T00:00:00Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T03:04:05+99:00",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "1" * 16,
        "9" * 5000,
        "٣٤٥",
        "2026-01-02T03:04:05Zulu",
        [],
        {},
        [MS],
    ],
)
def test_what_is_no_moment_is_kept(raw: Any) -> None:
    message = shape(Message, {"created_at": raw})
    assert (None, {"created_at": raw}) == (message.created_at, message.extra)


def test_a_moment_is_made_once_and_can_be_replaced() -> None:
    message = shape(Message, {"created_at": MS})
    assert message.created_at is message.created_at
    message.created_at = None
    assert message.created_at is None
    assert "write" in dir(vars(Message)["created_at"])
    assert Message.created_at is vars(Message)["created_at"]


@pytest.mark.parametrize(
    ("raw", "status", "since"),
    [
        (f"open||{MS}", "open", MOMENT),
        ("closed", "closed", None),
        (f"||{MS}", None, MOMENT),
        ("open||soon", "open", None),
        ("open||", "open", None),
        (None, None, None),
        ("", None, None),
    ],
)
def test_a_status_and_its_moment(raw: str | None, status: str | None, since: datetime | None) -> None:
    for model in (Thread, PushedSms):
        made = shape(model, {"status_timestamp": raw})
        assert (raw, status, since) == (made.status_timestamp, made.status, made.status_at)


def test_moments_are_shown_in_utc() -> None:
    assert show(datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=-5)))) == "2026-01-02T08:04:05Z"
    assert shape(Message, {"created_at": MS + 5}).to_dict()["created_at"] == "2026-01-02T03:04:05.005000Z"


@given(st.datetimes(timezones=st.timezones()))
def test_iso_text_goes_there_and_back(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:
        return
    assert expected == read_text(show(moment))


@given(st.integers(1, 253402300799999))
def test_epoch_numbers_go_there_and_back(ms: int) -> None:
    moment = read_epoch(ms)
    assert moment is not None
    assert moment.timestamp() == pytest.approx(ms if ms < 10**11 else ms / 1000)
    assert moment == read_text(str(ms))


@given(st.text(max_size=40) | st.from_regex(r"\A[0-9TZ:+. -]{0,32}\Z"))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    moment = read_text(text)
    assert moment is None or moment.utcoffset() == timedelta(0)


@given(st.floats() | st.integers())
def test_any_number_is_a_moment_or_none(number: float) -> None:
    moment = read_epoch(number)
    assert moment is None or moment.utcoffset() == timedelta(0)
