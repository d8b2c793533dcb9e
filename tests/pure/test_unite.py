"""Two deliveries of one conversation become one, and nothing of either is lost."""

from __future__ import annotations

import copy
import itertools
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import LivechatConversation, SmsConversation
from alive5._sansio.decode import shape
from alive5._sansio.unite import unite, unite_conversations
from alive5.models._base import Pending

START = 1767323045000
Row = dict[str, Any]


def said(number: int, **values: Any) -> Row:
    text = {"created_at": START + 1000 * number, "created_by": "Ada", "message_content": f"Number {number}"}
    return {**text, **values}


def chat(*entries: Any, **values: Any) -> Row:
    return {"alive5_sessionID": "s1", "start_time": START, "chat_conversation": list(entries), **values}


def thread(*entries: Any, **values: Any) -> Row:
    sources = [{"_id": str(number), "_source": entry} for number, entry in enumerate(entries)]
    return {"threadData": {"thread_id": "s1", "thread_start_chat": START, **values}, "threadConversation": sources}


def both(first: Row, second: Row) -> Row:
    """Unite in both orders, which must not matter, and leave what was given as it was."""
    before = copy.deepcopy((first, second))
    made = unite(first, second)
    assert json.dumps(made) == json.dumps(unite(second, first))
    assert before == (first, second)
    for one in (first, second):  # what is in it already adds nothing
        assert made is unite(made, one) or made == unite(made, one)
    return made


def texts(row: Row) -> list[str]:
    return [message.text for message in shape(LivechatConversation, copy.deepcopy(row)).messages]


@pytest.mark.parametrize("make", [chat, thread])
def test_messages_of_both_are_there_in_order_of_time(make: Any) -> None:
    made = both(make(said(1), said(3), said(5)), make(said(2), said(3), said(4)))
    assert [f"Number {number}" for number in (1, 2, 3, 4, 5)] == texts(made)


def test_two_shapes_are_united_as_well() -> None:
    numbers = [f"Number {number}" for number in (1, 2, 3)]
    flat = both(chat(said(1), said(3)), thread(said(2)))
    nested = both(chat(said(2)), thread(said(1), said(3)))
    assert [numbers, numbers] == [texts(flat), texts(nested)]
    assert ("threadData" in flat, "threadData" in nested) == (False, True)
    assert all("_source" not in entry for entry in flat["chat_conversation"])


def test_identical_rows_are_the_row() -> None:
    first = chat(said(1))
    assert unite(first, copy.deepcopy(first)) is first


def test_where_nothing_is_added_the_fuller_row_stays_as_it_is() -> None:
    fuller, other = chat(said(2), said(1), "odd", tags=["a"]), chat(said(1), tags=["b"])
    assert unite(fuller, other) is fuller
    assert unite(other, fuller) is fuller


def test_values_are_those_of_the_row_with_more_messages() -> None:
    made = both(chat(said(1), said(2), crm_id="of two"), chat(said(3), crm_id="of one", zip="1"))
    assert ("of two", False) == (made["crm_id"], "zip" in made)


def test_of_rows_with_as_many_messages_one_is_chosen_whatever_the_order() -> None:
    made = both(chat(said(1), crm_id="a"), chat(said(2), crm_id="b"))
    assert made["crm_id"] in ("a", "b")
    assert len(made["chat_conversation"]) == 2
    assert both(chat(said(1), crm_id="a"), chat(said(1), crm_id="b"))["chat_conversation"] == [said(1)]


def test_a_message_is_known_by_its_id_first() -> None:
    edited = both(chat(said(1, message_id="m1"), said(2)), chat(said(1, message_id="m1", message_content="Edited")))
    assert ["Number 1", "Number 2"] == texts(edited)
    alike = both(chat(said(1, message_id="m1")), chat(said(1, message_id="m2")))
    assert ["Number 1", "Number 1"] == texts(alike)
    numbers = both(chat(said(1, message_id=7), said(2)), chat(said(1, message_id="7", created_by="?")))
    assert 2 == len(texts(numbers))


def test_a_message_with_an_id_in_one_delivery_alone_is_known_by_its_content() -> None:
    assert ["Number 1", "Number 2"] == texts(both(chat(said(1, message_id="m1"), said(2)), chat(said(1))))
    assert ["Number 1", "Number 2"] == texts(both(chat(said(1), said(2)), chat(said(1, message_id="m1"))))
    one, two = said(1, message_id="m1"), said(1, message_id="m2")
    assert [one, two, said(2)] == both(chat(one, two, said(2)), chat(said(1), said(1)))["chat_conversation"]


