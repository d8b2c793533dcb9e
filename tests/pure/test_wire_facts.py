"""What answers prove of a host, and what they do not."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from alive5 import errors
from alive5._sansio import wire_facts as facts
from alive5._sansio.window import read_window
from alive5._sansio.wire_facts import Finding, Seen, Told
from alive5.models import SmsConversation

DAY = datetime(2026, 3, 3, tzinfo=timezone.utc)
WINDOW = read_window("2026-03-01", "2026-03-31", None)
GONE = Seen(failure="NotFoundError 404", final=True)
DOWN = Seen(failure="ServerError 503")


def row(name: str, hours: float = 12.3, channel: str | None = "c") -> Any:
    start = int((DAY + timedelta(hours=hours)).timestamp() * 1000)
    return SmsConversation(alive5_session_id=name, start_time=start, channel_id=channel)  # type: ignore[arg-type]


def seen(*names: str, **more: Any) -> Seen:
    return Seen(rows=[row(name) for name in names], **more)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (seen("a"), Told("yes")),
        (seen(), Told("yes", "without rows")),
        (GONE, Told("no", "NotFoundError 404")),
        (DOWN, Told("not shown", "ServerError 503")),
    ],
)
def test_a_listing_answers(answer: Seen, told: Told) -> None:
    assert told == facts.judge_answer(answer)


@pytest.mark.parametrize(
    ("error", "final", "failure"),
    [
        (errors.BadRequestError("Ada", code=400), True, "BadRequestError 400"),
        (errors.AuthenticationError("Ada", status=401), True, "AuthenticationError 401"),
        (errors.ResponseError("Ada"), True, "ResponseError"),
        (errors.ServerError("Ada", status=503), False, "ServerError 503"),
        (errors.TimedOutError("Ada"), False, "TimedOutError"),
    ],
)
def test_a_failure_says_class_and_code_alone(error: errors.Alive5Error, final: bool, failure: str) -> None:
    assert Seen(failure=failure, final=final) == facts.failed(error)


@pytest.mark.parametrize(
    ("rows", "past", "answer"),
    [
        ([row("a")], seen(), "yes"),
        ([row("a")], seen("old"), "no"),
        ([row("a"), row("far", 24 * 60)], None, "no"),
        ([row("a")], DOWN, "not shown"),
        ([row("a")], None, "not shown"),
        ([], seen(), "not shown"),
    ],
)
def test_dates_are_honoured(rows: list[Any], past: Seen | None, answer: str) -> None:
    assert answer == facts.judge_dates(WINDOW, rows, past).answer


def test_a_row_near_noon_is_chosen() -> None:
    rows = [row("early", 1), row("noon", 11.5), SmsConversation(), row("late", 20)]
    assert "noon" == facts.choose_row(rows).id  # type: ignore[union-attr]
    assert None is facts.choose_row([SmsConversation()])
    assert (date(2026, 3, 3), None) == (facts.day_of(row("a")), facts.day_of(SmsConversation()))


@pytest.mark.parametrize(
    ("short", "longer", "hours", "answer", "why"),
    [
        (seen("a"), None, 12.3, "day", ""),
        (seen(), seen("a"), 12.3, "boundary at midnight", ""),
        (seen(), Seen(rows=[row("a", 3.3)]), 3.3, "not shown", "no row near noon"),
        (seen(), seen("b"), 12.3, "not shown", "the day's rows do not tell"),
        (seen(), None, 12.3, "not shown", "the day's rows do not tell"),
        (Seen(rows=[row("m", 0)]), None, 12.3, "not shown", "the day's rows do not tell"),
        (Seen(rows=[SmsConversation()]), None, 12.3, "not shown", "the day's rows do not tell"),
        (DOWN, None, 12.3, "not shown", "ServerError 503"),
        (seen(), GONE, 12.3, "not shown", "NotFoundError 404"),
    ],
)
def test_an_end_date(short: Seen, longer: Seen | None, hours: float, answer: str, why: str) -> None:
    assert Told(answer, why) == facts.judge_end(row("a", hours), short, longer)


def test_an_end_date_by_a_row_without_a_start() -> None:
    bare = SmsConversation(alive5_session_id="a")
    assert "no row near noon" == facts.judge_end(bare, seen(), Seen(rows=[bare])).why


@pytest.mark.parametrize(
    ("zeroth", "first", "second", "size", "told"),
    [
        (seen(), seen("a"), None, 5, Told("1")),
        (GONE, seen("a"), None, 5, Told("1", "page 0 is refused")),
        (seen("a"), seen("b"), None, 5, Told("0")),
        (seen("a"), seen("a"), seen("b"), 5, Told("1")),
        (seen("a"), seen("a"), seen(), 5, Told("not shown", "pages 0 and 1 are alike")),
        (seen("a"), seen("a"), DOWN, 5, Told("not shown", "pages 0 and 1 are alike")),
        (seen("a"), seen("a"), None, 5, Told("not shown", "pages 0 and 1 are alike")),
        (seen("a", "b"), seen("a", "b"), seen("a", "b"), 1, Told("no pages")),
        (seen("a"), seen("a"), seen("a"), None, Told("no pages")),
        (seen("a"), seen("a"), seen("a"), 5, Told("not shown", "all pages are alike")),
        (seen("a", "b"), seen("b", "c"), None, 5, Told("not shown", "pages 0 and 1 overlap")),
        (seen("a"), Seen(rows=[row("a", channel="d")]), None, 5, Told("not shown", "pages 0 and 1 overlap")),
        (seen(), seen(), None, 5, Told("not shown", "no rows")),
        (DOWN, seen("a"), None, 5, Told("not shown", "ServerError 503")),
        (None, GONE, None, 5, Told("not shown", "NotFoundError 404")),
        (None, seen("a"), None, 5, Told("not shown", "no rows")),
    ],
)
def test_the_first_page(zeroth: Seen | None, first: Seen, second: Seen | None, size: int | None, told: Told) -> None:
    assert told == facts.judge_base(zeroth, first, second, size)


@pytest.mark.parametrize(
    ("usual", "bare", "answer"),
    [
        (seen("a"), GONE, "yes"),
        (seen("a"), seen("a"), "no"),
        (seen("a"), DOWN, "not shown"),
        (DOWN, None, "not shown"),
        (seen(), None, "not shown"),
    ],
)
def test_pages_are_required(usual: Seen, bare: Seen | None, answer: str) -> None:
    assert answer == facts.judge_required(usual, bare).answer


TWO = seen("a", "b")


@pytest.mark.parametrize(
    ("small", "large", "following", "answer"),
    [
        ((1, TWO), None, None, "limit is ignored: 2 rows a page"),
        ((5, seen("a")), (2, TWO), None, "2 or more"),
        ((5, seen("a")), (9, seen("a", "b", total=7)), None, "2"),
        ((5, seen("a")), (9, TWO), seen("c"), "2"),
        ((5, seen("a")), (9, TWO), TWO, "not shown"),
        ((5, seen("a")), (9, TWO), None, "not shown"),
        ((5, seen("a")), (9, DOWN), None, "not shown"),
        ((5, seen("a")), (9, seen()), None, "not shown"),
        ((5, seen()), None, None, "not shown"),
        ((5, GONE), None, None, "not shown"),
    ],
)
def test_the_most_rows_of_a_page(small: Any, large: Any, following: Seen | None, answer: str) -> None:
    assert answer == facts.judge_cap(small, large, following).answer


@pytest.mark.parametrize(
    ("channel", "narrowed", "impossible", "answer"),
    [
        ("c", seen("a"), seen(), "yes"),
        ("c", seen("a"), seen("a"), "no"),
        ("d", seen("a"), seen(), "no"),
        ("c", seen(), seen(), "not shown"),
        ("c", DOWN, seen(), "not shown"),
        ("c", seen("a"), GONE, "not shown"),
        (None, None, None, "not shown"),
        ("c", None, seen(), "not shown"),
        ("c", seen("a"), None, "not shown"),
    ],
)
def test_filters(channel: str | None, narrowed: Seen | None, impossible: Seen | None, answer: str) -> None:
    assert answer == facts.judge_filter(channel, narrowed, impossible).answer


def finding(fact: int, about: str, answer: str) -> Finding:
    return Finding(fact=fact, about=about, question="", answer=answer, why="", probe="")


def answering(edition: str, fact: int, count: int, *dates: str) -> list[Finding]:
    some = [finding(fact, f"{edition} {number}", "yes" if number < count else "no") for number in range(3)]
    return [*some, *(finding(fact + 2, f"{edition} x", answer) for answer in dates)]


@pytest.mark.parametrize(
    ("old", "new", "edition"),
    [
        ((3, "yes", "yes"), (3, "yes", "yes"), "documented"),
        ((3, "no", "yes"), (3, "yes", "yes"), "current"),
        ((3, "no", "no"), (3, "no", "no"), "documented"),
        ((3, "no"), (0,), "documented"),
        ((2, "yes"), (3, "yes"), "current"),
        ((3, "not shown"), (3, "yes"), "current"),
        ((3, "yes"), (2, "yes"), "documented"),
        ((0,), (1, "no"), "current"),
        ((0,), (0,), None),
    ],
)
def test_the_edition_to_use(old: Any, new: Any, edition: str | None) -> None:
    assert edition == facts.choose_edition([*answering("documented", 1, *old), *answering("current", 2, *new)])


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "a bare list"),
        ({"Items": []}, "Items"),
        ({"items": []}, "items"),
        ({"Items": {"a": {}}}, "Items by key"),
        ({"rows": []}, ""),
        (None, ""),
    ],
)
def test_where_a_list_stands(data: Any, place: str) -> None:
    assert place == facts.describe_list(data)


def test_the_form_of_rows() -> None:
    assert "flat" == facts.describe_rows([{"a": 1}, "text"])
    assert "flat and threads" == facts.describe_rows([{"a": 1}, {"threadData": {}}])
    assert "" == facts.describe_rows([])


def test_days_are_asked_for_exactly() -> None:
    window = facts.exactly(date(2026, 3, 3), date(2026, 3, 4))
    assert {"start": "03-03-2026", "end": "03-04-2026"} == window.arguments()
