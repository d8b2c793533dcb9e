"""The numbers a page is made of: buckets, quantiles, weeks, repeats."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.counts import seed

from alive5.export.insight.figures import ConversationMetrics
from alive5.export.insight.periods import Period, volume_of
from alive5.export.insight.summary import BUCKETS, Summary, Waits, distribution, median, nine_tenths, together

ROW: dict[str, Any] = {
    **dict.fromkeys((
        "channel_id", "channel_name", "assigned_to", "tags", "started", "weekday", "hour", "in_business_hours",
        "duration_seconds", "first_response_seconds", "first_response_business_seconds",
        "later_response_median_seconds", "later_response_longest_seconds", "answered_by", "unanswered", "contact_key",
        "returning_contact",
    )),
    **dict.fromkeys(("n_messages", "from_customer", "from_agents", "from_bots", "from_unknown", "undated", "waits"), 0),
    "kind": "sms", "session_id": "s", "agents": (),
}  # fmt: skip


def row(**values: Any) -> ConversationMetrics:
    return ConversationMetrics(**{**ROW, **values})


def test_buckets_end_before_their_bound() -> None:
    values = [0.0, 59.999, 60, 299, 300, 900, 3_600, 14_400, 86_399.9, 86_400, 10**9]
    assert [2, 2, 1, 1, 1, 2, 2] == distribution(values)
    assert len(BUCKETS) == len(distribution(values))
    assert [0] * 7 == distribution([])


@pytest.mark.parametrize(
    ("values", "middle", "ninety"),
    [([], None, None), ([5], 5, 5), ([1, 2], 1.5, 2), ([*range(1, 11)], 5.5, 9), ([*range(1, 12)], 6, 10)],
)
def test_quantiles(values: list[float], middle: float | None, ninety: float | None) -> None:
    assert (middle, ninety) == (median(values), nine_tenths(values[::-1]))


def test_nine_tenths_is_the_smallest_that_holds_ninety_percent() -> None:
    rng = random.Random(seed())
    for _ in range(300):
        values = [rng.randrange(50) for _ in range(rng.randrange(1, 60))]
        fitting = [value for value in values if sum(other <= value for other in values) * 10 >= len(values) * 9]
        assert min(fitting) == nine_tenths(values)


def test_who_asked_was_answered_or_not_or_nobody_can_tell() -> None:
    waits = Waits()
    for values in (
        {},
        {"waits": 1, "first_response_seconds": 5.0, "first_response_business_seconds": 2.0, "unanswered": False},
        {"waits": 2, "unanswered": False},
        {"waits": 1, "unanswered": True},
        {"waits": 1},
    ):
        waits.add(row(**values))
    assert (5, 4, 1, 2) == (waits.conversations, waits.asked, waits.unanswered, waits.untold)
    both = together([waits, waits])
    assert (10, 8, 2, 4, [5.0, 5.0], [2.0, 2.0]) == (
        both.conversations, both.asked, both.unanswered, both.untold, [*both.seconds], [*both.business],
    )  # fmt: skip


def test_an_answer_counts_for_whom_gave_it() -> None:
    summary = Summary()
    summary.add(row(assigned_to="Maria", answered_by="Ken", waits=1, first_response_seconds=3.0))
    summary.add(row(assigned_to="ken ", waits=1, unanswered=True))
    summary.add(row(assigned_to="Maria", channel_id="c"))
    summary.add(row(channel_id="c", channel_name="Desk"))
    assert {"Ken": 2, "Maria": 1, None: 1} == {name: waits.conversations for name, waits in summary.people.items()}
    assert {None: 2, "c": 1, "Desk": 1} == {name: waits.conversations for name, waits in summary.channels.items()}
    assert 4 == summary.conversations


def test_days_are_of_the_zone() -> None:
    summary = Summary(ZoneInfo("America/New_York"))
    started = datetime(2026, 1, 5, 3, tzinfo=timezone.utc)  # still Sunday in New York
    summary.add(row(started=started, weekday=7, hour=22, in_business_hours=True))
    summary.add(row())
    assert {(date(2026, 1, 4).toordinal(), "sms"): 1} == summary.days
    assert (1, {(7, 22): 1}, 1) == (summary.undated, summary.hours, summary.in_business_hours)


def test_contacts_tags_and_durations() -> None:
    summary = Summary()
    for number, times in enumerate((1, 1, 2, 5, 7)):
        for _ in range(times):
            summary.add(row(contact_key=f"{number:016x}", tags=("a", "a"), duration_seconds=2.0))
    summary.add(row(tags=()))
    assert [2, 1, 0, 0, 2] == summary.repeats
    assert (5, 1, 1) == (len(summary.contacts), summary.without_contact, summary.untagged)
    assert {"a": 16} == summary.tags
    assert 16 == len(summary.durations)


def days(*moments: str) -> Counter[tuple[int, str]]:
    return Counter((date.fromisoformat(moment).toordinal(), "sms") for moment in moments)


def test_weeks_begin_on_mondays_and_none_is_left_out() -> None:
    found = volume_of(days("2026-01-04", "2026-01-05", "2026-01-11", "2026-01-19"))
    assert "week" == found.unit
    assert (
        Period(date(2025, 12, 29), {"sms": 1}), Period(date(2026, 1, 5), {"sms": 2}),
        Period(date(2026, 1, 12), {}), Period(date(2026, 1, 19), {"sms": 1}),
    ) == found.periods  # fmt: skip


def test_many_years_are_months_or_years() -> None:
    months = volume_of(Counter({(date(2020 + n // 12, n % 12 + 1, 9).toordinal(), "fbm"): 2 for n in range(60)}))
    assert ("month", 60, 0) == (months.unit, len(months.periods), months.outside)
    assert (date(2020, 1, 1), date(2024, 12, 1)) == (months.periods[0].first, months.periods[-1].first)
    years = volume_of(days(*(f"{year}-06-01" for year in range(1990, 2026))))
    assert ("year", 36, date(1990, 1, 1)) == (years.unit, len(years.periods), years.periods[0].first)


def test_an_odd_time_does_not_make_weeks_into_years() -> None:
    usual = Counter({(date(2026, 1, 1).toordinal() + day, "sms"): 9 for day in range(60)})
    found = volume_of(usual + days("1970-01-01", "0001-01-01", "9999-12-31"))
    assert ("week", 3) == (found.unit, found.outside)
    assert date(2025, 12, 29) == found.periods[0].first
    ends = volume_of(days("0001-01-01", "9999-12-31"))
    assert ("year", 1, date(9999, 1, 1)) == (ends.unit, ends.outside, ends.periods[0].first)


def test_of_nothing_there_is_nothing() -> None:
    assert ((), 0) == (volume_of({}).periods, volume_of({}).outside)
