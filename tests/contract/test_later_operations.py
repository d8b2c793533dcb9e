"""The operations documented after 2020: what is sent, what is read, and what is refused."""

from __future__ import annotations

import inspect
import json
from datetime import datetime
from operator import attrgetter
from typing import Any

import attrs
import pytest
from support.front import Front
from support.later_facts import CUSTOMER, LINE, MOMENT, OPERATIONS, RENAMED, Later
from support.scripted import raw, refusal, reply

from alive5 import (
    Alive5,
    AsyncAlive5,
    BadRequestError,
    InvalidArgumentError,
    Model,
    OutcomeUnknownError,
    ResponseError,
)
from alive5._sansio.later_endpoints import LATER
from alive5.models import LineWebhooks

BY_NAME = {operation.call: operation for operation in OPERATIONS}
WRITES = [operation for operation in OPERATIONS if operation.method != "GET"]
PERIOD = {"start": "2026-01-01", "end": "2026-01-01"}
PERSON: dict[str, Any] = {**BY_NAME["contacts.create"].arguments}
NOON = 1767268800000


async def made(client: Any, operation: Later, **more: Any) -> Any:
    """
    Call an operation; a listing is read.
    """
    found = attrgetter(operation.call)(client)(**{**operation.arguments, **more})
    return await (found.list() if hasattr(found, "pages") else found)


def run(front: Front, operation: Later, answer: Any, **options: Any) -> tuple[Any, list[Any]]:
    port = front.port(lambda _: answer)
    return front.run(lambda client: made(client, operation), port=port, **options), port.calls


class Unused:
    """A port nobody calls."""


def test_every_operation_is_here() -> None:
    here = {(o.call, o.method, o.shown or o.path, o.host, o.version) for o in OPERATIONS}
    there = {(e.operation, e.method, r.path, r.host, r.version) for e in LATER for r in [e.documented]}
    assert here == there
    assert {None} == {endpoint.current for endpoint in LATER}


