"""Time zones as callers name them, and times shown in them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alive5 import InvalidArgumentError
from alive5._zones import read_zone, show_at


def test_zones() -> None:
    zone = timezone(timedelta(hours=5))
    assert (None, zone) == (read_zone(None), read_zone(zone))
    assert ZoneInfo("America/New_York") == read_zone("America/New_York")
    assert timezone.utc == read_zone("UTC") == read_zone("utc")
    for offset in (timedelta(hours=2), timedelta(hours=-9, minutes=-30), timedelta(hours=14)):
        assert timezone(offset) == read_zone(str(timezone(offset)))


@pytest.mark.parametrize(
    "zone", ["", "Nowhere", "America", "../etc/passwd", "/etc/passwd", "a\0b", 5, "x" * 5000, "\ud800"]
)
def test_other_zones_are_refused(zone: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_zone(zone)
    assert (caught.value.argument, caught.value.__cause__) == ("tz", None)


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        (None, "UTC", ""),
        (datetime(2026, 1, 2, 3, 4, 59, tzinfo=timezone.utc), "America/New_York", "2026-01-01 22:04"),
        (datetime(9999, 12, 31, 23, 30, tzinfo=timezone.utc), "UTC+05:30", "9999-12-31 23:30Z"),
        (datetime(1, 1, 1, 0, 30, tzinfo=timezone.utc), "UTC-05:30", "1-01-01 00:30Z"),
    ],
)
def test_times_in_a_zone(moment: datetime | None, zone: str, shown: str) -> None:
    """At the ends of the calendar, where the zone's own time is no time of Python's, it is UTC."""
    found = read_zone(zone)
    assert found is not None
    assert shown == show_at(moment, found).lstrip("0")
