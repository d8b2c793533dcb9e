"""Each operation sends what is documented, on every front and in both body formats."""

from __future__ import annotations

import ast
import inspect
import json
from email import message_from_bytes
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from support.facts import ARGUMENTS, OF_THE_READING, OPERATIONS, Operation
from support.front import Front
from support.scripted import Sent, reply

import alive5
from alive5 import Alive5, AsyncAlive5
from alive5._sansio import endpoints, later_endpoints
from alive5._sansio.endpoints import ENDPOINTS
from alive5._sansio.later_endpoints import LATER

RESOURCES = Path(alive5.__file__).parent / "resources"


def test_the_endpoints_are_the_documented_operations() -> None:
    documented = [e for e in ENDPOINTS if e not in LATER]
    here = {(o.call, o.method, o.path) for o in OPERATIONS}
    assert here == {(e.operation, e.method, e.documented.path) for e in documented}
    assert len(documented) == 16


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_parameters_are_the_documented_ones(operation: Operation) -> None:
    (endpoint,) = [e for e in ENDPOINTS if e.operation == operation.call]
    dates = {"date-start": ("date-start", "date_start"), "date-end": ("date-end", "date_end")}
    expected = {ARGUMENTS.get(name, name): dates.get(name, (name,)) for name in operation.parameters.split()}
    assert expected == dict(endpoint.parameters)


@pytest.mark.parametrize("client", [AsyncAlive5, Alive5], ids=["async", "sync"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_arguments_are_the_documented_parameters(client: type[Any], operation: Operation) -> None:
    family, name = operation.call.split(".")
    instance = client("test_key_contract", port=Unused())
    parameters = inspect.signature(getattr(getattr(instance, family), name)).parameters
    assert {p.kind for p in parameters.values()} <= {inspect.Parameter.KEYWORD_ONLY}
    documented = {ARGUMENTS.get(p, p) for p in operation.parameters.split()}
    assert documented == set(parameters) - OF_THE_READING


class Unused:
    """A port nobody calls."""


class Recorded:
    """What a call sent, with its fields read back from the query or the body."""

    def __init__(self, sent: Sent) -> None:
        self.method, self.path = sent.method, sent.path
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
    if operation.call == "conversations.livechat":
        assert sorted(call.fields["page"] for call in calls)[:2] == ["0", "1"]
        calls = [call for call in calls if call.fields["page"] == "1"]
    assert [operation.sent] == [call.fields for call in calls]


def test_each_endpoint_belongs_to_one_method_and_each_method_to_one_endpoint() -> None:
    used: dict[str, str] = {}
    for path in sorted(RESOURCES.glob("[a-z]*.py")):
        for family in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(family, ast.ClassDef):
                used |= {
                    f"{family.name}.{method.name}": endpoint
                    for method in family.body
                    if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) and not method.name.startswith("_")
                    for endpoint in [_only_endpoint(method)]
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


def _only_endpoint(method: ast.AST) -> str:
    (name,) = {
        node.attr
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id.endswith("endpoints")
        and node.attr.isupper()
    }
    return name


@pytest.mark.parametrize("operation", ENDPOINTS, ids=lambda e: e.operation)
def test_each_method_says_which_operation_it_calls(operation: endpoints.Endpoint) -> None:
    text = " ".join((inspect.getdoc(attrgetter(operation.operation)(CLIENT)) or "").split())
    assert f"Calls ``{operation.method} {operation.documented.path}``." in text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"start": "2026-01-02"}, {"date-start": "01-02-2026", "date_start": "01-02-2026"}),
        ({"end": "2026-01-31"}, {"date-end": "01-31-2026", "date_end": "01-31-2026"}),
        ({}, {}),
    ],
)
@pytest.mark.parametrize("kind", ["sms", "fbm", "summary"])
def test_one_bound_alone_is_sent_alone(
    kind: str, given: dict[str, str], expected: dict[str, str], front: Front
) -> None:
    port = front.port(lambda _: reply([]))

    async def body(client: Any) -> None:
        made = getattr(client.conversations, kind)(**given)
        await (made.list() if kind != "summary" else made)

    front.run(body, port=port)
    assert [expected] == [call.query for call in port.calls]


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
