"""The trace of an exchange by itself: what the trace's events and an error make of a call."""

from __future__ import annotations

import ssl
from types import SimpleNamespace
from typing import Any

import anyio
import attrs
import httpx
import pytest

from alive5 import Call, Failure
from alive5._port.trace import ExchangeTrace

STARTED = "http11.send_request_headers.started"


def call(method: str = "GET") -> Call:
    return Call(operation="tags.list", method=method, path="/objects/tags/list")


def event(method: bytes | None) -> dict[str, Any]:
    return {"request": SimpleNamespace(method=method)}


def traced(*methods: bytes | None, of: str = "GET") -> ExchangeTrace:
    made = ExchangeTrace(call(of))
    for method in methods:
        made.note(STARTED, event(method))
    return made


def test_a_call_has_not_left_before_its_headers_begin() -> None:
    asked = call()
    made = ExchangeTrace(asked)
    assert asked.departure.left is False
    for name in (
        "connection.connect_tcp.started",
        "http11.send_request_headers.complete",
        "connection.start_tls.started",
    ):
        made.note(name, event(b"GET"))
    assert made.started is False
    made.note(STARTED, event(b"GET"))
    assert made.started is True
    assert asked.departure.left is True


@pytest.mark.parametrize("info", [{}, {"request": None}, {"request": object()}])
def test_an_event_without_a_request_is_not_ours(info: dict[str, Any]) -> None:
    made = traced()
    made.note(STARTED, info)
    assert made.started is False


def test_a_proxys_connect_does_not_count_and_takes_nothing_back() -> None:
    assert traced(b"CONNECT").started is False
    assert traced(b"CONNECT", b"GET").started is True
    assert traced(b"GET", b"CONNECT").started is True


CERTIFICATE = ssl.SSLCertVerificationError("not valid")


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("methods", "error", "left", "kind", "text"),
    [
        ((), httpx.ConnectError("x"), False, "connect", "could not connect"),
        ((), httpx.ConnectTimeout("x"), False, "connect_timeout", "connecting took too long"),
        ((), httpx.PoolTimeout("x"), False, "queue", "no connection came free in time"),
        ((), httpx.UnsupportedProtocol("x"), False, "local", "the request could not be written"),
        (
            (),
            caused(httpx.ConnectError("x"), CERTIFICATE),
            False,
            "certificate",
            "the server's certificate is not valid",
        ),
        ((), httpx.ReadTimeout("x"), True, "read_timeout", "no answer came in time"),
        ((), httpx.ReadError("x"), True, "read", "the connection broke"),
        ((), ValueError("x"), True, "unknown", "the connection broke"),
        ((b"CONNECT",), httpx.ReadTimeout("x"), False, "proxy", "the proxy refused"),
        ((b"CONNECT",), httpx.RemoteProtocolError("x"), False, "proxy", "the proxy refused"),
        ((b"CONNECT",), httpx.ConnectTimeout("x"), False, "connect_timeout", "connecting took too long"),
        ((b"CONNECT", b"GET"), httpx.ReadTimeout("x"), True, "read_timeout", "no answer came in time"),
        ((b"GET",), httpx.ConnectError("x"), True, "connect", "could not connect"),
        ((b"GET",), httpx.WriteTimeout("x"), True, "write_timeout", "the request could not be written in time"),
        ((b"GET",), httpx.RemoteProtocolError("x"), True, "protocol", "the answer was no HTTP, or was cut off"),
    ],
)
def test_a_failure(methods: tuple[bytes, ...], error: Exception, left: bool, kind: str, text: str) -> None:
    assert Failure(left, kind, text) == traced(*methods).failure(error)


def test_a_late_time_out_is_the_deadlines() -> None:
    late = Failure(True, "deadline", "the time given was used up")
    assert late == traced(b"GET").failure(httpx.ReadTimeout("x"), late=True)
    assert "read" == traced(b"GET").failure(httpx.ReadError("x"), late=True).kind
    assert "read_timeout" == traced(b"GET").failure(httpx.ReadTimeout("x"), late=False).kind


