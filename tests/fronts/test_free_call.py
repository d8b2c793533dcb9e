"""``client.call``: operations that are not modelled, with the same care."""

from __future__ import annotations

from typing import Any

import pytest
from support.front import Front
from support.scripted import raw, refusal, reply

from alive5 import Failure, InvalidArgumentError, NotFoundError, OutcomeUnknownError, TransportError

LOST = Failure(True, "read", "the connection broke")


@pytest.mark.parametrize("path", ["get/users", "/get/users", "/get/users/"])
def test_the_path_is_below_the_base_url(front: Front, path: str) -> None:
    port = front.port([reply({"Items": []})])
    assert {"Items": []} == front.run(lambda client: client.call("GET", path), port=port)
    call = port.calls[0]
    assert ("call", "GET", "/get/users", {}, b"") == (call.operation, call.method, call.path, call.query, call.content)


@pytest.mark.parametrize(
    "path",
    [
        *("..", "a/../b", "./a", "a//b", "a/..", "", "/", "//", "a?b=c", "a#b", "a b", "a\tb", "a\r\nX: y"),
        *("a\x00", "\x7f", "a%2e%2e/b", "%2E%2E/%2f", "a\\b", "..\\b", "a;b", "päth", "a\u2028b", "\ud800"),
        *(None, 7, b"get/users"),
    ],
)
def test_a_path_that_could_lead_elsewhere_is_refused(front: Front, path: Any) -> None:
    port = front.port()
    error = front.fails(InvalidArgumentError, lambda client: client.call("GET", path), port=port)
    assert ("path", "not_sent", []) == (error.argument, error.outcome, port.calls)


@pytest.mark.parametrize("method", ["get", "HEAD", "OPTIONS", "CONNECT", "TRACE", "", "GET\r\n", None, 7])
def test_only_plain_methods_are_taken(front: Front, method: Any) -> None:
    error = front.fails(InvalidArgumentError, lambda client: client.call(method, "a"), port=front.port())
    assert "method" == error.argument


def test_a_query_is_written_plainly(front: Front) -> None:
    port = front.port([reply([])])
    params = {"page": 2, "ratio": 0.5, "all": True, "open": False, "name": "a&b=c d", "none": None, "empty": ""}
    front.run(lambda client: client.call("GET", "x", params=params), port=port)
    assert {
        "page": "2",
        "ratio": "0.5",
        "all": "true",
        "open": "false",
        "name": "a&b=c d",
        "empty": "",
    } == port.calls[0].query


def test_a_body_goes_with_a_query(front: Front) -> None:
    port = front.port([reply({"ok": 1})])
    body = {"email": None, "tags": ["a", 1], "deep": {"a": [True]}}
    given = front.run(lambda client: client.call("PUT", "contact/update", params={"dry": True}, body=body), port=port)
    call = port.calls[0]
    assert {"ok": 1} == given
    assert ("PUT", {"dry": "true"}, body) == (call.method, call.query, call.body)
    assert {"content-type": "application/json"} == call.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_without_a_body_sends_an_empty_one(front: Front, method: str) -> None:
    port = front.port([reply()])
    assert front.run(lambda client: client.call(method, "x"), port=port) is None
    assert {} == port.calls[0].body


def test_a_multipart_body_has_a_part_for_each_value(front: Front) -> None:
    port = front.port([reply()])
    body = {"name": "Ada", "tags": ["a"], "gone": None, "count": 3}
    front.run(lambda client: client.call("POST", "x", body=body), port=port, body_format="multipart")
    content = port.calls[0].content.decode()
    assert port.calls[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    assert [True, True, True, False] == [
        f'name="{name}"\r\n\r\n{value}\r\n' in content
        for name, value in {"name": "Ada", "tags": '["a"]', "count": "3", "gone": "null"}.items()
    ]


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"params": {"a": ["b"]}}, "params"),
        ({"params": {"a": b"b"}}, "params"),
        ({"params": {"a": "\ud800"}}, "params"),
        ({"params": {"\udfff": "a"}}, "params"),
        ({"params": {1: "a"}}, "params"),
        ({"params": "a=b"}, "params"),
        ({"body": {"a": object()}}, "body"),
        ({"body": {"a": "\ud800"}}, "body"),
        ({"body": {"a": 2**70}}, "body"),
        ({"body": {1: "a"}}, "body"),
        ({"body": {"a": {1: "b"}}}, "body"),
        ({"body": [1]}, "body"),
        ({"body": "a"}, "body"),
    ],
)
@pytest.mark.parametrize("body_format", ["json", "multipart"])
def test_what_cannot_be_written_is_refused(
    front: Front, options: dict[str, Any], argument: str, body_format: str
) -> None:
    port = front.port()
    error = front.fails(
        InvalidArgumentError, lambda client: client.call("POST", "x", **options), port=port, body_format=body_format
    )
    assert (argument, "not_sent", []) == (error.argument, error.outcome, port.calls)


def test_a_get_takes_no_body(front: Front) -> None:
    error = front.fails(InvalidArgumentError, lambda client: client.call("GET", "x", body={}), port=front.port())
    assert "body" == error.argument


def test_get_is_a_read_and_all_else_a_write(front: Front) -> None:
    port = front.port(lambda call: LOST)
    front.fails(TransportError, lambda client: client.call("GET", "x"), port=port)
    assert 4 == len(port.calls)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        port = front.port(lambda call: LOST)
        error = front.fails(OutcomeUnknownError, lambda client: client.call(method, "x"), port=port)  # noqa: B023
        assert (1, "call") == (len(port.calls), error.operation)


def test_404_is_an_error_here(front: Front) -> None:
    error = front.fails(NotFoundError, lambda client: client.call("GET", "x"), port=front.port([refusal(404)]))
    assert 404 == error.code


@pytest.mark.parametrize(
    ("answer", "data"),
    [
        (reply([1, 2]), [1, 2]),
        (reply({"code": 200, "data": {"a": 1}, "error": {}}), {"a": 1}),
        (raw({"a": 1}), {"a": 1}),
        (raw([]), []),
        (reply(None), None),
        (reply("text"), "text"),
    ],
)
def test_the_opened_data_is_given(front: Front, answer: Any, data: Any) -> None:
    assert data == front.run(lambda client: client.call("GET", "x"), port=front.port([answer]))
