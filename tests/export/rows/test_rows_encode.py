"""What the store knows of a delivered row: its id, start, messages, and whether it may still change."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import datetime, timezone
from typing import Any

import pytest

from alive5.export.rows.blocks import Blocks
from alive5.export.rows.compression import unpack
from alive5.export.rows.encode import Encoded, StoredRow, as_row, encode, row_id, sight_in, start_us
from alive5.export.rows.json_lines import line_of, read_line

HOUR_US = 3600 * 1_000_000
NOW = int(datetime(2026, 1, 10, tzinfo=timezone.utc).timestamp())
NOW_US = NOW * 1_000_000


def one(row: dict[str, Any], observed_us: int = NOW_US) -> Encoded:
    return encode("sms", [row], observed_us, {})[0]


def line(known: Encoded) -> bytes:
    return unpack(known.block.packed)[known.at : known.at + known.size]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"alive5_sessionID": "a"}, "a"),
        ({"alive5_sessionID": 7}, "7"),
        ({"alive5_sessionID": "a", "threadData": {"thread_id": "b"}}, "a"),
        ({"threadData": {"thread_id": "b"}}, "b"),
        ({"threadData": {"thread_id": "b", "crmData": {"email": "x"}}}, "b"),
        ({"threadData": {"thread_id": None}}, None),
        ({"threadData": "text"}, None),
        ({"alive5_sessionID": ""}, None),
        ({"alive5_sessionID": None}, None),
        ({}, None),
    ],
)
def test_row_id(row: dict[str, Any], expected: str | None) -> None:
    assert expected == row_id(row)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"start_time": NOW * 1000}, NOW_US),
        ({"start_time": NOW * 1000 + 7}, NOW_US + 7000),
        ({"start_time": NOW}, NOW_US),
        ({"start_time": NOW + 0.5}, NOW_US + 500_000),
        ({"start_time": str(NOW)}, NOW_US),
        ({"start_time": "2026-01-10T01:00:00+01:00"}, NOW_US),
        ({"start_time": "soon"}, None),
        ({"start_time": True}, None),
        ({"start_time": -5}, None),
        ({"start_time": 0}, None),
        ({"start_time": 10**18}, None),
        ({"start_time": {"$date": None}}, None),
        ({}, None),
        ({"threadData": {"created_at": NOW}}, NOW_US),
        ({"threadData": {"start_time": NOW, "created_at": 1}}, NOW_US),
        ({"start_time": "soon", "threadData": {"created_at": NOW}}, None),
        ({"threadData": [NOW]}, None),
        ({"created_at": NOW}, None),
    ],
)
def test_start_us(row: dict[str, Any], expected: int | None) -> None:
    assert expected == start_us(row)


SAID_NOW = {"chat_conversation": [{"created_at": NOW}]}


LATE = {"chat_conversation": [{"created_at": 1}, {"created_at": NOW}]}
YEAR_2025_US = 1_735_689_600_000_000


@pytest.mark.parametrize(
    ("start", "row", "expected"),
    [
        (NOW_US, {}, "inside"),
        (NOW_US + HOUR_US, {}, "far"),
        (NOW_US - 1, {}, "far"),
        (None, {}, "inside"),
        (0, {"end_time": 1}, "far"),
        (None, {"chat_conversation": [{"created_at": 1}]}, "far"),
        (None, {"chat_conversation": [{"created_at": "soon"}]}, "inside"),
        (0, {"threadConversation": [{"_source": {"created_at": 1}}]}, "far"),
        # What began before and reaches into what was asked shows by what a host chooses.
        (YEAR_2025_US, {"end_time": NOW}, "by_end"),
        (YEAR_2025_US, {"end_time": NOW, **LATE}, "by_end"),
        (YEAR_2025_US, LATE, "by_message"),
        (YEAR_2025_US, {"end_time": 2 * NOW, **SAID_NOW}, "by_message"),
        (YEAR_2025_US, {"threadConversation": [{"_source": {"created_at": NOW}}]}, "by_message"),
        (YEAR_2025_US, {"threadData": {"closed_at": NOW}}, "by_end"),
        # An odd start, and one after the end, show nothing.
        (0, {"end_time": NOW}, "inside"),
        (0, LATE, "inside"),
        (NOW_US + 2 * HOUR_US, {"end_time": NOW}, "inside"),
        (None, {"end_time": NOW}, "inside"),
    ],
)
def test_where_a_row_lies(start: int | None, row: dict[str, Any], expected: str) -> None:
    assert expected == sight_in(row, start, NOW_US, NOW_US + HOUR_US)


@pytest.mark.parametrize(("value", "expected"), [({"a": 1}, {"a": 1}), (None, {"value": None}), ([1], {"value": [1]})])
def test_as_row(value: Any, expected: dict[str, Any]) -> None:
    assert expected == as_row(value)


@pytest.mark.parametrize(
    ("row", "messages", "is_open"),
    [
        ({}, 0, 1),
        ({"end_time": NOW}, 0, 0),
        ({"end_time": 0}, 0, 1),
        ({"end_time": None, **SAID_NOW}, 1, 1),
        ({"end_time": NOW, **SAID_NOW}, 1, 1),
        # A day after its last message it has ended for good.
        ({"end_time": NOW, "chat_conversation": [{"created_at": NOW - 24 * 3600 + 1}]}, 1, 1),
        ({"end_time": NOW, "chat_conversation": [{"created_at": NOW - 24 * 3600}]}, 1, 0),
        ({"end_time": NOW, "chat_conversation": [{"created_at": NOW}, {"created_at": 1}]}, 2, 0),
        ({"end_time": NOW, "chat_conversation": [{}, None, "text", {"created_at": "soon"}]}, 2, 0),
        ({"end_time": NOW, "chat_conversation": "text"}, 0, 0),
        ({"threadData": {"closed_at": NOW}, "threadConversation": [{"_source": {"created_at": NOW}}]}, 1, 1),
        ({"threadData": {"closed_at": NOW}, "threadConversation": [{"_source": {"created_at": 1}}]}, 1, 0),
    ],
)
def test_messages_and_whether_it_may_still_change(row: dict[str, Any], messages: int, is_open: int) -> None:
    known = one({"alive5_sessionID": "a", **row})
    assert (messages, is_open) == (known.n_msg, known.open)


def test_a_row_with_an_id_is_kept_as_it_came() -> None:
    row = {"alive5_sessionID": "a", "start_time": NOW, "z": [1]}
    known = one(row)
    assert ("a", NOW_US, 0) == (known.id, known.start_us, known.synthetic)
    assert line_of("sms", row) == line(known)
    assert hashlib.sha256(line(known)).digest() == known.sha
    assert row == StoredRow("sms", known.id, known.n_msg, line(known)).raw


@pytest.mark.parametrize("row", [{}, {"value": 1}, {"alive5_sessionID": ""}, {"alive5_sessionID": "\ud800"}])
def test_a_row_without_an_id_that_can_be_written_gets_one_of_its_content(row: dict[str, Any]) -> None:
    known = one(row)
    assert (1, f"synthetic-{known.sha.hex()[:32]}") == (known.synthetic, known.id)
    assert hashlib.sha256(line_of("sms", row)).digest() == known.sha
    assert ("sms", known.id, row) == read_line(line(known))


def test_equal_rows_without_an_id_are_told_apart_in_a_page() -> None:
    ordinals: dict[bytes, int] = {}
    known = [*encode("sms", [{}, {"a": 1}, {}], 0, ordinals), *encode("sms", [{}], 0, ordinals)]
    empty = known[0].id
    assert [empty, f"{empty}-1", f"{empty}-2"] == [known[0].id, known[2].id, known[3].id]
    assert known[0].sha == known[2].sha == known[3].sha != known[1].sha
    assert empty == one({}).id


@pytest.mark.parametrize("size", [0, 1900, 2047, 2048, 5000, 10_000])
def test_the_digest_is_that_of_the_line_however_long(size: int) -> None:
    known = one({"alive5_sessionID": "a", "text": "x" * size})
    assert hashlib.sha256(line(known)).digest() == known.sha


@pytest.mark.parametrize("seed", range(30))
def test_rows_come_back_from_their_blocks(seed: int) -> None:
    rng = random.Random(seed)
    rows = [{"alive5_sessionID": str(number), "text": "x" * rng.randrange(5_000)} for number in range(rng.randrange(9))]
    known = encode("fbm", rows, NOW_US, {})
    blocks = Blocks([row.block.packed for row in known].__getitem__)
    lines = [blocks.line(number, row.at, row.size) for number, row in enumerate(known)]
    assert rows == [read_line(text)[2] for text in lines]
    assert [{**row, "kind": "fbm"} for row in rows] == [json.loads(text) for text in lines]