def test_a_cause_is_looked_for_ten_deep() -> None:
    def chain(length: int) -> Exception:
        error: BaseException = CERTIFICATE
        for _ in range(length):
            error = caused(ValueError("x"), error)
        return caused(httpx.ConnectError("x"), error)

    assert "certificate" == traced().failure(chain(8)).kind
    assert "connect" == traced().failure(chain(9)).kind
    inner = ValueError("x")
    inner.__context__ = CERTIFICATE
    assert "certificate" == traced().failure(caused(httpx.ConnectError("x"), inner)).kind


@pytest.mark.parametrize("methods", [(), (b"GET",)])
def test_out_of_time_without_an_answer(methods: tuple[bytes, ...]) -> None:
    made = traced(*methods)
    assert Failure(bool(methods), "deadline", "the time given was used up") == made.out_of_time()


def test_out_of_time_while_the_body_comes_keeps_the_status() -> None:
    made = traced(b"GET")
    body = made.body(httpx.Response(502, headers={"retry-after": "3"}))
    assert body.feed(b"<ht")
    reply = made.out_of_time()
    assert not isinstance(reply, Failure)
    assert (502, "timeout", "3", b"") == (reply.status, reply.flaw, reply.headers["retry-after"], reply.body)


def test_the_awaited_form_does_the_same() -> None:
    made = traced()
    anyio.run(made.note_async, STARTED, event(b"GET"))
    assert made.started is True


CONNECTED, SHAKING = "connection.connect_tcp.complete", "connection.start_tls.started"
BODY, WHOLE = "http11.send_request_body.started", "http11.send_request_body.complete"


class Stream:
    """A connection of which something can be read, or not."""

    def __init__(self, readable: bool | None) -> None:
        self.readable = readable

    def get_extra_info(self, name: str) -> Any:
        return {"is_readable": self.readable}.get(name)


@pytest.mark.parametrize(
    ("names", "readable", "flaw"),
    [
        ((CONNECTED, STARTED, BODY, WHOLE), False, None),
        ((CONNECTED, STARTED, BODY, WHOLE), None, None),
        # An answer was there before the body began to leave.
        ((CONNECTED, STARTED, BODY, WHOLE), True, "early"),
        # The body did not leave whole, or nothing of it did.
        ((CONNECTED, STARTED, BODY), False, "early"),
        ((CONNECTED, STARTED), False, "early"),
        # Under TLS what waits may be session tickets.
        ((CONNECTED, SHAKING, STARTED, BODY, WHOLE), True, None),
        # A connection that was there before shows no stream.
        ((STARTED, BODY, WHOLE), True, None),
        # Before our own request begins the body is that of a proxy's CONNECT.
        ((CONNECTED, BODY, WHOLE, STARTED), True, "early"),
        # A mock traces nothing.
        ((), True, None),
    ],
)
def test_a_success_that_came_before_a_write_was_whole(
    names: tuple[str, ...], readable: bool | None, flaw: str | None
) -> None:
    made = ExchangeTrace(attrs.evolve(call("POST"), content=b"{}"))
    for name in names:
        made.note(name, {**event(b"POST"), "return_value": Stream(readable)})
    assert (200, flaw) == (made.body(httpx.Response(200)).reply().status, made.body(httpx.Response(200)).reply().flaw)


def test_a_request_without_a_body_is_whole_with_its_headers() -> None:
    """A fast server answers before the end of a body that is none."""
    made = ExchangeTrace(call("POST"))
    for name in (CONNECTED, STARTED, BODY, WHOLE):
        made.note(name, {**event(b"POST"), "return_value": Stream(True)})
    assert None is made.body(httpx.Response(200)).reply().flaw


@pytest.mark.parametrize(("method", "status", "flaw"), [
    ("POST", 199, None), ("POST", 200, "early"), ("POST", 299, "early"), ("POST", 300, None), ("GET", 200, None),
])  # fmt: skip
def test_only_the_success_of_a_write_can_come_too_early(method: str, status: int, flaw: str | None) -> None:
    made = traced(method.encode(), of=method)
    assert flaw == made.body(httpx.Response(status)).reply().flaw


def test_another_flaw_of_a_body_stays() -> None:
    made = ExchangeTrace(call("POST"))
    for name in (STARTED, BODY, WHOLE):
        made.note(name, event(b"POST"))
    assert "encoding" == made.body(httpx.Response(200, headers={"content-encoding": "br"})).reply().flaw
