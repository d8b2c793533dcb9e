"""Reading page after page, without a host: metadata, bases, what is upcoming, reports."""

from __future__ import annotations

import gc
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from alive5 import FbmConversation, Message
from alive5._sansio.fetched import Fetched
from alive5._sansio.page_base import Base, find_base
from alive5._sansio.page_meta import Meta, read_meta
from alive5._sansio.paging import Reading
from alive5._sansio.window import Window, read_window

MOMENT = datetime(2026, 1, 9, tzinfo=timezone.utc)


def rows(*ids: str | None) -> list[FbmConversation]:
    return [FbmConversation(alive5_session_id=name, start_time=MOMENT) for name in ids]


SILENT = Meta()


def page(*ids: str | None, meta: Meta = SILENT) -> Fetched[FbmConversation]:
    return Fetched(rows(*ids), meta)


def reading(limit: int | None = 2, **options: Any) -> Reading[FbmConversation]:
    return Reading(window=Window(), limit=limit, **options)


@pytest.mark.parametrize(
    ("sources", "meta"),
    [
        ((), Meta(counted=True)),
        (({"page": 1, "pages": 3},), Meta(1, 3, None, False)),
        (({"page": "1", "pages": "3"},), Meta(1, 3, None, False)),
        (({"page": 1, "totalPages": 3, "totalRecord": 25},), Meta(1, 3, 25, True)),
        (({"page": 0, "pages": 2, "totalPages": 3},), Meta(0, 2, None, False)),
        (({"page": 1}, {"page": 9, "pages": 3}), Meta(1, 3, None, False)),
        (([1, 2], None, {"totalRecord": "7"}), Meta(None, None, 7, True)),
        (({"page": True, "pages": -1, "totalRecord": "many"},), Meta(counted=True)),
        (({"page": 1.0, "pages": "1" * 12, "totalRecord": ""},), Meta(counted=True)),
        (({"page": "\u0663", "pages": None, "totalPages": "3"},), Meta(None, 3, None, True)),
    ],
)
def test_metadata_is_read_where_it_stands(sources: tuple[Any, ...], meta: Meta) -> None:
    assert meta == read_meta(*sources)


@pytest.mark.parametrize(
    ("meta", "base", "total"),
    [
        (Meta(), 1, None),
        (Meta(pages=3), 1, 3),
        (Meta(pages=3), 0, 4),
        (Meta(pages=3, counted=True), 1, 3),
        (Meta(pages=3, counted=True), 0, 3),
    ],
)
def test_how_many_pages_are_promised(meta: Meta, base: int, total: int | None) -> None:
    assert total == meta.total(base)


def test_a_silent_page_unsays_nothing() -> None:
    first = Meta(1, 3, 25, True)
    assert Meta(None, 3, 25, True) == first.updated(Meta())
    assert Meta(2, 4, 25, False) == first.updated(Meta(2, 4))
    assert Meta(2, 3, 24, True) == first.updated(Meta(2, None, 24))


@pytest.mark.parametrize(
    ("zeroth", "first", "base"),
    [
        ("", "", Base(1)),
        ("", "a", Base(1, proven=True)),
        # Also a host that counts from 0 and gives its only page for ever.
        ("a", "a", Base(1)),
        ("ab", "ba", Base(1)),
        ("a", "b", Base(0, proven=True)),
        ("a", "", Base(0, proven=True)),
        ("abc", "cde", Base(0, proven=True)),
        ("ab", "bc", Base(0, doubtful=True)),
        ("abc", "bcd", Base(0, doubtful=True)),
        (None, "", Base(1, lost=True)),
        (None, "a", Base(1, lost=True)),
    ],
)
def test_the_base_is_told_by_the_first_two_pages(zeroth: str | None, first: str, base: Base) -> None:
    assert base == find_base(zeroth, first)


@pytest.mark.parametrize(("second", "proven"), [("", False), ("ab", False), ("a", False), ("bc", True), ("cd", True)])
def test_a_page_after_two_that_are_alike_tells_that_a_host_counts_from_1(second: str, proven: bool) -> None:
    assert Base(1, proven=proven) == find_base("ab", "ba", second)


def test_pages_of_other_deliveries_of_the_same_conversations_prove_no_base() -> None:
    assert Base(0, doubtful=True) == find_base("ab", "ba", "cd", differ=True)
    assert Base(0, proven=True) == find_base("ab", "cd", differ=True)


