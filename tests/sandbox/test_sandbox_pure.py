"""The service by itself: calls it cannot read, refusals, and a store's rows that leave."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alive5._sansio.wire import Call
from alive5.sandbox.data.conversations import KINDS, session_id
from alive5.sandbox.data.people import LINES
from alive5.sandbox.data.store import Gone, Put, Store
from alive5.sandbox.service.dispatch import Answer, answer
from alive5.sandbox.service.request import UNKNOWN, Asked, read_call
from alive5.sandbox.settings import Settings

MULTIPART = "multipart/form-data; boundary=b"


def post(path: str, content: bytes, kind: str = "application/json") -> Call:
    return Call(operation="x", method="POST", path=path, headers=(("Content-Type", kind),), content=content)


def get(path: str, *query: tuple[str, str]) -> Call:
    return Call(operation="x", method="GET", path=path, query=query)


def answered(call: Call, store: Store | None = None, **quirks: Any) -> Answer:
    return answer(store or make_store(), read_call(call), Settings(**quirks), 1)


def make_store(count: int = 3) -> Store:
    return Store(1, dict.fromkeys(KINDS, count))


def path_of(operation: str) -> str:
    from alive5._sansio.endpoints import ENDPOINTS

    return next(endpoint.documented.path for endpoint in ENDPOINTS if endpoint.operation == operation)


def test_a_call_is_shown_without_its_arguments() -> None:
    asked = read_call(post(path_of("sms.push"), b'{"message": "personal"}'))
    assert "<Asked sms.push>" == repr(asked)
    assert "<Asked unknown>" == repr(read_call(get("/nowhere")))


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("application/json", b"", {}),
        ("application/json", b"[1]", None),
        ("application/json", b"{", None),
        ("text/plain", b'{"a": 1}', {"a": 1}),
        ("application/x-www-form-urlencoded; charset=utf-8", b"a=1+2&b=", {"a": "1 2", "b": ""}),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n', {"a": "1"}),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="%22"\r\n\r\n\r\n--b--', {'"': ""}),
        (MULTIPART, b"--b--\r\n", {}),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n', None),
        (MULTIPART, b"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", None),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="a"\r\n--b--', None),
        ("multipart/form-data", b"--b--", None),
    ],
)
def test_bodies(kind: str, content: bytes, expected: dict[str, Any] | None) -> None:
    assert expected == read_call(post(path_of("sms.push"), content, kind)).arguments


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"phone_number_from": ""}'])
def test_a_body_that_cannot_be_read_or_lacks_a_field_is_refused(content: bytes) -> None:
    made = answered(post(path_of("sms.push"), content))
    assert (False, (), 400, {}) == (
        made.accepted,
        made.effects,
        json.loads(made.reply.body)["code"],
        json.loads(made.reply.body)["error"],
    )


@pytest.mark.parametrize("operation", ["conversations.summary", "conversations.sms", "conversations.livechat"])
@pytest.mark.parametrize("date", ["soon", "13-45-2026", "2026-01-01"])
def test_a_date_the_service_does_not_understand(operation: str, date: str) -> None:
    made = answered(get(path_of(operation), ("date-start", date), ("page", "1"), ("limit", "5")))
    assert "Invalid date" == json.loads(made.reply.body)["error"]


@pytest.mark.parametrize(
    ("length", "line", "strict", "error"),
    [
        (1_600, "+12025550100", True, None),
        (1_601, "+12025550100", False, "Message is too long"),
        (1, "+12025550199", True, f"Unknown number: not a line of that channel; the lines are {', '.join(LINES)}"),
        (1, "+12025550199", False, None),
    ],
)
def test_texts_that_are_refused(length: int, line: str, strict: bool, error: str | None) -> None:
    fields = {
        "phone_number_from": line,
        "phone_number_to": "+12025550123",
        "message": "x" * length,
        "channel_id": "channel-line-1",
        "user_id": "agent-maria",
    }
    made = answered(post(path_of("sms.send"), json.dumps(fields).encode()), strict_ids=strict)
    assert (error, error is None) == (json.loads(made.reply.body)["error"], bool(made.effects))


def test_a_path_that_is_not() -> None:
    made = answered(get("/nowhere"))
    assert (404, UNKNOWN) == (made.reply.status, read_call(get("/nowhere")).operation)


def test_the_same_call_gives_the_same_answer_and_changes_nothing() -> None:
    store = make_store()
    fields = {"phone_number_from": "+12025550123", "phone_number_to": "+12025550100", "message": "hi"}
    call = post(path_of("sms.push"), json.dumps(fields).encode())
    assert answered(call, store).reply.body == answered(call, store).reply.body
    assert [0, 1, 2] == list(store.select("sms"))


@pytest.mark.parametrize("name", ["", "no-hex", "00000000-0000-4000-a002-0000000000ff", "1"])
def test_ids_that_are_not_are_not_found_and_do_not_leave(name: str) -> None:
    store = make_store()
    assert store.find("sms", name) is None
    store.apply(Gone("sms", name))
    assert [0, 1, 2] == list(store.select("sms"))


def test_rows_come_go_and_come_again() -> None:
    store = make_store()
    name = session_id(1, "sms", 1)
    row = store.row("sms", 1)
    assert 1 == store.find("sms", name)
    store.apply(Gone("sms", name))
    assert [None, [0, 2]] == [store.find("sms", name), list(store.select("sms"))]
    store.apply(Put("sms", {**row, "contacts_phone": None, "contacts_email": None}))
    assert [-1, [0, -1, 2]] == [store.find("sms", name), list(store.select("sms"))]
    assert not store.reachable("sms", -1)
    store.apply(Put("sms", {**row, "contacts_phone": "+12025550123"}))
    assert [0, -2, 2] == list(store.select("sms"))
    assert store.reachable("sms", -2)
    store.apply(Gone("sms", name))
    assert [None, [0, 2]] == [store.find("sms", name), list(store.select("sms"))]


def test_an_operation_without_arguments_needs_none() -> None:
    asked = Asked(operation="account.get", method="GET", path="/", query={}, arguments={})
    assert answer(make_store(), asked, Settings(), 1).accepted
