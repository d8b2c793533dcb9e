"""The second count of neighbouring windows: which are counted together, and what a count shows."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support.counts import count, seed

from alive5.export.plan.grades import SAMPLED, UNCOUNTED
from alive5.export.plan.recount import Count, Group, counted, groups, last_page, uncounted
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow

SIZE = 10


def window(day: int, rows: int, **facts: Any) -> StoredWindow:
    facts = {"state": "done", "grade": "B", "flags": (UNCOUNTED,), **facts}
    return StoredWindow(kind="sms", span=Span(day * DAY, (day + 1) * DAY), rows=rows, **facts)


def by_sum(windows: Any) -> int:
    return sum(one.rows for one in windows)


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([], []),
        ([window(0, 5)], [[0]]),
        ([window(0, 5), window(1, 0), window(2, 9)], [[0, 1, 2]]),
        # Others lie between them, or are read again anyway.
        ([window(0, 5), window(2, 9)], [[0], [2]]),
        ([window(0, 5), window(1, 5, flags=()), window(2, 9)], [[0], [2]]),
        ([window(0, 5), window(1, 5, open=True), window(2, 9)], [[0], [2]]),
        ([window(0, 5), window(1, 5, state="todo"), window(2, 9)], [[0], [2]]),
        # Forty pages are enough.
        ([window(0, 200), window(1, 200), window(2, 1)], [[0, 1], [2]]),
        ([window(0, 900), window(1, 1)], [[0], [1]]),
    ],
)
def test_groups(windows: list[StoredWindow], expected: list[list[int]]) -> None:
    made = groups(windows, SIZE, by_sum)
    assert expected == [[one.span.low // DAY for one in group.windows] for group in made]
    assert [by_sum(group.windows) for group in made] == [group.rows for group in made]


def test_a_group_is_a_period_and_can_be_taken_apart() -> None:
    (group,) = groups([window(0, 5), window(1, 7)], SIZE, lambda _: 11)
    assert (Span(0, 2 * DAY), 11) == (group.span, group.rows)
    assert [Group((window(0, 5),), 5), Group((window(1, 7),), 7)] == group.alone()
    assert groups([window(0, 5), window(1, 7)], SIZE, lambda _: None)[0].rows is None


def shown(made: Count) -> list[str]:
    return [name for name in ("agrees", "falls_short") if getattr(made, name)]


@pytest.mark.parametrize(
    ("rows", "last", "after", "expected"),
    [
        (0, "", "", "agrees"),
        (3, "abc", "", "agrees"),
        (3, "abc", "abc", "agrees"),  # repeats its last page
        (23, "abc", "", "agrees"),
        (3, "abc", "AB", None),  # the same conversations with other messages
        (20, "abcdefghij", "", "agrees"),
        (3, "abc", "d", None),
        (3, "abcd", "", None),
        (0, "a", "", None),
        # Pages that vary in size tell of no more rows than they show.
        (23, "ab", "c", None),
        (8, "abc", "de", None),
        (4, "abc", "de", None),
        # Some of its rows again are no repeated page: others may follow.
        (3, "abc", "b", None),
        (4, "abc", "ab", None),
        (2, "abc", "ab", None),
        (3, "ab", "", "falls_short"),
        (23, "", "", "falls_short"),
        (20, "", "", "falls_short"),
    ],
)
def test_what_a_count_shows(rows: int, last: str, after: str, expected: str | None) -> None:
    made = Count(rows, SIZE, tuple(last), tuple(after))
    assert shown(made) == ([expected] if expected else [])
    assert made.is_uneven == (len(last) < SIZE and not set(after) <= set(last))
    assert len({*last, *after}) == made.seen
    assert max(len(set(last)), len(set(after))) == made.most


@pytest.mark.parametrize(
    ("rows", "last", "before", "expected"),
    [
        (23, "abc", "defghijklm", "agrees"),
        # The same page again: the last one was one before.
        (23, "abc", "abc", "falls_short"),
        (23, "abcd", "abcd", "falls_short"),
        (23, "", "", "falls_short"),
    ],
)
def test_what_a_count_shows_where_the_last_page_is_repeated(rows: int, last: str, before: str, expected: str) -> None:
    made = Count(rows, SIZE, tuple(last), tuple(last), tuple(before))
    assert [expected] == shown(made)


@pytest.mark.parametrize(
    ("before", "last", "expected"),
    [
        # The page before is not full: the number of the last one tells nothing of the rows before it.
        ("defghij", "abc", None),
        ("defghij", "abcd", None),
        ("defghij", "ab", None),
        ("defghij", "", "falls_short"),
        ("defghijklm", "abcd", None),
        ("defghijklm", "ab", "falls_short"),
    ],
)
def test_what_a_count_shows_by_the_page_before(before: str, last: str, expected: str | None) -> None:
    made = Count(23, SIZE, tuple(last), (), tuple(before))
    assert shown(made) == ([expected] if expected else [])
    assert made.is_uneven == (len(before) < SIZE and bool(last))


@pytest.mark.parametrize(
    ("before", "is_promised_more", "agrees"),
    [
        ("", False, True),
        ("defghijklm", False, True),
        # By chance: the page before has not as many rows as others, so that this one tells nothing.
        ("defghijkl", False, False),
        ("defghijklmn", False, False),
        ("cdefghijkl", False, False),
        ("defghijklm", True, False),
    ],
)
def test_what_agrees_by_chance(before: str, is_promised_more: bool, agrees: bool) -> None:
    made = Count(23, SIZE, tuple("abc"), (), tuple(before), is_promised_more)
    assert (agrees, False) == (made.agrees, made.falls_short)


@pytest.mark.parametrize(
    ("before", "last", "after", "expected"),
    [
        ("", "ab", "", False),
        ("", "ab", "cd", False),
        ("cd", "ab", "ef", False),
        ("", "abc", "cde", True),
        ("cde", "abc", "", True),
        # The last page is repeated: it is one page.
        ("", "abc", "abc", False),
        ("abc", "abc", "abc", False),
    ],
)
def test_pages_overlap(before: str, last: str, after: str, expected: bool) -> None:
    assert expected == Count(23, SIZE, tuple(last), tuple(after), tuple(before)).overlaps


@pytest.mark.parametrize(("rows", "expected"), [(0, 0), (1, 0), (10, 0), (11, 1), (20, 1), (21, 2)])
def test_last_page(rows: int, expected: int) -> None:
    assert expected == last_page(rows, SIZE)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [((UNCOUNTED,), ((), "A")), ((UNCOUNTED, SAMPLED), ((SAMPLED,), "B")), ((UNCOUNTED, "hole"), (("hole",), "C"))],
)
def test_counted(flags: tuple[str, ...], expected: Any) -> None:
    made = counted(window(0, 5, flags=flags))
    assert expected == (made.flags, made.grade)


def test_what_agreed_can_be_counted_once_more() -> None:
    made = uncounted(counted(window(0, 5, flags=(UNCOUNTED, SAMPLED))))
    assert ((SAMPLED, UNCOUNTED), "B") == (made.flags, made.grade)
    assert made == uncounted(made)


@pytest.mark.parametrize(("rows", "expected"), [((5, 0, 7), True), ((5, 0), True), ((5, 7), False), ((0, 0), False)])
def test_a_gap_is_a_window_without_rows_among_others(rows: tuple[int, ...], expected: bool) -> None:
    (group,) = groups([window(day, number) for day, number in enumerate(rows)], SIZE, by_sum)
    assert expected == group.has_gaps


def test_no_host_whose_pages_have_at_most_that_size_hides_a_row_from_a_count() -> None:
    rng = random.Random(seed())
    for _ in range(count(ci=3_000, full=300_000)):
        pages, number = list[list[str]](), 0
        for _ in range(rng.randrange(6)):
            held = rng.choice((SIZE, SIZE, rng.randrange(1, SIZE + 1)))
            pages.append([str(number + place) for place in range(held)])
            number += held
        known = rng.randrange(number + 1)
        last = last_page(known, SIZE)
        repeats = bool(pages) and rng.random() < 0.5

        def page(at: int, pages: list[list[str]] = pages, repeats: bool = repeats) -> list[str]:
            return pages[at] if 0 <= at < len(pages) else pages[-1] if repeats and at >= 0 else []

        made = Count(known, SIZE, page(last), page(last + 1), page(last - 1))
        assert not made.agrees or known == number, (known, pages, repeats)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [((5, 7), []), ((5, 0, 7), [(1, 2)]), ((0, 0, 7, 0), [(0, 2), (3, 4)]), ((0, 0), [(0, 2)])],
)
def test_windows_without_rows_are_asked_for_together(rows: tuple[int, ...], expected: list[tuple[int, int]]) -> None:
    (group,) = groups([window(day, number) for day, number in enumerate(rows)], SIZE, by_sum)
    assert [Span(low * DAY, high * DAY) for low, high in expected] == group.gaps()


def test_a_promise_that_was_not_kept_is_known() -> None:
    kept, broken = window(0, 5), window(1, 7, flags=(UNCOUNTED, "promised_more"))
    assert [False, True] == [Group(some, 12).is_promised_more for some in ((kept,), (kept, broken))]
