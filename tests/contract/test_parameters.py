"""Each operation sends what is documented in its edition, on every front and in both body formats."""

from __future__ import annotations

import ast
import inspect
import json
from email import message_from_bytes
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from support.facts import ARGUMENTS, OF_OURS, OPERATIONS, Operation
from support.front import Front
from support.scripted import Sent, reply

import alive5
from alive5 import Alive5, AsyncAlive5, InvalidArgumentError
from alive5._sansio import endpoints, later_endpoints
from alive5._sansio.endpoints import ENDPOINTS
from alive5._sansio.later_endpoints import LATER

RESOURCES = Path(alive5.__file__).parent / "resources"


def test_the_endpoints_are_the_documented_operations() -> None:
    documented = [e for e in ENDPOINTS if e not in LATER]
    here = {(o.call, o.method, o.path) for o in OPERATIONS}
    assert here == {(e.operation, e.method, e.documented.path) for e in documented}
    assert len(documented) == 16
    assert len(ENDPOINTS) == len({e.operation for e in ENDPOINTS}) == 29
    assert {("base", None)} == {(e.documented.host, e.documented.version) for e in documented}


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_current_edition_is_where_it_was_seen(operation: Operation) -> None:
    (endpoint,) = [e for e in ENDPOINTS if e.operation == operation.call]
    assert endpoint.route("documented") is endpoint.documented
    if operation.current is None:
        assert endpoint.current is None
        assert endpoint.route("current") is endpoint.documented
        return
    route, seen = endpoint.route("current"), operation.current
    assert (operation.path, "read", seen.version) == (route.path, route.host, route.version)
    for names, there in ((seen.parameters, route.parameters), (seen.filters, route.filters)):
        assert {ARGUMENTS.get(name, name): (name,) for name in names.split()} == dict(there)


def test_where_pages_begin() -> None:
    bases = {e.operation: (e.documented.page_base, e.route("current").page_base) for e in ENDPOINTS if e not in LATER}
    unknown = {"conversations.sms": (None, 1), "conversations.fbm": (None, 1), "conversations.livechat": (None, 0)}
    assert unknown == {name: pair for name, pair in bases.items() if pair != (None, None)}
    sizes = {e.operation: (e.documented.page_size, e.route("current").page_size) for e in ENDPOINTS if e not in LATER}
    texts = {"conversations.sms": (100, 100), "conversations.fbm": (100, 100)}
    assert {**texts, "conversations.livechat": (100, None)} == {n: p for n, p in sizes.items() if p != (None, None)}
    whole = [e.operation for e in ENDPOINTS if e.documented.may_be_whole and e not in LATER]
    assert sorted(texts) == sorted(whole)
    assert not any(e.current.may_be_whole for e in ENDPOINTS if e.current is not None)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_parameters_are_the_documented_ones(operation: Operation) -> None:
    (endpoint,) = [e for e in ENDPOINTS if e.operation == operation.call]
    dates = {"date-start": ("date-start", "date_start"), "date-end": ("date-end", "date_end")}
    names = (*operation.parameters.split(), *operation.beyond.split())
    expected = {ARGUMENTS.get(name, name): dates.get(name, (name,)) for name in names}
    assert expected == dict(endpoint.documented.parameters)
    assert ({}, ()) == (dict(endpoint.documented.filters), endpoint.documented.fixed)


