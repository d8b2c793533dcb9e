"""Jobs and requests: what an export is of, and how it goes with what a directory holds."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from alive5 import InvalidArgumentError
from alive5._sansio.redact import Secret
from alive5._sansio.window import read_window
from alive5.errors import OtherJobError
from alive5.export.plan.job import Job, fingerprint, is_sandbox, make_job, read_kinds
from alive5.export.plan.request import Request
from alive5.export.plan.span import DAY, END_OF_TIME, Span, day_start

ALL = ("livechat", "sms", "fbm")
JANUARY = Job(account="a", kinds=ALL, first=date(2026, 1, 1), last=date(2026, 1, 31))
ENDLESS = attrs.evolve(JANUARY, last=None)
EXACT = attrs.evolve(JANUARY, exact=True, lower_us=1, upper_us=9, tz="Europe/Berlin")
BERLIN = ZoneInfo("Europe/Berlin")


def us(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=timezone.utc).timestamp()) * 1_000_000  # type: ignore[misc]


def asked(**arguments: Any) -> Request:
    return Request(directory="there", **arguments)


@pytest.mark.parametrize("job", [JANUARY, ENDLESS, EXACT, attrs.evolve(EXACT, upper_us=None)])
def test_a_job_comes_back_from_its_json(job: Job) -> None:
    back = Job.read(json.loads(json.dumps(job.spec())))
    assert (job, job.id) == (back, back.id)


def test_other_jobs_have_other_names() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"account": "b"},
        {"kinds": ("sms",)},
        {"first": date(2026, 1, 2)},
        {"last": None},
        {"exact": True},
        {"lower_us": 1},
        {"upper_us": 1},
        {"tz": "UTC"},
    ]
    assert len(changes) == len({attrs.evolve(JANUARY, **change).id for change in changes})


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        (JANUARY, (day_start(date(2026, 1, 1)) * 1_000_000, day_start(date(2026, 2, 1)) * 1_000_000)),
        (ENDLESS, (day_start(date(2026, 1, 1)) * 1_000_000, END_OF_TIME)),
        (EXACT, (1, 9)),
        (attrs.evolve(EXACT, upper_us=None), (1, END_OF_TIME)),
    ],
)
def test_bounds(job: Job, expected: tuple[int, int]) -> None:
    assert expected == job.bounds


@pytest.mark.parametrize(
    ("job", "now", "last"),
    [
        (JANUARY, date(2026, 3, 1), date(2026, 2, 1)),
        (JANUARY, date(2026, 1, 10), date(2026, 1, 10)),
        (ENDLESS, date(2026, 3, 1), date(2026, 3, 1)),
    ],
)
def test_days_that_have_not_begun_are_not_read(job: Job, now: date, last: date) -> None:
    # A day more on each side: the host's days may be of any zone.
    assert Span(day_start(job.first) - DAY, day_start(last) + DAY) == job.span(day_start(now) + 60)


def test_a_period_that_has_not_begun_is_empty() -> None:
    assert 0 == ENDLESS.span(day_start(date(2025, 12, 1))).seconds
    assert 0 == ENDLESS.span(day_start(date(2025, 12, 30))).seconds


def test_an_open_period_ends_with_the_days_that_have_begun() -> None:
    low, high = ENDLESS.bounds_by(day_start(date(2026, 3, 1)) + 60)
    assert (ENDLESS.bounds[0], day_start(date(2026, 3, 2)) * 1_000_000) == (low, high)
    assert JANUARY.bounds == JANUARY.bounds_by(day_start(date(2026, 3, 1)))


def test_a_day_begins_where_it_begins_first() -> None:
    noon = day_start(date(2026, 1, 10)) + DAY // 2
    assert day_start(date(2026, 1, 12)) == ENDLESS.span(noon).high
    assert day_start(date(2026, 1, 11)) == ENDLESS.span(noon - 2 * 3600 - 1).high


def test_the_same_job_is_no_other() -> None:
    JANUARY.check(attrs.evolve(JANUARY), "out")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"account": "b"}, ("account: there b, asked a",)),
        ({"kinds": ("sms", "fbm")}, ("kinds: there sms, fbm, asked livechat, sms, fbm",)),
        ({"last": None}, ("end: there none, asked 2026-01-31",)),
        (
            {"first": date(2025, 1, 1), "tz": "UTC"},
            ("start: there 2025-01-01, asked 2026-01-01", "tz: there UTC, asked none"),
        ),
        (
            {"exact": True, "lower_us": us(2026, 1, 1), "upper_us": us(2026, 2, 1)},
            ("bounds: there exact times, asked whole days",),
        ),
        (
            {"exact": True, "lower_us": us(2026, 1, 1, 8), "upper_us": us(2026, 1, 31, 8) + 1},
            (
                "start: there 2026-01-01T08:00:00+00:00, asked 2026-01-01",
                "end: there 2026-01-31T08:00:00+00:00, asked 2026-01-31",
                "bounds: there exact times, asked whole days",
            ),
        ),
        (
            {"exact": True, "lower_us": us(2025, 12, 31, 23), "tz": "Europe/Berlin"},
            (
                "end: there none, asked 2026-01-31",
                "bounds: there exact times, asked whole days",
                "tz: there Europe/Berlin, asked none",
            ),
        ),
    ],
)
def test_another_job_is_refused_with_what_differs(change: dict[str, Any], expected: tuple[str, ...]) -> None:
    with pytest.raises(
        OtherJobError, match=r"^deep/out holds another export \(.*\): take another directory$"
    ) as caught:
        JANUARY.check(attrs.evolve(JANUARY, **change), "deep/out")
    assert expected == caught.value.differences


@pytest.mark.parametrize(
    ("job", "other", "last", "upper"),
    [
        (JANUARY, attrs.evolve(JANUARY, last=date(2026, 2, 3)), date(2026, 2, 3), None),
        (JANUARY, attrs.evolve(JANUARY, last=date(2026, 1, 3)), date(2026, 1, 31), None),
        (JANUARY, ENDLESS, None, None),
        (ENDLESS, JANUARY, None, None),
        (EXACT, attrs.evolve(EXACT, upper_us=12), date(2026, 1, 31), 12),
        (EXACT, attrs.evolve(EXACT, upper_us=5), date(2026, 1, 31), 9),
        (EXACT, attrs.evolve(EXACT, last=None, upper_us=None), None, None),
    ],
)
def test_until_the_later_end(job: Job, other: Job, last: date | None, upper: int | None) -> None:
    assert attrs.evolve(job, last=last, upper_us=upper) == job.until(other)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [("sms", ("sms",)), (["fbm", "livechat"], ("livechat", "fbm")), (iter(["sms", "sms"]), ("sms",)), (ALL, ALL)],
)
def test_kinds_come_in_order(kinds: Any, expected: tuple[str, ...]) -> None:
    assert expected == read_kinds(kinds)


@pytest.mark.parametrize("kinds", [[], "", "mail", ["sms", "mail"]])
def test_kinds_that_are_not(kinds: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="kinds must name some of livechat, sms, fbm"):
        read_kinds(kinds)


@pytest.mark.parametrize(
    ("start", "end", "zone", "expected"),
    [
        ("2026-01-01", "2026-01-31", None, JANUARY),
        ("2026-01-01", None, None, ENDLESS),
        (
            "2026-01-02T08:00:00Z",
            "2026-01-03T08:00:00Z",
            None,
            Job(
                account="a", kinds=ALL, first=date(2026, 1, 1), last=date(2026, 1, 4), exact=True,
                lower_us=us(2026, 1, 2, 8), upper_us=us(2026, 1, 3, 8) + 1,
            ),
        ),
        (
            "2026-01-02",
            None,
            BERLIN,
            Job(
                account="a", kinds=ALL, first=date(2025, 12, 31), exact=True, lower_us=us(2026, 1, 1, 23),
                tz="Europe/Berlin",
            ),
        ),
    ],
)  # fmt: skip
def test_a_job_of_a_period(start: str, end: str | None, zone: Any, expected: Job) -> None:
    assert expected == make_job(read_window(start, end, zone), ALL, "a", zone)


def test_a_period_needs_a_start() -> None:
    with pytest.raises(InvalidArgumentError, match="start is needed"):
        make_job(read_window(None, "2026-01-01", None), ALL, "a", None)


def test_an_account_is_named_without_its_key() -> None:
    names = [fingerprint(key, sandbox=False) for key in (None, Secret("one"), Secret("two"), Secret("one"))]
    assert names[1] == names[3]
    assert {8} == {len(name) for name in names}
    assert 3 == len(set(names))
    assert "sandbox" == fingerprint(Secret("one"), sandbox=True)


def test_which_port_is_a_sandbox() -> None:
    class Port:
        is_sandbox: Any = True

    said = Port()
    said.is_sandbox = "yes"
    assert [True, False, False] == [is_sandbox(one) for one in (Port(), said, object())]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"kinds": "mail"}, "kinds must name"),
        ({"concurrency": 0}, "concurrency must be a whole number"),
        ({"concurrency": True}, "concurrency must be a whole number"),
        ({"require": "D"}, 'require must be "A" or "B"'),
        ({"max_rps": 0}, "max_rps must be a number of requests a second, above 0"),
        ({"max_rps": "1"}, "max_rps must be"),
    ],
)
def test_requests_that_are_refused(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidArgumentError, match=text):
        asked(**arguments)


@pytest.mark.parametrize(("given", "expected"), [("csv", ("csv",)), (["csv", "jsonl"], ("csv", "jsonl"))])
def test_formats_are_one_or_several(given: Any, expected: tuple[str, ...]) -> None:
    assert expected == asked(formats=given, max_rps=2.5).formats


NEW = {"start": "2026-01-01", "end": "2026-01-31"}
INSTANTS = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-31T00:00:00Z"}
AS_INSTANTS = asked(**INSTANTS).asked("a", None)
AS_BERLIN = asked(**NEW, tz="Europe/Berlin").asked("a", None)


@pytest.mark.parametrize(
    ("arguments", "stored", "expected"),
    [
        (NEW, None, JANUARY),
        (NEW, JANUARY, JANUARY),
        ({}, JANUARY, JANUARY),
        ({"end": "2026-01-31"}, JANUARY, JANUARY),
        ({}, attrs.evolve(JANUARY, kinds=("sms",)), attrs.evolve(JANUARY, kinds=("sms",))),
        ({**NEW, "tz": "Europe/Berlin"}, AS_BERLIN, AS_BERLIN),
        ({"end": "2026-01-31"}, AS_BERLIN, AS_BERLIN),
        ({"tz": "Europe/Berlin"}, AS_BERLIN, AS_BERLIN),
        ({}, AS_INSTANTS, AS_INSTANTS),
        # since_last goes on to the later end, with the kinds that are there.
        ({"since_last": True, **NEW}, None, JANUARY),
        ({"since_last": True}, JANUARY, ENDLESS),
        ({"since_last": True}, ENDLESS, ENDLESS),
        ({"since_last": True, "end": "2026-02-01"}, ENDLESS, ENDLESS),
        ({"since_last": True, "end": "2026-02-01"}, JANUARY, attrs.evolve(JANUARY, last=date(2026, 2, 1))),
        ({"since_last": True, "end": "2026-01-05"}, JANUARY, JANUARY),
        ({"since_last": True, **NEW}, JANUARY, JANUARY),
        ({"since_last": True}, attrs.evolve(JANUARY, kinds=("sms",)), attrs.evolve(ENDLESS, kinds=("sms",))),
        ({"since_last": True, **NEW}, attrs.evolve(JANUARY, kinds=("sms",)), attrs.evolve(JANUARY, kinds=("sms",))),
        ({"since_last": True}, AS_INSTANTS, attrs.evolve(AS_INSTANTS, last=None, upper_us=None)),
        (
            {"since_last": True, "end": "2026-02-28"},
            AS_BERLIN,
            attrs.evolve(AS_BERLIN, last=date(2026, 3, 1), upper_us=us(2026, 2, 28, 23)),
        ),
    ],
)
def test_the_job_that_is_run(arguments: dict[str, Any], stored: Job | None, expected: Job) -> None:
    assert expected == asked(**arguments).settle(stored, "a", None)


@pytest.mark.parametrize(
    ("arguments", "stored", "names"),
    [
        ({"kinds": "sms"}, JANUARY, ["kinds"]),
        ({"end": "2026-02-01"}, JANUARY, ["end"]),
        ({"end": "2026-01-31"}, ENDLESS, ["end"]),
        ({"start": "2026-01-01"}, JANUARY, ["end"]),
        ({**NEW, "start": "2026-01-02"}, JANUARY, ["start"]),
        ({"end": "2026-01-31T00:00:00Z"}, JANUARY, ["end", "bounds"]),
        ({**NEW, "tz": "UTC"}, JANUARY, ["bounds", "tz"]),
        ({"since_last": True, "start": "2026-01-02"}, JANUARY, ["start"]),
        ({"tz": "Europe/Berlin"}, JANUARY, ["tz"]),
        ({"tz": "UTC"}, AS_BERLIN, ["tz"]),
        ({"tz": "UTC", "end": "2026-01-31"}, AS_BERLIN, ["tz"]),
        ({"since_last": True, "tz": "UTC"}, AS_BERLIN, ["tz"]),
        ({"since_last": True, "kinds": "sms"}, JANUARY, ["kinds"]),
        ({"since_last": True, "end": "2026-01-31T00:00:00Z"}, JANUARY, ["end", "bounds"]),
    ],
)
def test_the_job_of_another_directory(arguments: dict[str, Any], stored: Job, names: list[str]) -> None:
    with pytest.raises(OtherJobError) as caught:
        asked(**arguments).settle(stored, "a", None)
    assert names == [text.partition(":")[0] for text in caught.value.differences]


@pytest.mark.parametrize("arguments", [{}, {"since_last": True}, NEW])
def test_another_account_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(OtherJobError) as caught:
        asked(**arguments).settle(JANUARY, "b", None)
    assert ("account: there a, asked b",) == caught.value.differences


def test_a_zone_that_is_none_is_refused_by_a_directory_too() -> None:
    with pytest.raises(InvalidArgumentError, match="tz"):
        asked(tz="Mars/Olympus").settle(AS_BERLIN, "a", None)


def test_the_zone_asked_for_goes_before_the_clients() -> None:
    client = timezone(timedelta(hours=2))
    assert AS_BERLIN == asked(**NEW, tz="Europe/Berlin").asked("a", client)
    assert "UTC+02:00" == asked(**NEW).asked("a", client).tz
