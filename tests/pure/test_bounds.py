"""What a response may hold: the largest honest one passes, little bytes that mean much work do not."""

from __future__ import annotations

import json
import random
from typing import Any

import attrs
import pytest

from alive5._sansio.bounds import LARGEST_BODY, has_too_many_values
from alive5._sansio.envelope import Opened, Refusal, Unreadable, open_reply
from alive5._sansio.wire import Reply
from alive5.models import CrmContact, FeedMessage, LivechatConversation, Model, SmsConversation, Tag
from alive5.models._base import WIRE

MIB = 1024 * 1024
VALUES = Unreadable(200, "too many values")
ROWS = Unreadable(200, "too many rows")
HOSTILE: dict[str, tuple[bytes, Unreadable]] = {
    "lists": (b"[]", VALUES),
    "objects": (b"{}", VALUES),
    "objects of objects": (b'{"a":{}}', VALUES),
    "chains of objects": (b'{"a":' * 900 + b"1" + b"}" * 900, VALUES),
    "numbers": (b"1", VALUES),
    "texts": (b'""', VALUES),
    "nulls": (b"null", VALUES),
    "blanks between": (b" [ ] ", VALUES),
}


def opened(body: bytes, status: int = 200) -> Any:
    return open_reply(Reply(status=status, body=body))


def many(item: bytes, size: int) -> bytes:
    """
    Return a body whose data is a list of one item again and again.
    """
    count = (size - 30) // (len(item) + 1)
    return b'{"code":200,"data":[' + (item + b",") * (count - 1) + item + b"]}"


@pytest.mark.promise("H2")
@pytest.mark.parametrize("case", HOSTILE)
def test_a_body_of_many_tiny_values_is_refused_unparsed(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alive5._sansio.envelope.read_body", None)  # whoever parses now fails
    item, verdict = HOSTILE[case]
    assert verdict == opened(many(item, LARGEST_BODY))
    refusal = opened(many(item, LARGEST_BODY), 503)
    assert isinstance(refusal, Refusal)
    assert (503, False) == (refusal.code, refusal.enveloped)


@pytest.mark.promise("H2")
@pytest.mark.parametrize("item", [b"[]", b"{}", b"1", b'""', b'{"tag_id":"1"}'])
def test_a_list_of_more_rows_than_any_is_refused_undecoded(item: bytes) -> None:
    rows = item + (b"," + item) * 150_000
    for body in (b"[" + rows + b"]", b'{"code":200,"data":{"Items":[' + rows + b"]}}"):
        assert ROWS == opened(body)
    keyed = b",".join(b'"%d":{}' % number for number in range(150_001))
    assert ROWS == opened(b'{"items":{' + keyed + b"}}")
    assert isinstance(opened(b"[" + item + (b"," + item) * 149_999 + b"]"), Opened)


def row_of(model: type[Model], source: random.Random) -> dict[str, Any]:
    """
    Return a documented row with short values.
    """
    names = [field.metadata.get(WIRE) or field.name for field in attrs.fields(model) if field.metadata]
    row: dict[str, Any] = {name: source.choice([None, "x", ""]) for name in names}
    if "chat_conversation" in row:
        message = {"created_at": 1767225600000, "created_by": "Sam", "message_content": "ok, yes"}
        row["chat_conversation"] = [message] * source.randint(0, 8)
    return row


@pytest.mark.parametrize("model", [CrmContact, FeedMessage, LivechatConversation, SmsConversation, Tag])
def test_the_largest_honest_body_passes(model: type[Model]) -> None:
    source = random.Random(5)
    rows = [json.dumps(row_of(model, source), separators=(",", ":")).encode() for _ in range(100)]
    mean = sum(map(len, rows)) / 100
    count = min(150_000, int(LARGEST_BODY / (mean + 1)) - 10)
    data = b",".join([rows[number % 100] for number in range(count)])
    assert not has_too_many_values(b'{"code":200,"data":[' + data + b"]}")


def test_texts_of_much_punctuation_pass() -> None:
    text = "Hello, Sam: the {first} of the [offers], as agreed, costs 1,000 a month. "
    text *= LARGEST_BODY // len(text) - 1
    assert not has_too_many_values(json.dumps({"code": 200, "data": [{"notes": text}]}).encode())
