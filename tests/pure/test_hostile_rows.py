"""Answers written to break a reader: the row is kept and can be written again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alive5 import Account, Channel, LivechatConversation, Message, Reply, SmsConversation, Summary, Widget
from alive5._sansio.decode import shape, shape_all
from alive5._sansio.envelope import Opened, open_reply, rows_of
from alive5._sansio.fetched import Fetched
from alive5.models._base import DEEPEST, plain


def rows(text: str | bytes) -> list[LivechatConversation]:
    body = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    answer = open_reply(Reply(status=200, body=b'{"code": 200, "data": [' + body + b"]}"))
    assert isinstance(answer, Opened)
    return shape_all(LivechatConversation, rows_of(answer.data))


@pytest.mark.promise("H4")
@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ('{"alive5_sessionID": "s1", "start_time": %s}' % ("7" * 5000), {"start_time": "7" * 5000}),
        ('{"alive5_sessionID": "s1", "start_time": NaN}', {"start_time": "NaN"}),
        ('{"alive5_sessionID": "s1", "other": 1e999}', {"other": "1e999"}),
        ('{"alive5_sessionID": "s1", "other": "\\ud800"}', {"other": "\ud800"}),
        (b'{"alive5_sessionID": "s1", "other": "\xff\xfe"}', {"other": "\ufffd\ufffd"}),
        ('{"alive5_sessionID": "s0", "alive5_sessionID": "s1"}', {}),
        ('{"alive5_sessionID": "s1", "": 0, "__class__": 1, "extra": 2}', {"": 0, "__class__": 1, "extra": 2}),
    ],
)
def test_the_row_is_kept_with_what_cannot_be_read(text: str | bytes, extra: dict[str, Any]) -> None:
    (row,) = rows(text)
    assert ("s1", extra) == (row.id, row.extra)
    assert extra == json.loads(json.dumps(row.to_dict()))["extra"]


def test_two_long_ids_never_become_one() -> None:
    first, second = rows('{"alive5_sessionID": 123456789012345678901}, {"alive5_sessionID": 123456789012345678902}')
    assert (None, None) == (first.id, second.id)
    assert "alive5_sessionID" in first.extra
    (whole,) = rows('{"alive5_sessionID": 18446744073709551615}')
    assert whole.id == "18446744073709551615"


@pytest.mark.parametrize("depth", [10, 100, 900])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_deep_value_can_be_written_and_counted(depth: int, opening: str, closing: str) -> None:
    deep = opening * depth + "0" + closing * depth
    (row,) = rows(f'{{"other": {deep}}}')
    written = row.to_dict()["extra"]["other"]
    assert json.loads(json.dumps(written)) == written
    assert len(Fetched([row, row]).keys) == 1
    for _ in range(min(depth, DEEPEST)):
        written = written[0] if isinstance(written, list) else written["a"] if isinstance(written, dict) else written
    if depth > DEEPEST:
        assert isinstance(written, str)
        levels = opening * (depth - DEEPEST + 1), closing * (depth - DEEPEST + 1)
        assert f"{levels[0]}0{levels[1]}" == written.replace(" ", "")


def test_the_text_of_what_is_too_deep_is_json() -> None:
    bottom = {"a": [1, None, "ü\ud800", {}, []], "b": {"c": 1.5, "d": True}}
    value: Any = bottom
    for _ in range(DEEPEST):
        value = [value]
    flat = plain(value)
    for _ in range(DEEPEST):
        (flat,) = flat
    assert bottom == json.loads(flat)


def test_lists_of_texts_take_anything() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    row = shape(SmsConversation, {"tags": ["a", {"b": [1]}, None, 5, True, {"c": "\ud800"}]})
    assert ["a", '{"b":[1]}', "5", "true", '{"c": "\\ud800"}'] == row.tags
    row = shape(SmsConversation, {"tags": [deep]})
    assert ([], True) == (row.tags, row.extra["tags"][0] is deep)


def test_a_number_too_long_to_write_is_kept_raw() -> None:
    long = 10**5000
    row = shape(Message, {"created_by": long})
    assert (None, True) == (row.created_by, row.extra["created_by"] is long)


def test_free_values_are_as_they_came() -> None:
    settings = {"a": [1, {"b": None}], "c": "\ud800"}
    widget = shape(Widget, {"window_settings": settings, "qr_config": "text"})
    assert (settings, "text", None) == (widget.window_settings, widget.qr_config, widget.widget_auto_msg)
    assert settings == widget.to_dict()["window_settings"]


@pytest.mark.parametrize("key", ["test_key_0123", ["test_key_0123"], {"key": "test_key_0123"}])
def test_a_key_of_any_kind_is_masked(key: Any) -> None:
    account = shape(Account, {"api_key": key, "email": "ada@example.com"})
    assert "test_key_0123" not in json.dumps(account.to_dict()) + repr(account)
    assert "test_key_0123" in json.dumps(account.to_dict(secrets=True))


def test_no_key_is_not_masked() -> None:
    nothing = dict.fromkeys(("email", "api_key", "org_name", "user_role", "bot_user_id"))
    assert Account().to_dict() == {**nothing, "extra": {}}


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        (True, True),
        (1, True),
        ("true", True),
        (" TRUE ", True),
        ("1", True),
        (False, False),
        (0, False),
        ("False", False),
        ("0", False),
        (None, None),
    ],
)
def test_flags(raw: Any, flag: bool | None) -> None:
    channel = shape(Channel, {"system_generated": raw})
    assert (flag, {}) == (channel.system_generated, channel.extra)


@pytest.mark.parametrize("raw", ["yes", "", 2, -1, 1.0, [], {}, "\u0661"])
def test_what_is_no_flag_is_kept(raw: Any) -> None:
    channel = shape(Channel, {"system_generated": raw})
    assert (None, {"system_generated": raw}) == (channel.system_generated, channel.extra)


@pytest.mark.parametrize(
    ("raw", "number"), [(5, 5), (-5, -5), (5.0, 5), ("5", 5), (" -5 ", -5), ("0005", 5), (10**30, 10**30), (None, None)]
)
def test_counts(raw: Any, number: int | None) -> None:
    summary = shape(Summary, {"visitors_web": raw})
    assert (number, {}) == (summary.visitors_web, summary.extra)


@pytest.mark.parametrize(
    "raw", ["five", "", "--5", "5-", "5.0", "5 5", "1" * 20, "\u0665", True, 5.5, [], float("inf")]
)
def test_what_is_no_count_is_kept(raw: Any) -> None:
    summary = shape(Summary, {"visitors_web": raw})
    assert (None, {"visitors_web": raw}) == (summary.visitors_web, summary.extra)