@pytest.mark.parametrize("client", [AsyncAlive5, Alive5], ids=["async", "sync"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_arguments_are_the_documented_parameters(client: type[Any], operation: Operation) -> None:
    family, name = operation.call.split(".")
    instance = client("test_key_contract", port=Unused())
    parameters = inspect.signature(getattr(getattr(instance, family), name)).parameters
    assert {p.kind for p in parameters.values()} <= {inspect.Parameter.KEYWORD_ONLY}
    documented = {ARGUMENTS.get(p, p) for p in operation.parameters.split()}
    filters = operation.current.filters.split() if operation.current else []
    assert documented | {ARGUMENTS.get(p, p) for p in filters} == set(parameters) - OF_OURS
    assert {None} >= {parameters[ARGUMENTS.get(p, p)].default for p in filters}


class Unused:
    """A port nobody calls."""


class Recorded:
    """What a call sent, with its fields read back from the query or the body."""

    def __init__(self, sent: Sent) -> None:
        self.method, self.path = sent.method, sent.path
        self.place = sent.host, sent.version
        kind = sent.headers.get("content-type", "")
        if sent.method == "GET":
            assert (b"", {}) == (sent.content, sent.headers)
            self.fields: dict[str, Any] = sent.query
        elif kind == "application/json":
            self.fields = json.loads(sent.content)
        else:
            form = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + sent.content)
            self.fields = {
                str(part.get_param("name", header="content-disposition")): str(part.get_payload())
                for part in form.get_payload()  # type: ignore[union-attr]
            }
        assert sent.method == "GET" or sent.query == {}


@pytest.mark.parametrize("body_format", ["json", "multipart"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_what_is_sent_is_what_is_documented(operation: Operation, body_format: str, front: Front) -> None:
    port = front.port(lambda _: reply([]))

    async def body(client: Any) -> None:
        family, name = operation.call.split(".")
        made = getattr(getattr(client, family), name)(**operation.arguments)
        await (made.list() if hasattr(made, "pages") else made)

    front.run(body, port=port, body_format=body_format)
    calls = [Recorded(sent) for sent in port.calls]
    assert {(operation.method, operation.path)} == {(call.method, call.path) for call in calls}
    assert {("base", None)} == {call.place for call in calls}
    if operation.call in LISTINGS:
        assert sorted(call.fields["page"] for call in calls)[:2] == ["0", "1"]
        calls = [call for call in calls if call.fields["page"] == "1"]
    assert [operation.sent] == [call.fields for call in calls]


LISTINGS = ("conversations.sms", "conversations.livechat", "conversations.fbm")


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_what_is_sent_in_the_current_edition_is_what_was_seen(operation: Operation, front: Front) -> None:
    port = front.port(lambda _: reply([]))
    family, name = operation.call.split(".")

    async def body(client: Any) -> None:
        made = getattr(getattr(client, family), name)(**operation.arguments)
        await (made.list() if hasattr(made, "pages") else made)

    front.run(body, port=port, edition="current")
    call = Recorded(port.calls[0])
    assert (operation.method, operation.path) == (call.method, call.path)
    seen = operation.current
    assert ("base" if seen is None else "read", seen and seen.version) == call.place
    assert (operation.sent if seen is None else seen.sent) == call.fields
    assert operation.call not in LISTINGS or seen is None or len(port.calls) == 2


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (operation.call.partition(".")[2], name)
        for operation in OPERATIONS
        if operation.current is not None
        for name in operation.current.filters.split()
    ],
)
def test_a_filter_is_of_the_current_edition(kind: str, name: str, front: Front) -> None:
    argument = ARGUMENTS.get(name, name)

    async def body(client: Any) -> None:
        await getattr(client.conversations, kind)(start="2026-01-02", **{argument: "Some Value"}).list()

    port = front.port(lambda _: reply([]))
    front.run(body, port=port, edition="current")
    assert {"Some Value"} == {call.query[name] for call in port.calls}
    silent = front.port()
    error = front.fails(InvalidArgumentError, body, port=silent)
    assert (argument, "not_sent", []) == (error.argument, error.outcome, silent.calls)
    said = (
        f'{argument} is no filter of conversations.{kind} in the documented edition: use edition="current" for filters'
    )
    assert said == str(error)


def test_each_endpoint_belongs_to_one_method_and_each_method_to_one_endpoint() -> None:
    used: dict[str, str] = {}
    for path in sorted(RESOURCES.glob("[a-z]*.py")):
        for family in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(family, ast.ClassDef):
                used |= {
                    f"{family.name}.{method.name}": endpoint
                    for method in family.body
                    if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) and not method.name.startswith("_")
                    if (endpoint := _only_endpoint(method)) or f"{family.name}.{method.name}" not in MADE_OF_OTHERS
                }
    every = {**vars(later_endpoints), **vars(endpoints)}
    named = {name: value for name, value in every.items() if isinstance(value, endpoints.Endpoint)}
    families = {}
    for endpoint in ENDPOINTS:
        family, _, name = endpoint.operation.rpartition(".")
        families[f"{type(attrgetter(family)(CLIENT)).__name__}.{name}"] = endpoint.operation
    assert families == {method: named[endpoint].operation for method, endpoint in used.items()}
    assert sorted(named) == sorted(used.values())


