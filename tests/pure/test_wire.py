"""Calls and answers as values, and how bodies are written."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import Call, Failure, Reply
from alive5._sansio.endpoint import Endpoint, Route
from alive5._sansio.endpoints import CREATE_TAG, LIST_LIVECHAT, PUSH_SMS, SEND_SMS
from alive5._sansio.wire import Departure, encode_body

CANARY = "canary-person"


def test_reprs_hide_what_is_personal() -> None:
    call = Call(
        operation="sms.send",
        method="POST",
        path=f"/{CANARY}",
        query=((CANARY, CANARY),),
        headers=((CANARY, CANARY),),
        content=CANARY.encode(),
    )
    reply = Reply(status=200, headers={CANARY: CANARY}, body=CANARY.encode())
    assert ("<Call sms.send POST>", "<Reply 200 13 bytes>") == (repr(call), repr(reply))
    assert CANARY not in repr([call, reply, call.departure, Departure(left=True)])
    assert repr(Failure(False, "connect", "could not connect")) == (
        "Failure(left=False, kind='connect', detail='could not connect')"
    )


@pytest.mark.parametrize(
    ("method", "write"),
    [("GET", False), ("POST", True), ("PUT", True), ("PATCH", True), ("DELETE", True), ("get", True)],
)
def test_all_but_get_is_a_write(method: str, write: bool) -> None:
    assert write is Call(operation="call", method=method, path="/").is_write


def test_calls_are_equal_wherever_they_got_to() -> None:
    first, second = (Call(operation="tags.list", method="GET", path="/x") for _ in range(2))
    first.departure.left = True
    assert first == second
    assert first.departure is not second.departure
    assert second.departure.left is None


def test_values_cannot_be_changed() -> None:
    for value, name in (
        (Call(operation="a", method="GET", path="/"), "path"),
        (Reply(status=200), "status"),
        (Failure(True, "read"), "left"),
    ):
        with pytest.raises(AttributeError):
            setattr(value, name, None)


def test_a_json_body() -> None:
    headers, content = encode_body({"a": "ü", "b": [1, None]}, "json")
    assert ((("content-type", "application/json"),), '{"a":"ü","b":[1,null]}'.encode()) == (headers, content)


def parts(headers: Any, content: bytes) -> dict[str, str]:
    """
    Read a form back, strictly.
    """
    match = re.fullmatch(r"multipart/form-data; boundary=([0-9a-z-]{1,70})", dict(headers)["content-type"])
    assert match is not None
    boundary = b"--" + match[1].encode()
    assert content.endswith(boundary + b"--\r\n")
    found = {}
    for part in content[: -len(boundary) - 4].split(boundary + b"\r\n")[1:]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = re.fullmatch(rb'Content-Disposition: form-data; name="([^"\r\n]*)"', head)
        assert name is not None
        assert value.endswith(b"\r\n")
        found[name[1].decode()] = value[:-2].decode()
    return found


def test_a_multipart_body() -> None:
    fields = {"a": "ü\r\n--x", "b": [1, None], "c": True, 'd"\r\n': ""}
    expected = {"a": "ü\r\n--x", "b": "[1,null]", "c": "true", "d%22%0D%0A": ""}
    assert expected == parts(*encode_body(fields, "multipart"))


def test_the_same_call_is_written_the_same() -> None:
    assert encode_body({"a": "1"}, "multipart") == encode_body({"a": "1"}, "multipart")
    assert encode_body({"a": "1"}, "multipart") != encode_body({"a": "2"}, "multipart")


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters='"\r\n'), max_size=9),
        st.text(st.characters(codec="utf-8")),
    )
)
def test_any_text_goes_there_and_back(fields: dict[str, str]) -> None:
    assert fields == parts(*encode_body(fields, "multipart"))
    assert fields == json.loads(encode_body(fields, "json")[1])


@given(st.text(st.characters(codec="utf-8")))
def test_a_boundary_is_never_inside(value: str) -> None:
    headers, content = encode_body({"a": value}, "multipart")
    boundary = dict(headers)["content-type"].partition("boundary=")[2].encode()
    assert content.count(boundary) == 2


def test_what_is_none_is_left_out_and_names_are_mapped() -> None:
    call = LIST_LIVECHAT.write({"start": "01-02-2026", "end": None, "page": 0, "limit": 100}, connect=1.0, read=2.0)
    query = (("date-start", "01-02-2026"), ("date_start", "01-02-2026"), ("page", "0"), ("limit", "100"))
    assert (query, b"", (), 1.0, 2.0) == (call.query, call.content, call.headers, call.connect, call.read)
    sent = SEND_SMS.write({"message": "Hi", "user_id": None}, body_format="json")
    assert json.loads(sent.content) == {"message": "Hi"}
    assert (None, "base") == (call.version, call.host)


def test_the_current_edition_spells_in_its_own_way() -> None:
    arguments = {"start": "01-02-2026", "end": None, "page": 0, "limit": 100, "crm_id": "p1"}
    call = LIST_LIVECHAT.write({**arguments, "limit": None}, edition="current")
    query = (("timezone_offset", "+0:00"), ("datetime_from", "01-02-2026"), ("page", "0"), ("crm_id", "p1"))
    assert (query, "2.0", "read") == (call.query, call.version, call.host)


def test_texts_go_as_forms_and_all_else_as_json_unless_asked_otherwise() -> None:
    for endpoint in (SEND_SMS, PUSH_SMS):
        call = endpoint.write({"message": "Hi"})
        assert {"message": "Hi"} == parts(call.headers, call.content)
        assert {"message": "Hi"} == json.loads(endpoint.write({"message": "Hi"}, body_format="json").content)
    assert {"name": "vip"} == json.loads(CREATE_TAG.write({"name": "vip"}).content)
    call = CREATE_TAG.write({"name": "vip"}, body_format="multipart")
    assert {"name": "vip"} == parts(call.headers, call.content)


def test_unknown_arguments_keep_their_names() -> None:
    endpoint = Endpoint(
        operation="call", method="PUT", returns=lambda: LIST_LIVECHAT.returns, documented=Route(path="/x")
    )
    call = endpoint.write({"anyThing": 1}, body_format="multipart")
    assert ("PUT", {"anyThing": "1"}) == (call.method, parts(call.headers, call.content))