def test_a_page_with_other_deliveries_of_the_same_conversations_differs() -> None:
    one = page("a", "b")
    changed = Fetched(
        [one.rows[0], FbmConversation(alive5_session_id="b", start_time=MOMENT, contacts_notes="Called back")]
    )
    assert [False, True, False] == [one.differs(other) for other in (page("b", "a"), changed, page("a", "c"))]
    assert 3 == len(one.before(changed).rows)


def test_a_page_read_twice_while_it_moved_counts_as_one() -> None:
    assert ["a", "b", "c"] == [row.id for row in page("a", "b").before(page("b", "c")).rows]
    assert 1 == len(page(None).before(page(None)).rows)


@pytest.mark.parametrize("base", [0, 1])
def test_numbers_are_counted_from_1_and_sent_as_the_host_counts(base: int) -> None:
    listing = reading(base=base, start=3)
    assert (3, base + 2) == (listing.next, listing.wire(3))


@pytest.mark.parametrize(
    ("taken", "meta", "most", "numbers"),
    [
        (0, Meta(), 4, range(1, 5)),
        (1, Meta(), 4, range(2, 6)),
        (1, Meta(pages=3), 8, range(2, 5)),
        (1, Meta(pages=1), 8, range(2, 3)),
        (3, Meta(pages=1), 8, range(4, 5)),
        (1, Meta(pages=3), 1, range(2, 3)),
    ],
)
def test_what_is_upcoming_ends_after_the_promised_last_and_one(
    taken: int, meta: Meta, most: int, numbers: range
) -> None:
    listing = reading()
    for number in range(taken):
        listing.take(page(f"a{number}", f"b{number}", meta=meta))
    assert numbers == listing.upcoming(most)


def test_rows_are_given_once_by_id_and_always_without_one() -> None:
    listing = reading(limit=4)
    first = listing.take(page("a", "a", None, None))
    second = listing.take(page("a", "b", None))
    assert (["a", None, None], ["b", None]) == ([r.id for r in first.items], [r.id for r in second.items])
    assert listing.report().duplicates == 2


@pytest.mark.parametrize(
    ("options", "meta", "repeated"),
    [
        ({"limit": 9}, Meta(), True),
        ({"limit": 9, "may_be_whole": True}, Meta(), False),
        ({"limit": None, "may_be_whole": True}, Meta(), False),
        # Cut to the size asked for, or more was promised.
        ({"limit": 3, "may_be_whole": True}, Meta(), True),
        ({"limit": 9, "may_be_whole": True}, Meta(pages=2), True),
        ({"limit": 2, "may_be_whole": True}, Meta(), False),
    ],
)
def test_a_first_page_that_comes_again_may_be_the_whole_list(
    options: dict[str, Any], meta: Meta, repeated: bool
) -> None:
    r = reading(**options)
    assert [3, 0] == [len(r.take(page("a", "b", "c", meta=meta)).items) for _ in range(2)]
    assert (True, repeated, False if repeated else None) == (r.over, r.page_repeated, r.report().complete)


def test_a_later_page_that_comes_again_is_the_end_of_a_list_that_may_be_whole() -> None:
    r = reading(may_be_whole=True)
    for ids in ("ab", "cd", "cd"):
        r.take(page(*ids))
    assert (True, False, None) == (r.over, r.page_repeated, r.report().complete)


def test_a_page_that_came_long_ago_ends_a_reading() -> None:
    r = reading()
    for one in (page("a", "b"), page("c", "d"), page("c", "b")):
        r.take(one)
    assert r.over


def test_a_repetition_is_told_by_its_number() -> None:
    r = reading()
    for one in (page("a", "b"), page("c", "d"), page("a", "b")):
        r.take(one)
    assert ["page 3 repeated an earlier one"] == r.issues
    assert 3 == r.report().pages


def test_the_last_page_promised_has_no_next() -> None:
    r = reading()
    following = [r.take(page(*ids, meta=Meta(number, 2))).has_next for number, ids in ((1, "ab"), (2, "cd"))]
    assert [True, False] == following
    assert not r.over


def test_two_pages_promised_and_one_given_is_no_proof() -> None:
    r = reading(limit=None)
    r.take(page("a", meta=Meta(1, 2)))
    r.take(page())
    r.take(page())
    assert r.over
    assert r.report().complete is None


def test_rows_without_ids_are_told_apart_by_content_alone() -> None:
    one, same, other = (
        FbmConversation(extra=extra) for extra in ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 2, "b": 1})
    )
    key, again, another = (Fetched([row], SILENT).keys for row in (one, same, other))
    assert key == again != another
    assert all(name.startswith("\0") for name in key)


