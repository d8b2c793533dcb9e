"""Every fault shows its effect, and the ledger knows whether the write was applied."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from support.sandbox_calls import BODIES, make_call

from alive5._sansio.envelope import Opened, Refusal, Unreadable, open_reply
from alive5._sansio.http_times import retry_after
from alive5._sansio.wire import Failure, Reply
from alive5.sandbox import FAULTS, Sandbox

CASES: list[tuple[str, dict[str, Any], bool, Any]] = [
    ("rate_limited", {"retry_after": 7}, False, (429, 429)),
    ("rate_limited_date", {"retry_after": 7}, False, (429, 429)),
    ("client_error", {}, False, (422, 422)),
    ("client_error", {"status": 403}, False, (403, 403)),
    ("unauthorized", {}, False, (401, 401)),
    ("invalid_token", {}, False, (400, 400)),
    ("server_error_before", {}, False, (500, 500)),
    ("server_error_before", {"status": 503}, False, (503, 503)),
    ("server_error_after", {}, True, (500, 500)),
    ("server_error_after", {"status": 502}, True, (502, 502)),
    ("error_in_200", {}, False, (200, 400)),
    ("error_in_200", {"code": 500, "when": "after"}, True, (200, 500)),
    ("error_in_200", {"code": 200, "error": "Something"}, False, (200, None)),
    ("html", {}, True, "not JSON"),
    ("html", {"when": "before"}, False, "not JSON"),
    ("garbage", {}, True, "not JSON"),
    ("truncated", {}, True, "truncated"),
    ("empty_body", {}, True, "empty"),
    ("slow", {"seconds": 0.01}, True, Opened),
    ("refused", {}, False, Failure(False, "connect", "the connection was refused")),
    ("disconnect_before", {}, False, Failure(True, "read", "the connection was closed without an answer")),
    ("disconnect_after", {}, True, Failure(True, "read", "the connection was closed without an answer")),
    ("reset_before", {}, False, Failure(True, "read", "the connection was reset")),
    ("reset_after", {}, True, Failure(True, "read", "the connection was reset")),
]


@pytest.mark.parametrize(("name", "details", "delivered", "expected"), CASES)
def test_fault(name: str, details: Any, delivered: bool, expected: Any, through_port: Any) -> None:
    sandbox = Sandbox()
    sandbox.fail(name, **details)
    call = make_call("sms.send", BODIES["sms.send"])
    answer = through_port(sandbox, call)
    assert (name != "refused") is call.departure.left
    assert delivered == (len(sandbox.deliveries) == 1)
    assert [name] == [request.fault for request in sandbox.requests]
    opened = answer if isinstance(answer, Failure) else open_reply(answer)
    if isinstance(opened, Refusal):
        assert expected == (opened.status, opened.code)
    elif isinstance(opened, Unreadable):
        assert expected == opened.why
    else:
        assert expected in (opened, type(opened))
    assert isinstance(through_port(sandbox, make_call("account.get", {})), Reply)


def test_the_cases_cover_every_fault() -> None:
    assert set(FAULTS) == {name for name, *_ in CASES}


@pytest.mark.parametrize("name", ["rate_limited", "rate_limited_date"])
def test_retry_after(name: str, send: Any) -> None:
    sandbox = Sandbox()
    sandbox.fail(name, retry_after=7)
    reply = send(sandbox, "account.get")
    assert 7 == retry_after(reply)
    assert ("GMT" in reply.headers["retry-after"]) == (name == "rate_limited_date")


def test_authentication_faults_say_so(send: Any) -> None:
    for name in ("unauthorized", "invalid_token"):
        sandbox = Sandbox()
        sandbox.fail(name)
        opened = open_reply(send(sandbox, "account.get"))
        assert isinstance(opened, Refusal)
        assert opened.authentication


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("nonsense", {}),
        ("slow", {"second": 1}),
        ("html", {"when": "later"}),
        ("slow", {"on": "sms.sent"}),
        ("slow", {"times": 0}),
        ("slow", {"after": -1}),
    ],
)
def test_nonsense_is_refused(name: str, options: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Sandbox().fail(name, **options)


def test_script(send: Any) -> None:
    sandbox = Sandbox()
    sandbox.fail("html", times=2, on="sms.send", after=1)
    sandbox.fail("refused", on="account.get")
    sandbox.fail("garbage", times=None, on="/objects/tags/list")
    for operation in ("sms.send", "account.get", "sms.send", "tags.list", "sms.send", "sms.send", "account.get"):
        send(sandbox, operation)
    met = [request.fault for request in sandbox.requests]
    assert [None, "refused", "html", "garbage", "html", None, None] == met
    sandbox.clear_faults()
    send(sandbox, "tags.list")
    assert sandbox.requests[-1].fault is None


def test_faults_wait_for_their_turn(send: Any) -> None:
    sandbox = Sandbox()
    sandbox.fail("html")
    sandbox.fail("garbage", after=1)
    sandbox.fail("truncated")
    for _ in range(4):
        send(sandbox, "account.get")
    assert ["html", "garbage", "truncated", None] == [request.fault for request in sandbox.requests]


def test_faults_by_chance_are_seeded(send: Any) -> None:
    def met(seed: int) -> list[str | None]:
        sandbox = Sandbox(seed=seed, faults={"rate": 0.3, "names": ["html", "refused"], "on": ["sms.send"]})
        for _ in range(200):
            send(sandbox, "sms.send")
            send(sandbox, "account.get")
        assert all(request.fault is None for request in sandbox.requests if request.operation == "account.get")
        return [request.fault for request in sandbox.requests if request.operation == "sms.send"]

    first = met(1)
    counts = Counter(first)
    assert 30 < counts["html"] + counts["refused"] < 90
    assert min(counts["html"], counts["refused"]) > 10
    assert first == met(1) != met(2)


@pytest.mark.parametrize(("limit", "kind"), [({"read": 0.02}, "read_timeout"), ({}, "deadline")])
def test_slow_beyond_the_limits(limit: Any, kind: str, through_port: Any) -> None:
    sandbox = Sandbox()
    sandbox.fail("slow", seconds=30)
    answer = through_port(sandbox, make_call("sms.send", BODIES["sms.send"], **limit), seconds=0.05)
    assert (True, kind) == (answer.left, answer.kind)
    assert 1 == len(sandbox.deliveries)


def test_a_passed_deadline_sends_nothing(through_port: Any) -> None:
    sandbox = Sandbox()
    call = make_call("sms.send", BODIES["sms.send"])
    answer = through_port(sandbox, call, seconds=-1)
    assert (False, "deadline", False) == (answer.left, answer.kind, call.departure.left)
    assert [] == sandbox.requests


def test_latency(through_port: Any) -> None:
    # Half a second: a loaded machine takes a while to send.
    answer = through_port(Sandbox(latency=5), make_call("account.get", {}), seconds=0.5)
    assert (True, "deadline") == (answer.left, answer.kind)
