"""Reading ``Retry-After``: seconds, HTTP dates, and everything else a header can hold."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import Reply
from alive5._sansio.http_times import retry_after

NOW = 1_798_761_600.0  # 2027-01-01T00:00:00Z
DATE = "Fri, 01 Jan 2027 00:00:00 GMT"


def read(text: str | None, date: str | None = None, received_at: float = 0.0) -> float | None:
    headers = {name: value for name, value in {"retry-after": text, "date": date}.items() if value is not None}
    return retry_after(Reply(status=429, headers=headers, received_at=received_at))


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Tokyo"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """
    The zone of the machine, which must not matter.
    """
    monkeypatch.setenv("TZ", request.param)
    if hasattr(time, "tzset"):
        time.tzset()
    yield request.param
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("86400", 86400.0),
        ("999999999", 999999999.0),
        ("1000000000", 1e9),
        ("1e9", 1e9),
        ("9" * 400, 1e9),
        ("1e999", 1e9),
        ("-1", None),
        ("inf", 1e9),
        ("Infinity", 1e9),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 1e9),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 1e9),
        ("-inf", None),
        ("nan", None),
        ("", None),
        (None, None),
        ("soon", None),
        ("7 seconds", None),
        ("²", None),
        ("7\u00e9", None),
        ("\x00", None),
        ("Fri, 99 Jan 2027 00:00:00 GMT", None),
        ("Fri, 01 Jan 99999 00:00:00 GMT", None),
    ],
)
def test_seconds(text: str | None, seconds: float | None) -> None:
    assert seconds == read(text, DATE, NOW)


@pytest.mark.parametrize(
    ("text", "date", "received_at", "seconds"),
    [
        ("Fri, 01 Jan 2027 00:00:30 GMT", DATE, 0.0, 30.0),
        ("Fri, 01 Jan 2027 00:00:30 GMT", DATE, NOW + 500, 30.0),
        ("Fri, 01 Jan 2027 00:00:30 GMT", None, NOW, 30.0),
        ("Fri, 01 Jan 2027 00:00:30 GMT", "nonsense", NOW, 30.0),
        ("Fri, 01 Jan 2027 00:00:30 GMT", None, 0.0, None),
        ("Thu, 31 Dec 2026 23:00:00 GMT", DATE, 0.0, 0.0),
        ("Fri, 01 Jan 2027 01:00:30 +0100", DATE, 0.0, 30.0),
        ("Fri, 01 Jan 2027 00:00:30 -0000", DATE, 0.0, 30.0),
        ("Fri Jan  1 00:00:30 2027", "Fri Jan  1 00:00:00 2027", 0.0, 30.0),
        ("Fri Jan  1 00:00:30 2027", None, NOW, 30.0),
    ],
)
def test_dates_are_read_against_the_servers_clock(
    text: str, date: str | None, received_at: float, seconds: float | None, zone: str
) -> None:
    assert seconds == read(text, date, received_at)


TEXTS = (
    st.text(max_size=80)
    | st.from_regex(r"\A[0-9A-Za-z ,:+.-]{0,40}\Z")
    | st.floats().map(str)
    | st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))
)


@given(TEXTS, TEXTS, st.sampled_from([0.0, NOW]))
def test_any_header_gives_seconds_or_nothing(text: str, date: str, received_at: float) -> None:
    seconds = read(text, date, received_at)
    assert seconds is None or 0 <= seconds <= 1e9