@pytest.mark.parametrize("client", [AsyncAlive5, Alive5], ids=["async", "sync"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_arguments_are_keywords_and_the_docstring_names_the_call(operation: Later, client: type[Any]) -> None:
    method = attrgetter(operation.call)(client("test_key_contract", port=Unused()))
    kinds = {parameter.kind for parameter in inspect.signature(method).parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}
    said = " ".join((inspect.getdoc(method) or "").split())
    assert f"Calls ``{operation.method} {operation.shown or operation.path}``." in said
    assert any(words in said for words in ("vendor's staff", "Documented in 2021", "Documented in 2026 only"))


@pytest.mark.parametrize("edition", ["documented", "current"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_what_is_sent_is_what_is_written(operation: Later, edition: str, front: Front) -> None:
    _, calls = run(front, operation, reply(operation.answer), edition=edition)
    sent = calls[0]
    assert (operation.method, operation.path) == (sent.method, sent.path)
    assert (operation.host, operation.version) == (sent.host, sent.version)
    assert operation.query == sent.query
    assert operation.body == (json.loads(sent.content) if sent.content else None)
    assert 1 == len(calls)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_each_documented_value_arrives_under_its_name(operation: Later, front: Front) -> None:
    found, _ = run(front, operation, reply(operation.answer))
    top = found[0] if isinstance(found, list) else found
    for place, names in operation.values.items():
        at: Any = attrgetter(place)(top)[0] if place else top
        assert {} == dict(at.extra)
        assert {RENAMED.get(name, name) for name in names.split()} <= {f.name for f in attrs.fields(type(at))}
        for name in names.split():
            value = getattr(at, RENAMED.get(name, name))
            if isinstance(value, datetime):
                assert MOMENT / 1000 == value.timestamp()
            elif not name.endswith(("Report", "Update", "Uuid", "url")) or name == "media_url":
                assert value in ([7, ["vip", "new"]] if not isinstance(value, str) else [f"value of {name}"])
            assert value not in (None, [], "")


def test_each_field_is_a_documented_value() -> None:
    """Those of a message of the feed are also a message's, which has its own facts."""
    for endpoint in LATER:
        if endpoint.returns is LineWebhooks or endpoint.operation == "conversations.messages":
            continue
        names = {n for o in OPERATIONS if _returns(o) is endpoint.returns for n in o.values[""].split()}
        fields = {field.name for field in attrs.fields(endpoint.returns)} - {"extra"}
        assert fields == {RENAMED.get(name, name) for name in names}


def _returns(operation: Later) -> type[Model]:
    return next(endpoint.returns for endpoint in LATER if endpoint.operation == operation.call)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_unknown_values_are_kept(operation: Later, front: Front) -> None:
    if operation.call.startswith(("reports.", "webhooks.")):
        return
    answer = json.loads(json.dumps(operation.answer))
    row = answer[0] if isinstance(answer, list) else answer
    row.get("Items", [row])[0]["unheard"] = {"of": 1}
    found, _ = run(front, operation, reply(answer))
    top = found[0] if isinstance(found, list) else found
    assert {"unheard": {"of": 1}} == dict(top.extra)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_what_holds_no_list_is_no_empty_list(operation: Later, front: Front) -> None:
    listed = next(e.shape for e in LATER if e.operation == operation.call) != "one"
    if listed or operation.call == "webhooks.sms.list":
        for data in ({"rows": []}, {}, {"found": 3}):
            port = front.port(lambda _, data=data: reply(data))  # type: ignore[misc]
            error = front.fails(ResponseError, lambda client: made(client, operation), port=port, retry=_once())
            assert (operation.call, "unknown") == (error.operation, error.outcome)
        assert [] == run(front, operation, reply(None))[0]


def _once() -> Any:
    from alive5 import RetryPolicy

    return RetryPolicy.none()


# Writes.


@pytest.mark.parametrize("answer", [{"error": "Not updated"}, {"error": {"message": "No"}}, {"success": False}])
@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_an_error_beside_a_good_code_may_have_been_applied(operation: Later, answer: Any, front: Front) -> None:
    port = front.port([raw({"code": 200, "data": operation.answer, **answer})])
    error = front.fails(OutcomeUnknownError, lambda client: made(client, operation), port=port)
    assert ("unknown", 1, operation.call) == (error.outcome, len(port.calls), error.operation)


@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_a_documented_answer_without_an_envelope_is_accepted(operation: Later, front: Front) -> None:
    for answer in (operation.answer, {"data": operation.answer, "error": None}):
        assert 1 == len(run(front, operation, raw(answer))[1])


@pytest.mark.parametrize(("answer", "unknown"), [(reply(code=400, error="Not updated"), True), (refusal(400), False)])
@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_only_an_update_doubts_an_error_by_http_200(operation: Later, answer: Any, unknown: bool, front: Front) -> None:
    port = front.port([answer])
    kind = OutcomeUnknownError if unknown and operation.call == "contacts.update" else BadRequestError
    front.fails(kind, lambda client: made(client, operation), port=port)
    assert 1 == len(port.calls)


@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_a_refused_write_says_so(operation: Later, front: Front) -> None:
    port = front.port([reply(code=400, error={})])
    error = front.fails(BadRequestError, lambda client: made(client, operation), port=port)
    assert ("rejected", 1) == (error.outcome, len(port.calls))


def test_the_organisation_of_a_contact_is_looked_up(front: Front) -> None:
    port = front.port(lambda sent: reply({"org_name": "Looked Up"} if sent.path == "/account" else {"crm_id": "p1"}))
    person = {name: value for name, value in PERSON.items() if name != "org_name"}
    contact = front.run(lambda client: client.contacts.create(**person), port=port)
    assert ["/account", "/contact/create-new"] == [call.path for call in port.calls]
    assert ("Looked Up", b"") == (port.calls[1].query["org_name"], port.calls[1].content)
    assert "p1" == contact.crm_id


def test_an_update_sends_what_is_given_alone(front: Front) -> None:
    port = front.port(lambda _: reply({"message": "ok"}))
    front.run(lambda client: client.contacts.update(crm_id="p1", tags=[]), port=port)
    assert {"crm_id": "p1", "tags": []} == port.calls[0].body


@pytest.mark.parametrize(
    ("call", "arguments", "argument"),
    [
        ("contacts.list", {"limit": 101}, "limit"),
        ("contacts.list", {"limit": 0}, "limit"),
        ("contacts.list", {"page": 0}, "page"),
        ("contacts.list", {"prefetch": 0}, "prefetch"),
        ("contacts.create", {**PERSON, "phone_mobile": "555"}, "phone_mobile"),
        ("contacts.create", {**PERSON, "email": " "}, "email"),
        ("contacts.create", {**PERSON, "title": "a\nb"}, "title"),
        ("contacts.update", {"crm_id": "p1"}, "crm_id"),
        ("contacts.update", {"crm_id": "", "email": "a@example.com"}, "crm_id"),
        ("contacts.update", {"crm_id": "p1", "phone_mobile": "12"}, "phone_mobile"),
        ("contacts.update", {"crm_id": "p1", "tags": "vip"}, "tags"),
        ("contacts.update", {"crm_id": "p1", "tags": 5}, "tags"),
        ("contacts.update", {"crm_id": "p1", "tags": [""]}, "tags"),
        ("conversations.messages", {"start": None, "end": "2026-01-01"}, "start"),
        ("conversations.messages", {"start": "2026-01-01", "end": None}, "end"),
        ("conversations.messages", {"start": "2026-01-02", "end": "2026-01-01"}, "start"),
        ("reports.performance", {**PERIOD, "start": None}, "start"),
        ("reports.performance", {**PERIOD, "timezone_offset": "EST"}, "timezone_offset"),
        ("reports.performance", {**PERIOD, "timezone_offset": -500}, "timezone_offset"),
        ("reports.bots", {**PERIOD, "botflow": ""}, "botflow"),
        ("reports.faq", {**PERIOD, "end": "soon"}, "end"),
        ("webhooks.sms.register", {"phone_number": "20250", "url": "https://example.com"}, "phone_number"),
        ("webhooks.sms.register", {"phone_number": LINE, "url": "http://example.com"}, "url"),
        ("webhooks.sms.register", {"phone_number": LINE, "url": "ftp://example.com"}, "url"),
        ("webhooks.sms.register", {"phone_number": LINE, "url": "https://"}, "url"),
        ("webhooks.sms.register", {"phone_number": LINE, "url": "https://example.com:x"}, "url"),
        ("webhooks.sms.register", {"phone_number": LINE, "url": "https://example.com/\r\nx"}, "url"),
        ("webhooks.sms.register", {"phone_number": LINE, "url": "https://exa mple.com/"}, "url"),
        ("webhooks.sms.list", {"phone_number": "../account"}, "phone_number"),
        ("webhooks.sms.delete", {"phone_number": LINE, "interceptor_uuid": ""}, "interceptor_uuid"),
    ],
)
def test_bad_arguments_are_refused_before_any_request(
    call: str, arguments: dict[str, Any], argument: str, front: Front
) -> None:
    port = front.port()

    async def body(client: Any) -> None:
        found = attrgetter(call)(client)(**arguments)
        await (found.list() if hasattr(found, "pages") else found)

    error = front.fails(InvalidArgumentError, body, port=port)
    assert (argument, "not_sent", []) == (error.argument, error.outcome, port.calls)


# Contacts in pages.


def _contact(number: int, **more: Any) -> dict[str, Any]:
    return {"crm_id": f"p{number}", "first_name": "Ada", **more}


def test_contacts_come_in_pages_from_one(front: Front) -> None:
    def answer(sent: Any) -> Any:
        page = int(sent.query["page"])
        rows = [_contact(number) for number in range(2 * page - 1, min(2 * page, 5) + 1)]
        return reply({"Items": rows, "page": page, "totalPages": 3, "totalRecord": 5})

    port = front.port(answer)

    async def body(client: Any) -> Any:
        pages = client.contacts.list(limit=2, strict=True)
        return [contact.crm_id async for contact in pages], pages.report

    found, report = front.run(body, port=port)
    assert ["p1", "p2", "p3", "p4", "p5"] == found
    assert ["1", "2", "3"] == [call.query["page"] for call in port.calls]
    assert (3, 0) == (report.pages, report.duplicates)


def test_a_contact_that_changed_between_two_pages_is_given_once(front: Front) -> None:
    first = [_contact(1), _contact(2)]
    pages = {1: first, 2: [_contact(2, company="New"), _contact(3)], 3: []}

    def answer(sent: Any) -> Any:
        page = int(sent.query["page"])
        return reply({"Items": pages.get(page, []), "page": page, "totalPages": 3, "totalRecord": 4})

    found = front.run(lambda client: client.contacts.list(limit=2).list(), port=front.port(answer))
    assert [("p1", None), ("p2", "New"), ("p3", None)] == [(row.crm_id, row.company) for row in found]


def test_no_contacts_are_an_empty_list(front: Front) -> None:
    port = front.port(lambda _: reply(code=404, error="Nothing found"))
    assert [] == front.run(lambda client: client.contacts.list().list(), port=port)


# The feed of messages.


def _message(moment: int, text: str = "Hi", **more: Any) -> dict[str, Any]:
    row = {"thread_id": "t1", "channel_id": "c1", "created_at": moment, "created_by": CUSTOMER}
    return {**row, "message_content": text, "media_url": "", **more}


def test_the_feed_is_of_an_exact_period(front: Front) -> None:
    day = 86_400_000
    rows = [
        _message(NOON - day, "before"),
        _message(NOON),
        _message(NOON + day, "after"),
        _message(NOON, thread_id="t2"),
    ]
    port = front.port(lambda _: reply(rows))

    async def body(client: Any) -> Any:
        pages = client.conversations.messages(**PERIOD)
        return await pages.list(), pages.report

    found, report = front.run(body, port=port)
    assert [("t1", "Hi"), ("t2", "Hi")] == [(row.thread_id, row.text) for row in found]
    # One answer without pages may have been cut: that nothing is missing is not proven.
    assert (None, 2, 1) == (report.complete, report.outside, report.pages)
    assert ["page" in call.query for call in port.calls] == [False]


def test_equal_messages_without_an_id_are_all_given(front: Front) -> None:
    port = front.port(lambda _: reply([_message(NOON), _message(NOON)]))
    found = front.run(lambda client: client.conversations.messages(**PERIOD).list(), port=port)
    assert ["Hi", "Hi"] == [row.message_content for row in found]


def test_a_message_given_twice_by_its_id_is_one(front: Front) -> None:
    row = _message(NOON, message_id="m1")
    port = front.port(lambda _: reply({"Items": [row, row, _message(NOON, message_id="m2")]}))
    found = front.run(lambda client: client.conversations.messages(**PERIOD).list(), port=port)
    assert ["m1", "m2"] == [row.id for row in found]


def test_a_feed_that_promises_pages_is_followed(front: Front) -> None:
    def answer(sent: Any) -> Any:
        page = int(sent.query.get("page", 1))
        return reply({"Items": [_message(NOON, f"text {page}")], "page": page, "totalPages": 2, "totalRecord": 2})

    port = front.port(answer)
    found = front.run(lambda client: client.conversations.messages(**PERIOD).list(), port=port)
    assert ["text 1", "text 2"] == [row.text for row in found]
    assert [None, "2"] == [call.query.get("page") for call in port.calls]


def test_a_feed_of_other_days_is_called_incomplete(front: Front) -> None:
    port = front.port(lambda _: reply([_message(MOMENT - 40 * 86_400_000)]))

    async def body(client: Any) -> Any:
        pages = client.conversations.messages(**PERIOD)
        with pytest.warns(UserWarning, match="ignored the dates"):
            return await pages.list(), pages.report

    found, report = front.run(body, port=port)
    assert ([], False) == (found, report.complete)


# Reports and webhooks.


@pytest.mark.parametrize(
    ("items", "threads"),
    [
        ({"t1": [{"bot_message": "a"}, {"bot_message": "b"}], "t2": [{"bot_message": "c"}]}, ["t1", "t1", "t2"]),
        ({"t1": {"bot_message": "a"}, "t2": None}, ["t1"]),
        ({"t1": [{"thread_id": "own"}, None]}, ["own"]),
        ([{"thread_id": "own"}, {"bot_message": "b"}], ["own", None]),
        ({}, []),
        (None, []),
    ],
)
@pytest.mark.parametrize("key", ["Items", "items"])
def test_rows_of_bots_know_their_thread(key: str, items: Any, threads: list[str | None], front: Front) -> None:
    port = front.port(lambda _: reply({key: items}))
    found = front.run(lambda client: client.reports.bots(**PERIOD), port=port)
    assert threads == [row.thread_id for row in found]


def test_instants_of_a_report_are_widened_to_days(front: Front) -> None:
    port = front.port(lambda _: reply({}))
    period = {"start": "2026-01-02T10:00:00Z", "end": "2026-01-03T10:00:00Z"}
    front.run(lambda client: client.reports.performance(**period), port=port)
    assert {"date_start": "01-02-2026", "date_end": "01-03-2026"} == port.calls[0].query


@pytest.mark.parametrize("answer", [{}, {"channelUpdate": {}}, {"channelUpdate": {"Attributes": {"interceptor": []}}}])
def test_a_webhook_without_an_id_was_registered_all_the_same(answer: Any, front: Front) -> None:
    port = front.port(lambda _: reply(answer))
    url = "http://127.0.0.1:8000/texts"
    hook = front.run(lambda client: client.webhooks.sms.register(phone_number=LINE, url=url), port=port)
    assert (url, None) == (hook.url, hook.interceptor_uuid)


@pytest.mark.parametrize("answer", [[{"url": "u"}], {"interceptors": [{"url": "u"}]}])
def test_webhooks_are_listed_bare_or_by_name(answer: Any, front: Front) -> None:
    port = front.port(lambda _: reply(answer))
    hooks = front.run(lambda client: client.webhooks.sms.list(phone_number=LINE), port=port)
    assert ["u"] == [hook.url for hook in hooks]