CLIENT = AsyncAlive5("test_key_contract", port=Unused())  # type: ignore[arg-type]


# Methods that call no operation of their own.
MADE_OF_OTHERS = {f"AsyncSms.{name}" for name in ("find_sent", "lines", "segments", "send_many", "sender")} | {
    "AsyncConversations.history"
}


def _only_endpoint(method: ast.AST) -> str:
    names = {
        node.attr
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id.endswith("endpoints")
        and node.attr.isupper()
    }
    assert len(names) <= 1
    return "".join(names)


@pytest.mark.parametrize("operation", ENDPOINTS, ids=lambda e: e.operation)
def test_each_method_says_which_operation_it_calls(operation: endpoints.Endpoint) -> None:
    text = " ".join((inspect.getdoc(attrgetter(operation.operation)(CLIENT)) or "").split())
    assert f"Calls ``{operation.method} {operation.documented.path}``." in text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"start": "2026-01-02"}, {"start": ("01-02-2026", "01-01-2026")}),
        ({"end": "2026-01-31"}, {"end": ("01-31-2026", "02-02-2026")}),
        ({}, {}),
    ],
)
@pytest.mark.parametrize("kind", ["sms", "fbm", "summary"])
def test_one_bound_alone_is_sent_alone(
    kind: str, given: dict[str, str], expected: dict[str, tuple[str, str]], front: Front
) -> None:
    port = front.port(lambda _: reply([]))

    async def body(client: Any) -> None:
        made = getattr(client.conversations, kind)(**given)
        await (made.list() if kind != "summary" else made)

    front.run(body, port=port)
    days = {name: day if kind == "summary" else asked for name, (day, asked) in expected.items()}
    both = {f"date{mark}{name}": day for name, day in days.items() for mark in "-_"}
    queries = [{n: v for n, v in call.query.items() if n not in ("page", "limit")} for call in port.calls]
    assert [both] * (1 if kind == "summary" else 3) == queries


@pytest.mark.parametrize("text", ['He said "hi"\r\n--x', "ünïcödé ✓ 😀", "a=b&c=d", "  spaced  "])
def test_a_message_arrives_as_it_is(text: str, front: Front) -> None:
    for body_format in ("json", "multipart"):
        port = front.port(lambda _: reply({}))
        arguments = {"phone_number_from": "+1 (202) 555-0100", "phone_number_to": "+1.202.555.0123", "message": text}

        async def body(client: Any, arguments: dict[str, str] = arguments) -> None:
            await client.sms.push(**arguments)

        front.run(body, port=port, body_format=body_format)
        (sent,) = port.calls
        if body_format == "json":
            fields = json.loads(sent.content)
        else:
            boundary = sent.headers["content-type"].partition("boundary=")[2].encode()
            parts = sent.content.split(b"--" + boundary)
            assert (b"", b"--\r\n") == (parts[0], parts[-1])
            fields = {}
            for part in parts[1:-1]:
                head, _, value = part.partition(b"\r\n\r\n")
                fields[head.split(b'name="')[1].rstrip(b'"').decode()] = value[:-2].decode()
        expected = {"phone_number_from": "+12025550100", "phone_number_to": "+12025550123", "message": text}
        assert expected == fields