def test_rows_without_ids_are_not_given_again_with_a_page_that_came_before() -> None:
    listing = reading(limit=2)
    other = FbmConversation(contacts_notes="other")
    same = Fetched([other, *rows(None)])
    assert not listing.has_seen(same)
    assert len(listing.take(same).items) == 2
    assert listing.has_seen(same)
    assert (listing.take(same).items, listing.over) == ([], True)
    # A page that only resembles what came is given.
    listing = reading(limit=2)
    listing.take(same)
    assert len(listing.take(Fetched([other])).items) == 1
    assert not listing.has_seen(page())


def test_a_page_says_what_was_promised() -> None:
    meta = Meta(page=1, pages=3, items=25, counted=True)
    taken = reading().take(page("a", "b", meta=meta))
    assert (1, 3, 25, True) == (taken.number, taken.total_pages, taken.total_items, taken.has_next)
    assert reading().take(page("a", "b")).has_next is None
    assert reading().take(page("a", meta=Meta(pages=1))).has_next is False


def test_a_reading_of_nothing_ends_with_the_second_empty_page() -> None:
    listing = reading()
    listing.take(page())
    assert (False, None) == (listing.over, listing.report().complete)
    listing.take(page())
    assert (True, True) == (listing.over, listing.report().complete)


@pytest.mark.parametrize(
    ("meta", "complete"),
    [
        (Meta(), True),
        # Not asked for a page after it: what a host says of its last page may be wrong.
        (Meta(pages=1), None),
        (Meta(pages=3), None),
        (Meta(pages=3, counted=True), None),
        (Meta(pages=1, items=9), False),
    ],
)
def test_one_page_is_proof_unless_more_was_promised(meta: Meta, complete: bool | None) -> None:
    listing = reading()
    for fetched in (page("a", meta=meta), page(), page()):
        if not listing.over:
            listing.take(fetched)
    assert (True, complete) == (listing.over, listing.report().complete)


@pytest.mark.parametrize(("number", "complete"), [(49, True), (50, None), (51, True), (150, None)])
def test_a_round_number_of_rows_may_have_been_cut_there(number: int, complete: bool | None) -> None:
    listing = reading(limit=500)
    for fetched in (page(*map(str, range(number))), page(), page()):
        listing.take(fetched)
    assert complete is listing.report().complete


@pytest.mark.parametrize(("number", "complete"), [(49, True), (50, None), (51, True)])
def test_a_round_number_of_conversations_may_have_been_cut_there(number: int, complete: bool | None) -> None:
    # Each of 17 comes in two rows: a limit of 50 conversations then is one of 67 rows.
    listing = reading(limit=500)
    twice = [str(one) for one in range(number) for _ in range(1 + (one < 17))]
    for fetched in (page(*twice), page(), page()):
        listing.take(fetched)
    assert complete is listing.report().complete


def test_a_later_start_proves_nothing() -> None:
    listing = reading(start=2)
    listing.take(page("a", meta=Meta(pages=2, items=3)))
    assert (True, None) == (listing.over, listing.report().complete)


def test_the_first_far_row_proves_that_the_dates_were_ignored() -> None:
    window = read_window("2026-01-05", "2026-01-15", None)
    near = FbmConversation(alive5_session_id="near", start_time=datetime(2026, 1, 15, 23, tzinfo=timezone.utc))
    beside = FbmConversation(alive5_session_id="beside", start_time=datetime(2026, 1, 4, 23, tzinfo=timezone.utc))
    far = FbmConversation(alive5_session_id="far", start_time=datetime(2025, 1, 1, tzinfo=timezone.utc))
    undated = FbmConversation(alive5_session_id="undated")
    listing = Reading(window=window, limit=None)
    taken = listing.take(Fetched([near, beside, far, attrs_copy(far, "late"), undated]))
    assert ["near", "undated"] == [row.id for row in taken.items]
    report = listing.report()
    assert (False, 3, ("the server ignored the dates",)) == (report.complete, report.dropped, report.issues)
    assert (3, 0) == (report.outside, report.united)


def attrs_copy(row: FbmConversation, name: str) -> FbmConversation:
    return FbmConversation(alive5_session_id=name, start_time=row.start_time)


def test_rows_outside_an_exact_window_are_dropped_in_silence() -> None:
    window = read_window("2026-01-09T00:00:00Z", "2026-01-09T12:00:00Z", None)
    late = FbmConversation(alive5_session_id="late", start_time=datetime(2026, 1, 9, 13, tzinfo=timezone.utc))
    listing = Reading(window=window, limit=None)
    assert ["a"] == [row.id for row in listing.take(Fetched([*rows("a"), late])).items]
    listing.take(page())
    listing.take(page())
    assert (1, 0) == (listing.report().outside, listing.report().united)
    assert (True, 1, ()) == (listing.report().complete, listing.report().dropped, listing.report().issues)