@pytest.mark.parametrize("moment", [START // 1000, str(START), "2026-01-02T03:04:05Z", START + 0.0])
def test_a_time_is_the_same_however_it_is_written(moment: Any) -> None:
    same = {**said(0), "created_at": moment}
    assert 2 == len(texts(both(chat(said(0), said(1)), chat(same))))


def test_equal_messages_count_as_often_as_they_came() -> None:
    assert 3 == len(texts(both(chat(said(1), said(1), said(2)), chat(said(1)))))
    assert 4 == len(texts(both(chat(said(1), said(2), said(3)), chat(said(1), said(1)))))


def test_pictures_of_one_second_are_two() -> None:
    first, second = ({**said(1), "message_content": "", "media_url": f"https://x.test/{n}"} for n in (1, 2))
    assert 2 == len(texts(both(chat(first), chat(second))))
    assert 1 == len(texts(both(chat(said(1, media_url="https://x.test/1")), chat(said(1)))))


def test_unreadable_times_stand_last() -> None:
    odd = [said(0, created_at=moment, message_content=f"at {moment}") for moment in ("soon", None)]
    made = both(chat(said(1), said(3), said(4)), chat(*odd, said(2)))
    assert ["Number 1", "Number 2", "Number 3", "Number 4"] == texts(made)[:4]
    assert {"at soon", "at None"} == set(texts(made)[4:])


@pytest.mark.parametrize("odd", [None, "text", 7, ["a"], {"message_content": {"a": [1]}}, {"_source": 5}, {}])
def test_odd_messages_are_kept(odd: Any) -> None:
    made = both(chat(said(1), said(2)), chat(odd))
    assert odd in made["chat_conversation"]
    assert 3 == len(made["chat_conversation"])


@pytest.mark.parametrize("wrong", [None, "text", 7, {}, {"a": 1}, True, []])
def test_what_is_no_list_of_messages_adds_nothing(wrong: Any) -> None:
    row = chat(said(1))
    assert row == both(row, {**row, "chat_conversation": wrong})
    assert both(chat(crm_id="a"), {**chat(), "chat_conversation": wrong})["alive5_sessionID"] == "s1"


def test_rows_nested_too_deep_to_compare_are_united() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    made = unite(chat(said(1), other=deep), chat(said(2), said(3), other=[deep]))
    assert 3 == len(made["chat_conversation"])
    kept, later = (shape(SmsConversation, chat(said(n), other=copy.copy(deep))) for n in (1, 2))
    assert unite_conversations(kept, later)


def entry(number: int, author: str, twin: int | None) -> Row:
    # An id belongs to one content, as those of a service do; some messages of a content have none.
    known = {} if twin is None else {"message_id": f"{author}-{number}-{twin}"}
    return said(number, created_by=author, **known)


ENTRIES = st.builds(
    entry, st.integers(0, 3), st.sampled_from(["Ada", "Sam"]), st.sampled_from([None, 1, 2])
) | st.sampled_from([None, "odd", {}, {"created_at": "soon"}])
ROWS = st.builds(
    lambda make, entries, crm: make(*entries, crm_id=crm),
    st.sampled_from([chat, thread]),
    st.lists(ENTRIES, max_size=6),
    st.sampled_from(["a", "b"]),
)


@given(ROWS, ROWS)
def test_no_message_of_either_is_lost_and_none_is_made_up(first: Row, second: Row) -> None:
    made = both(first, second)
    sizes = [len(texts(row)) for row in (first, second)]
    assert max(sizes) <= len(texts(made)) <= sum(sizes)
    for one in (first, second):
        assert not Counter(texts(one)) - Counter(texts(made))


def model(row: Row) -> SmsConversation:
    return shape(SmsConversation, copy.deepcopy(row))


def touched(row: Row) -> SmsConversation:
    made = model(row)
    assert made.start_time
    assert all(message.created_at or True for message in made.messages)
    return made


@pytest.mark.parametrize(("one", "other"), list(itertools.product((model, touched), repeat=2)))
def test_a_listed_conversation_takes_in_a_later_delivery(one: Any, other: Any) -> None:
    kept = one(chat(said(1), said(3), tags=["a"]))
    assert unite_conversations(kept, other(chat(said(2), said(3), tags=["b"])))
    assert ["Number 1", "Number 2", "Number 3"] == [message.text for message in kept.messages]
    assert ["b"] == kept.tags
    assert not unite_conversations(kept, other(chat(said(2), said(3), tags=["c"])))
    assert ["b"] == kept.tags


@pytest.mark.parametrize(("one", "other"), list(itertools.product((model, touched), repeat=2)))
def test_the_same_again_changes_nothing(one: Any, other: Any) -> None:
    row = chat(said(1), said(2, created_at="soon"), "odd", tags=["a"], surprise={"any": [1]})
    kept = one(row)
    assert not unite_conversations(kept, other(row))
    assert kept == model(row)


def test_the_same_again_decodes_nothing() -> None:
    kept, later = model(chat(said(1))), model(chat(said(1)))
    assert not unite_conversations(kept, later)
    stored = vars(kept.__class__.__mro__[1])["chat_conversation"].read
    assert [Pending, Pending] == [type(stored(each)) for each in (kept, later)]


def test_values_of_a_later_delivery_count_unless_it_has_fewer_messages() -> None:
    kept = model(chat(said(1), end_time=0, surprise=1))
    assert unite_conversations(kept, model(chat(said(1), end_time=START + 1, surprise=2)))
    assert (False, {"surprise": 2}) == (kept.is_open, kept.extra)
    assert unite_conversations(kept, model(chat(said(1), said(2), end_time=None)))
    assert (True, {}, 2) == (kept.is_open, kept.extra, len(kept.messages))
    assert not unite_conversations(kept, model(chat(said(2), end_time=START + 1)))
    assert kept.is_open
