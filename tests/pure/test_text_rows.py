"""Rows become texts, what is wrong is named by line, and turns are taken in order."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from alive5 import InvalidArgumentError, SendingProgress, TextResult
from alive5.sending.plan.quiet import QuietHours
from alive5.sending.plan.rows import Problems, Template, drafts
from alive5.sending.plan.schedule import Recipient, Schedule
from alive5.sending.plan.stops import Word, has_stopped

PERSON = {"phone_number": " +12025550123 ", "first_name": "Grace", "Day of visit": "Friday"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hi {first_name}, see you on {Day of visit}", "Hi Grace, see you on Friday"),
        ("{first_name}{first_name}", "GraceGrace"),
        ("{{first_name}}", "{first_name}"),
        ("Plain", "Plain"),
    ],
)
def test_a_template_is_filled(template: str, text: str) -> None:
    assert text == Template(template).fill(PERSON)


@pytest.mark.parametrize(
    "wrong", ["{", "}", "{}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a:{b}}", None, 7, "{first_name.__class__}"]
)
def test_a_template_reaches_columns_alone(wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        Template(wrong)
    assert "template" == caught.value.argument


def test_a_template_names_its_columns() -> None:
    assert ["a", "b"] == Template("{a} and {b}").columns


def read(rows: list[Any], template: str | None = None) -> tuple[list[Any], str]:
    problems = Problems()
    found = drafts(enumerate(rows, 1), None if template is None else Template(template), problems)
    try:
        problems.check()
    except InvalidArgumentError as error:
        return found, str(error)
    return found, ""


def test_rows_are_read() -> None:
    found, wrong = read([PERSON | {"message": " Hello ", "key": 7}, {"phone_number_to": "1", "message": "x"}])
    assert "" == wrong
    assert [(1, "+12025550123", " Hello ", "7"), (2, "1", "x", "")] == [
        (one.line, one.number, one.message, one.key) for one in found
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"message": "x"}, "phone_number is missing or empty"),
        ({"phone_number": "", "message": "x"}, "phone_number is missing or empty"),
        ({"phone_number": "+12025550123"}, "message is missing or empty"),
        ({"phone_number": "+12025550123", "message": ""}, "message is missing or empty"),
        ({"phone_number": "+12025550123", "message": "  "}, "the text must have 1 to 1,600 characters"),
        ({"phone_number": "+12025550123", "message": "x" * 1601}, "the text must have 1 to 1,600 characters"),
        ("+12025550123", "is no row with columns"),
    ],
)
def test_what_is_wrong_with_a_row_is_named_by_its_line(row: Any, why: str) -> None:
    found, wrong = read([PERSON | {"message": "fine"}, row])
    assert f"line 2: {why}" in wrong
    assert "12025550123" not in wrong
    assert [1] == [one.line for one in found]


def test_a_column_that_is_empty_or_missing() -> None:
    _, wrong = read([PERSON, {**PERSON, "first_name": " "}, {"phone_number": "1"}], "Hi {first_name}")
    assert "line 2: first_name is missing or empty; line 3: first_name is missing or empty" in wrong


def test_many_problems_are_counted() -> None:
    _, wrong = read([{}] * 50)
    assert wrong.endswith("line 20: phone_number is missing or empty; and 30 more")


NOON = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)


def said(*texts: str, by_person: bool = True) -> list[Word]:
    return [Word(NOON + timedelta(minutes=number), by_person, text) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("words", "stopped"),
    [
        ([], False),
        (said("Hello"), False),
        (said("STOP"), True),
        (said(" stop. "), True),
        (said("Unsubscribe"), True),
        (said("stop by on Friday"), False),
        (said("STOP", "why do you still write?"), True),
        (said("STOP", "START"), False),
        (said("START", "STOP"), True),
        (said("STOP", "UNSTOP", "Opt out"), True),
        # The service may name anybody as the author of a STOP; START is the person's alone.
        (said("STOP", by_person=False), True),
        ([*said("STOP"), Word(NOON + timedelta(hours=1), False, "START")], True),
        # By time, not as delivered.
        ([*reversed(said("STOP", "START"))], False),
        ([Word(None, True, "START"), *said("STOP")], True),
    ],
)
def test_who_has_stopped(words: list[Word], stopped: bool) -> None:
    assert stopped == has_stopped(words)


UTC, EAST = timezone.utc, timezone(timedelta(hours=12))


def recipient(line: int, *zones: Any, parts: int = 1) -> Recipient:
    return Recipient(line, "+12025550123", "Hello", str(line), parts, zones or (UTC,))


def line_of(one: Recipient | None) -> int | None:
    return None if one is None else one.line


def test_turns_are_by_line_and_by_zone() -> None:
    schedule, noon = Schedule(QuietHours(21 * 60, 8 * 60), 25, 60.0), NOON.timestamp()
    for one in (recipient(1, EAST), recipient(2), recipient(3, parts=2), recipient(4, UTC, EAST)):
        schedule.add(one)
    first = schedule.take(noon)
    assert 2 == line_of(first)
    assert first is not None
    schedule.put_back(first)
    assert [2, 3, None] == [line_of(schedule.take(noon)) for _ in range(3)]
    # In the east it is midnight; no time is outside of both.
    assert noon + 8 * 3600 == schedule.next_turn(noon)
    assert noon + 8 * 3600 + 2.4 == pytest.approx(noon + schedule.seconds_left(noon))


def test_without_quiet_hours_everybody_has_a_turn() -> None:
    schedule = Schedule(None, 60, 60.0)
    assert (None, 0.0) == (schedule.next_turn(5.0), schedule.seconds_left(5.0))
    for line in (1, 2):
        schedule.add(recipient(line, parts=3))
    assert (5.0, 6.0, 3.0) == (schedule.next_turn(5.0), schedule.seconds_left(5.0), schedule.cost(3))
    assert [1, 2] == [line_of(schedule.take(5.0)) for _ in range(2)]


def test_results_show_nobody() -> None:
    result = TextResult(line=7, phone_number_to="+12025550123", outcome="rejected", reason="x", parts=2)
    assert ("<TextResult line=7 rejected>", 2) == (repr(result), result.credits)
    progress = SendingProgress(done=1, total=2, parts_done=2, parts=4, outcomes={"accepted": 1}, eta_seconds=4.8)
    assert 4 == progress.credits