def talk(name: str, *texts: str, start: datetime | None = None) -> FbmConversation:
    said = tuple(Message(message_content=text, created_by="Visitor", created_at=MOMENT) for text in texts)
    return FbmConversation(alive5_session_id=name, chat_conversation=said, start_time=start)


def test_a_second_delivery_is_united_while_the_first_is_held() -> None:
    listing = reading()
    (kept,) = listing.take(Fetched([talk("a", "one", "two")])).items
    assert [] == listing.take(Fetched([talk("a", "two", "three"), talk("b")])).items[1:]
    assert {"one", "two", "three"} == {said.message_content for said in kept.chat_conversation}
    report = listing.report()
    assert (1, 1, 0, 0) == (report.united, report.dropped, report.duplicates, report.outside)


def test_a_second_delivery_that_is_the_same_is_a_duplicate() -> None:
    listing = reading()
    held = listing.take(Fetched([talk("a", "one")])).items
    listing.take(Fetched([talk("a", "one"), talk("b")]))
    assert (1, 0, 1) == (len(held), listing.report().united, listing.report().duplicates)


def test_a_second_delivery_of_what_nobody_holds_is_said_once() -> None:
    listing = reading()
    listing.take(Fetched([talk("a", "one"), talk("c", "one"), talk("d", "one")]))
    gc.collect()
    listing.take(Fetched([talk("a", "one", "two"), talk("c", "one", "two"), talk("d", "one"), talk("b")]))
    report = listing.report()
    assert (2, 2, 1) == (report.united, report.dropped, report.duplicates)
    assert 1 == len([issue for issue in report.issues if "came again" in issue])


def test_no_page_follows_the_end_whatever_was_promised() -> None:
    listing = reading()
    ends = [listing.take(page(*ids, meta=Meta(1, 9))).has_next for ids in ("a", "", "")]
    assert (True, False) == (listing.over, ends[-1])


def answer(*ids: str | None, has_list: bool = True) -> Fetched[FbmConversation]:
    return Fetched(rows(*ids), SILENT, has_list)


@pytest.mark.parametrize(
    ("answers", "complete"),
    [
        ([answer("a"), answer(), answer()], True),
        ([answer(), answer()], True),
        # Nulls prove nothing, unless rows came before.
        ([answer(has_list=False), answer(has_list=False)], None),
        ([answer(has_list=False), answer()], None),
        ([answer(), answer(has_list=False)], None),
        ([answer("a"), answer(has_list=False), answer(has_list=False)], True),
        ([answer(has_list=False), answer("a"), answer(), answer()], None),
    ],
)
def test_empty_pages_prove_by_lists_alone(answers: list[Fetched[FbmConversation]], complete: bool | None) -> None:
    listing = reading()
    for one in answers:
        listing.take(one)
    assert (True, complete) == (listing.over, listing.report().complete)


def test_rows_without_an_id_are_counted_when_their_page_comes_again() -> None:
    listing = reading()
    assert [3, 0] == [len(listing.take(answer(None, None, None)).items) for _ in range(2)]
    assert 3 == listing.report().duplicates


def test_one_id_is_one_conversation_by_a_message_while_the_first_is_held() -> None:
    listing, later = reading(), MOMENT + timedelta(hours=1)
    held = listing.take(Fetched([talk("a", "one", start=MOMENT), talk("c", "x", start=MOMENT)])).items
    first = listing.take(Fetched([talk("a", "one", "two", start=later), talk("b")]))
    assert [2, ["b"]] == [len(held), [row.id for row in first.items]]
    second = listing.take(
        Fetched([talk("c", "x", "y", start=later), talk("a", "other", start=later + timedelta(hours=1))])
    )
    assert ["a"] == [row.id for row in second.items]
    assert (2, 1) == (listing.report().united, len(listing.report().issues))


def test_a_shared_id_takes_nothing_back_of_what_was_said() -> None:
    window = read_window("2026-01-05", "2026-01-15", None)
    listing = Reading[FbmConversation](window=window, limit=None)
    far = FbmConversation(alive5_session_id="far", start_time=datetime(2025, 1, 1, tzinfo=timezone.utc))
    held = listing.take(Fetched([far, talk("a", "one", start=MOMENT)])).items
    listing.take(Fetched([talk("a", "other", start=MOMENT + timedelta(hours=1)), talk("b", start=MOMENT)]))
    assert (1, 2) == (len(held), len(listing.report().issues))
