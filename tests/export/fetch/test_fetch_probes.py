"""What a first page tells of a window, and an hour of the times of day; the rows of a window, each once."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import anyio
import attrs
import pytest

from alive5._sansio.page_meta import Meta
from alive5.export.fetch.base_probes import first_pages, settle_base
from alive5.export.fetch.collector import WindowRows
from alive5.export.fetch.date_probes import _last_days
from alive5.export.fetch.instants import _lies_in, _telling_hour
from alive5.export.fetch.paging import Page, has_pages
from alive5.export.fetch.probes import _learn_second, _sizes, estimate, learn_paged
from alive5.export.fetch.sights import Sights
from alive5.export.fetch.window_reader import WindowReader
from alive5.export.plan.planner import Habits
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow
from alive5.export.rows.blocks import Block
from alive5.export.rows.encode import Encoded

HOUR = 3600
FULL = Habits(size=2, paged=True)
WEEK = Span(0, 7 * DAY)


def row(name: str, start: int | None = None, packed: bytes = b"") -> Encoded:
    return Encoded(name, start if start is None else start * 1_000_000, 0, 0, 0, b"", 0, 0, Block(packed))


def page(*starts: int | None, meta: Meta | None = None) -> Page:
    return Page(1, [row(str(number), start) for number, start in enumerate(starts)], meta or Meta())


@pytest.mark.parametrize(
    ("first", "habits", "expected"),
    [
        (page(), Habits(), 0),
        (page(0, 1), Habits(), 2),
        (page(0, HOUR), Habits(paged=False), 2),
        (page(0, 1, meta=Meta(items=0)), Habits(), 2),
        (page(0, 1, meta=Meta(items=70)), Habits(), 70),
        (page(0, 1, meta=Meta(items=70)), FULL, 70),
        (page(0, 1, meta=Meta(items=10**12)), FULL, 1e7),
        # Less than a page is all there is; a full one stands for the rest of the window.
        (page(0), FULL, 1),
        (page(0, HOUR), FULL, 48),
        (page(HOUR, 0), FULL, 48),
        (page(0, HOUR), Habits(paged=True), 48),
        (page(0, HOUR, meta=Meta(items=1)), FULL, 48),
        (page(0, HOUR, None), FULL, 72),
        # Nothing to be seen of how they lie in time.
        (page(5, 5), FULL, 4),
        (page(None, 5), FULL, 4),
        (page(None, None), FULL, 4),
        (page(*[0] * 200, 1), FULL, 1e7),
    ],
)
def test_estimate(first: Page, habits: Habits, expected: float) -> None:
    assert expected == estimate(first, Span(0, DAY), habits)


FEBRUARY = 1_770_000_000  # 02:40 on 2 February 2026 in UTC
DAY_OF_FEBRUARY = FEBRUARY // DAY * DAY


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        ([(-3, 0)], []),
        ([(-30, 0)], [0]),  # on the day before it began nearly a day before
        ([(-80, 0), (-30, 10)], [0, -1]),
        ([(-80, 10)], [0, 1]),
        # No moment is known, or it is yet to come.
        ([(-80, None)], []),
        ([(-80, 24 * 365 * 7000), (-90, 0)], [0, -1]),
    ],
)
def test_the_days_on_which_the_longest_conversation_ended(hours: list[tuple[int, int | None]], days: list[int]) -> None:
    rows: list[Any] = [
        {
            "alive5_sessionID": str(start),
            "start_time": (FEBRUARY + start * HOUR) * 1000,
            "end_time": None if end is None else (FEBRUARY + end * HOUR) * 1000,
        }
        for start, end in hours
    ]
    sights = Sights((0, 0), (FEBRUARY + DAY) * 1_000_000)
    for one in rows:
        sights.add(one, one["start_time"] * 1000)
    found = _last_days([Page(1, end=sights.end, message=sights.message)])
    assert [DAY_OF_FEBRUARY + day * DAY for day in days] == found


@pytest.mark.parametrize(
    ("starts", "span", "expected"),
    [
        ([], Span(0, DAY), None),
        ([HOUR], Span(0, DAY), None),
        ([HOUR, HOUR + 1800], Span(0, DAY), None),
        ([HOUR, HOUR + 1801], Span(0, DAY), HOUR + 1801),
        ([HOUR, 5 * HOUR, 9 * HOUR], Span(0, DAY), 5 * HOUR),
        # Rows of other days tell nothing, nor does an hour outside of the window.
        ([HOUR, DAY + HOUR], Span(0, 2 * DAY), None),
        ([HOUR, 9 * HOUR, DAY + HOUR], Span(0, 2 * DAY), 9 * HOUR),
        ([HOUR, 9 * HOUR], Span(0, 8 * HOUR), HOUR),
        ([HOUR, 9 * HOUR], Span(10 * HOUR, DAY), None),
    ],
)
def test_telling_hour(starts: list[int], span: Span, expected: int | None) -> None:
    hour = None if expected is None else Span(expected - 1800, expected + 1800)
    assert hour == _telling_hour(starts, span)


@pytest.mark.parametrize(
    ("start", "expected"), [(9.999_999, False), (10, True), (20, True), (21, True), (21.000_001, False)]
)
def test_lies_in_as_servers_include_the_end(start: float, expected: bool) -> None:
    assert expected == _lies_in(round(start * 1_000_000), Span(10, 20))


@pytest.mark.parametrize(
    ("habits", "first", "second", "expected"),
    [
        (Habits(), "ab", "", Habits()),
        (Habits(base=1), "ab", "", Habits(base=1)),
        (Habits(base=1), "ab", "cd", Habits(base=1, paged=True, size=2)),
        (Habits(base=1), "ab", "bcd", Habits(base=1, paged=True, size=3)),
        (Habits(size=9), "ab", "cd", Habits(paged=True, size=9)),
        # The same rows: pages are not looked at, unless this may have been the first page by another number.
        (Habits(base=1), "ab", "ba", Habits(base=1, paged=False)),
        (Habits(), "ab", "ab", Habits()),
        (Habits(base=1), "abcd", "c", Habits(base=1)),
    ],
)
def test_what_a_second_page_tells(habits: Habits, first: str, second: str, expected: Habits) -> None:
    pages = [Page(1, [row(name) for name in ids]) for ids in (first, second)]
    assert expected == _learn_second(habits, *pages)


@pytest.mark.parametrize("base", [None, 1])
def test_a_second_page_of_other_deliveries_tells_nothing_of_pages(base: int | None) -> None:
    first, second = (Page(1, [row(name)._replace(sha=sha) for name in "ab"]) for sha in (b"1", b"2"))
    assert Habits(base=base) == _learn_second(Habits(base=base), first, second)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        # Another page was seen, so that a page which comes again and again later is the last one, not the only one.
        ("cd", Habits(paged=True, size=2)),
        ("", Habits(paged=True)),
        ("ab", Habits(paged=False)),
    ],
)
def test_what_a_second_page_tells_of_a_listing_without(second: str, expected: Habits) -> None:
    class Host:
        async def page(self, span: Span, number: int, rank: int) -> Page:
            return Page(number, [row(name) for name in second])

    first = Page(1, [row(name) for name in "ab"])
    assert expected == anyio.run(learn_paged, Host(), Span(0, DAY), first, Habits(), 0)[0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("abc", "", True),
        ("abc", "def", True),
        ("abc", "abc", False),
        ("abc", "zab", False),  # a row entered
        ("abc", "ABC", None),  # second deliveries, or rows that changed
        ("abc", "aBz", None),
        ("abc", "Cde", True),
        # It begins with what the first ends with: its pages overlap.
        ("abcd", "cdef", True),
        ("abcd", "bcde", False),  # the first row left
        ("abcd", "efcd", False),  # two entered
        # No answer to the same question has so few of the same rows.
        ("abcd", "c", None),
        ("abcd", "abd", False),
    ],
)
def test_whether_a_listing_without_pages_has_some(first: str, second: str, expected: bool | None) -> None:
    pages = [Page(1, [row(name.lower())._replace(sha=name.encode()) for name in names]) for names in (first, second)]
    assert expected is has_pages(*pages)


@pytest.mark.parametrize(("far", "expected"), [(0, False), (1, True)])
def test_a_far_row_behind_those_of_the_first_page_hides_no_second(far: int, expected: bool) -> None:
    first, second = (Page(1, [row(name) for name in names], far=far) for names in ("abcdx", "cdef"))
    assert expected is has_pages(first, second)


@pytest.mark.anyio
async def test_rows_of_a_window_are_kept_once_in_their_latest_version() -> None:
    rows = WindowRows(set_aside=never)
    for one in (page(1, 2), page(3)):
        await rows.add(one)
    assert [("0", 3_000_000), ("1", 2_000_000)] == [(one.id, one.start_us) for one in rows.rows]
    assert (2, {"0", "1"}) == (rows.pages, rows.ids)


async def never(_: Sequence[Encoded]) -> None:
    raise AssertionError


@pytest.mark.anyio
async def test_rows_of_a_very_large_window_are_set_aside() -> None:
    aside: list[list[str]] = []

    async def set_aside(some: Sequence[Encoded]) -> None:
        aside.append([one.id for one in some])

    rows, half = WindowRows(set_aside), bytes(4 << 20)
    for name in "abcde":
        await rows.add(Page(1, [row(name, packed=half)]))
    assert [["a", "b", "c"]] == aside
    assert (["d", "e"], set("abcde")) == ([one.id for one in rows.rows], rows.ids)


async def nowhere(*_: object) -> None:
    raise AssertionError


def reader(*sizes: int, probed: Span | None = WEEK) -> WindowReader:
    source: Any = SimpleNamespace(asks_again=False)
    return WindowReader(source, Habits(), nowhere, probed=probed, sizes=sizes, seen=sum(sizes))


def test_windows_taken_for_whole_are_counted_once_there_are_pages() -> None:
    one = reader()
    for paged, expected in ((True, False), (False, False), (None, False), (False, False), (True, True), (None, True)):
        one.learn(paged=paged)
        assert expected is one.source.asks_again


@pytest.mark.parametrize(
    ("names", "expected", "size"), [("c", True, 2), ("bcd", True, 3), ("ab", False, 0), ("a", False, 0)]
)
def test_a_page_is_the_second_where_its_rows_are_others(names: str, expected: bool, size: int) -> None:
    one, first = reader(), Page(0, [row("a"), row("b")])
    assert expected is one.note_second(first, Page(1, [row(name) for name in names]))
    assert (expected or None, size) == (one.habits.paged, one.habits.size)


def test_where_pages_went_on_without_end_only_all_other_rows_are_a_second_page() -> None:
    one, first = reader(), Page(0, [row("a"), row("b")])
    one.is_stuck = True
    assert not one.note_second(first, Page(1, [row(name) for name in "bcd"]))
    assert one.note_second(first, Page(1, [row(name) for name in "cd"]))


def test_three_minutes_that_move_are_no_present_one() -> None:
    one, minutes = reader(), [Span(low, low + 60) for low in range(0, 180, 60)]
    one.learn(paged=True, instants=True)
    for span in (*[minutes[0]] * 3, Span(0, HOUR), minutes[1]):
        one.note_moved(span)
        assert not one.habits.restless
    one.note_moved(minutes[2])
    assert one.habits.narrows is False


@pytest.mark.parametrize(
    ("sizes", "found", "expected"),
    [
        ((), 9, False),
        ((1,), 9, False),
        ((2, 2), 9, False),
        ((1, 2), 3, True),
        ((2, 1), 3, False),
        # More rows than those of both pages: the short one was not the last.
        ((2, 1), 4, True),
    ],
)
def test_a_short_page_among_others_is_learnt(sizes: tuple[int, ...], found: int, expected: bool) -> None:
    one = reader(*sizes)
    one.compare(held(found))
    assert expected is one.is_uneven
    one.is_uneven = True
    one.compare([])
    assert one.is_uneven


def held(*rows: int, state: Any = "done", beside: int = 0) -> list[StoredWindow]:
    """
    Return windows of the week that was probed, and one that lies half in it.
    """
    days = [Span(day * DAY, (day + 1) * DAY) for day in range(6)]
    inside = [StoredWindow(kind="sms", span=day, rows=some, state=state) for day, some in zip(days, rows, strict=False)]
    return [*inside, StoredWindow(kind="sms", span=Span(6 * DAY, 8 * DAY), rows=beside, state="done")]


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        (held(3, 1), False),
        (held(3), True),
        # What lies half in it may hold the rest, and what is not read yet as well.
        (held(3, beside=1), False),
        (held(3, 0, state="todo"), False),
    ],
)
def test_fewer_rows_than_were_probed_are_a_lost_answer(windows: list[StoredWindow], expected: bool) -> None:
    one = reader(2, 2)
    one.compare(windows)
    assert expected is one.source.asks_again
    one.source.asks_again = True
    one.compare(held(9))
    assert one.source.asks_again
    nothing = reader(2, 2, probed=None)
    nothing.compare(windows)
    assert not nothing.source.asks_again


def test_sizes_are_those_of_pages_with_rows() -> None:
    two, one, none = page(0, 1), page(5), page()
    assert (2, 1) == _sizes(FULL, [two, one])
    assert () == _sizes(FULL, [two]) == _sizes(FULL, [two, none]) == _sizes(Habits(), [two, two])
    assert (2,) == _sizes(Habits(paged=False), [two, one])


def test_some_windows_longer_than_the_probe_are_looked_at_again() -> None:
    one = reader()
    assert not one.doubts_whole(WEEK)
    assert [True, True, True, False] == [one.doubts_whole(Span(0, 8 * DAY)) for _ in range(4)]
    assert not reader(probed=None).doubts_whole(Span(0, 8 * DAY))


class Answers:
    """A host that lost an answer once: what each page comes with, one time after the other."""

    base = None

    def __init__(self, **pages: list[Page]) -> None:
        self.pages, self.learnt = pages, list[int]()

    async def page(self, span: Span, number: int, rank: int, *, patience: int | None = None) -> Page:
        left = self.pages[f"page_{number}"]
        return left.pop(0) if len(left) > 1 else left[0]

    async def together(self, fn: Any, items: list[int]) -> list[Page]:
        return [await fn(item) for item in items]

    def learn_base(self, number: int) -> None:
        self.learnt.append(number)


@pytest.mark.parametrize(
    ("zeroth", "first", "learnt"),
    [
        ([page(), page(1)], [page(1)], []),
        # Page 0 is the first page, too, and page 1 came empty once: that does not make 0 the first number.
        ([page(1)], [page(), page(1)], []),
        ([page(1)], [page()], [0]),
        ([page()], [page(1)], [1]),
    ],
)
def test_no_first_number_is_learnt_from_a_lost_answer(zeroth: list[Page], first: list[Page], learnt: list[int]) -> None:
    answers: Any = Answers(page_0=zeroth, page_1=first)

    async def body() -> None:
        _, pages = await first_pages(answers, WEEK, 0)
        assert any(one.rows for one in pages)

    anyio.run(body)
    assert learnt == answers.learnt


@pytest.mark.parametrize(
    ("known", "zeroth", "second", "learnt"),
    [
        # A lost answer of some window would make 0 the first number of a host that goes on after both.
        (None, [page(1)], page(1, 2), 1),
        (None, [page(1)], page(1), None),
        (None, [], page(1, 2), None),
        (1, [page(1)], page(1, 2), None),
    ],
)
def test_the_page_after_two_that_are_alike_tells_the_first_number(
    known: int | None, zeroth: list[Page], second: Page, learnt: int | None
) -> None:
    answers: Any = Answers()
    pages = [page(1), *(attrs.evolve(one, number=0) for one in zeroth), attrs.evolve(second, number=2)]
    habits = settle_base(answers, Habits(base=known), pages)
    assert [learnt] * (learnt is not None) == answers.learnt
    assert habits.base == (learnt or known)
