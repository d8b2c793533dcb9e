"""Shares of a read in Spark: never more than asked for, an account in few, and offsets that are proven."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest

from alive5._sansio.window import read_window
from alive5.spark.shares import Wanted, batch, dealt, latest, settled_through

UTC = timezone.utc
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
JANUARY = read_window("2026-01-01", "2026-01-31", None)
TENTH = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("accounts", [0, 1, 2, 3, 7, 50])
@pytest.mark.parametrize("most", [1, 2, 8, 9])
@pytest.mark.parametrize("slices", [0, 1, 3, 11])
def test_each_piece_is_dealt_once_and_evenly(accounts: int, most: int, slices: int) -> None:
    groups = [[(account, piece) for piece in range(slices)] for account in range(accounts)]
    lists = dealt(groups, most)
    assert Counter(piece for group in groups for piece in group) == Counter(piece for one in lists for piece in one)
    assert len(lists) <= most
    assert all(lists)
    apart = max(1, most // accounts) if accounts else 0
    for account in range(accounts):
        # A list is one task: so many of an account's requests are in flight at most.
        assert sum(any(of == account for of, _ in one) for one in lists) <= apart
    if accounts == 1:
        assert max(map(len, lists), default=0) - min(map(len, lists), default=0) <= 1


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], (None, None)),
        ([("EqualTo", ("kind",), "sms")], ({"sms"}, None)),
        ([("In", ("kind",), ("sms", "fbm")), ("EqualNullSafe", ("kind",), "fbm")], ({"fbm"}, None)),
        ([("EqualTo", ("kind",), "sms"), ("EqualTo", ("kind",), "fbm")], (set(), None)),
        ([("EqualNullSafe", ("kind",), None)], (set(), None)),
        ([("In", ("account",), ("north",))], (None, {"north"})),
        ([("StringStartsWith", ("kind",), "s")], (None, None)),
        ([("Not", (), None), ("EqualTo", ("city",), "Oslo"), ("EqualTo", ("kind", "x"), "sms")], (None, None)),
        ([("EqualTo", ("start_time",), "2026"), ("Like", ("start_time",), TENTH)], (None, None)),
        ([("GreaterThan", ("start_time",), datetime.max.replace(tzinfo=timezone(-timedelta(hours=9))))], (None, None)),
        ([("LessThan", ("start_time",), datetime.max.replace(tzinfo=UTC))], (None, None)),
    ],
    ids=str,
)
def test_conditions_on_kind_and_account(
    conditions: list[tuple[str, tuple[str, ...], object]], expected: object
) -> None:
    wanted = Wanted()
    for condition in conditions:
        wanted = wanted.narrowed(*condition)
    assert expected == (wanted.kinds, wanted.accounts)
    assert (JANUARY.lower, JANUARY.upper - TICK) == wanted.period(JANUARY)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("GreaterThan", TENTH - DAY, JANUARY.upper),
        ("GreaterThanOrEqual", TENTH - DAY, JANUARY.upper),
        ("LessThan", JANUARY.lower, TENTH + DAY),
        ("LessThanOrEqual", JANUARY.lower, TENTH + DAY),
        ("EqualTo", TENTH - DAY, TENTH + DAY),
        ("EqualNullSafe", TENTH - DAY, TENTH + DAY),
    ],
)
def test_conditions_on_the_start_leave_a_day_of_margin(name: str, low: datetime, high: datetime) -> None:
    wanted = Wanted().narrowed(name, ("start_time",), TENTH)
    assert (low, high - TICK) == wanted.period(JANUARY)
    far = Wanted().narrowed(name, ("start_time",), TENTH.replace(year=2024)).period(JANUARY)
    assert (far is None) == (name not in ("GreaterThan", "GreaterThanOrEqual"))


def test_the_narrowest_of_several_conditions_counts() -> None:
    wanted = Wanted()
    for name, day in [("GreaterThan", 4), ("GreaterThan", 8), ("LessThan", 20), ("LessThan", 12), ("GreaterThan", 6)]:
        wanted = wanted.narrowed(name, ("start_time",), TENTH.replace(day=day))
    assert (TENTH.replace(day=7), TENTH.replace(day=13) - TICK) == wanted.period(JANUARY)
    assert None is wanted.narrowed("GreaterThan", ("start_time",), TENTH.replace(day=20)).period(JANUARY)


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    # The ninth is over everywhere at noon of the tenth, and has settled a quarter of an hour later.
    [(0, 0, 8), (12, 14, 8), (12, 15, 9), (23, 59, 9)],
)
def test_a_day_is_settled_when_the_next_one_has_ended_everywhere(hour: int, minute: int, expected: int) -> None:
    now = datetime(2026, 1, 10, hour, minute, tzinfo=UTC)
    assert datetime(2026, 1, expected, tzinfo=UTC) == settled_through(now.timestamp())


def test_an_offset_never_goes_back_nor_beyond_the_end() -> None:
    now = TENTH.replace(hour=13).timestamp()
    ninth = TENTH - DAY
    assert ninth == latest(TENTH.replace(day=1), now, None)
    assert TENTH == latest(TENTH, now, None)
    assert TENTH.replace(day=5) == latest(TENTH.replace(day=1), now, TENTH.replace(day=5))
    assert TENTH.replace(day=7) == latest(TENTH.replace(day=7), now, TENTH.replace(day=5))


def test_a_batch_reads_the_last_days_again_but_nothing_before_the_start() -> None:
    first, end = TENTH.replace(day=1), TENTH.replace(day=12)
    assert (first, end - TICK) == batch(first, end, first, 3)
    assert (TENTH.replace(day=7), end - TICK) == batch(TENTH, end, first, 3)
    assert (TENTH, end - TICK) == batch(TENTH, end, first, 0)
    assert None is batch(end, end, first, 3)
