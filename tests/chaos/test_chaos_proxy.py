"""The proxy does what it logs: each fault looks as it should, and reaches the service or not."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from support.chaos import FAULTS, NONE, SLOW, STRIKING, Chaos, Plan

TEXT = {
    "phone_number_from": "+12025550100",
    "phone_number_to": "+12025550123",
    "channel_id": "channel-line-1",
    "user_id": "agent-maria",
}


@pytest.fixture(scope="module")
def chaos() -> Iterator[Chaos]:
    with Chaos(Plan(seed=1, share=0)) as running:
        yield running


def post(chaos: Chaos, token: str) -> bytes:
    body = json.dumps({**TEXT, "message": f"token-{token}"}).encode()
    head = (
        "POST /public/1.0/conversations/sms/send HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A5-APIKEY: test_key_chaos\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", chaos.port), 10) as sock:
        sock.sendall(head.encode())
        sock.sendall(body)
        return _everything(sock)


def _everything(sock: socket.socket) -> bytes:
    got, end = b"", time.monotonic() + 0.4
    try:
        while data := _received(sock, end):
            got += data
    except TimeoutError:
        return got + b"<silence>"
    except ConnectionResetError:
        return got + b"<reset>"
    return got + b"<end>"


def _received(sock: socket.socket, end: float) -> bytes:
    sock.settimeout(max(end - time.monotonic(), 0.001))
    return sock.recv(1 << 16)


LOOKS = {
    "none": (b"HTTP/1.1 200 OK", b"<silence>"),
    "slices": (b"HTTP/1.1 200 OK", b"<silence>"),
    "interim": (b"HTTP/1.1 103 Early Hints", b"<silence>"),
    "reset_before_read": (b"", b"<reset>"),
    "reset_after_read": (b"", b"<reset>"),
    "fin_after_read": (b"", b"<end>"),
    "reset_after_delivery": (b"", b"<reset>"),
    "delayed": (b"", b"<silence>"),
    "flood": (b"HTTP/1.1 103 Early Hints", b"<silence>"),
    "drip": (b"HTTP/", b"<silence>"),
    "drip_body": (b"HTTP/1.1 200 OK", b"<silence>"),
    "status_429_waiting": (b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nRetry-After: 0.02", b"<silence>"),
    "status_504": (b"HTTP/1.1 504 Gateway Timeout", b"</title><silence>"),
    "error_400_in_200": (b"HTTP/1.1 200 OK", b'"Something is missing"}<silence>'),
    "broken_gzip": (b"HTTP/1.1 200 OK", b"<silence>"),
}


@pytest.mark.parametrize("name", ["none", *STRIKING])
def test_a_fault_strikes_as_it_says_and_is_logged(chaos: Chaos, name: str) -> None:
    chaos.replan(Plan(seed=2, share=1, names=[name]))
    got = post(chaos, name.replace("_", "-"))
    start, end = LOOKS.get(name, (b"", b">"))
    assert start == got[: len(start)]
    assert end == got[len(got) - len(end) :]
    token = f"token-{name.replace('_', '-')}"
    assert int(FAULTS[name].delivers) == chaos.delivered()[token]
    assert [(1, name)] == [(struck.attempt, struck.fault) for struck in chaos.log() if struck.token == token]


def test_a_cut_answer_is_shorter_than_it_says(chaos: Chaos) -> None:
    chaos.replan(Plan(seed=4, share=0))
    whole = len(post(chaos, "whole-00")) - len(b"<silence>")
    chaos.replan(Plan(seed=4, share=1, names=["truncated"]))
    cuts = [post(chaos, f"cut-{number:04}") for number in range(20)]
    assert all(len(cut.rpartition(b"<")[0]) < whole for cut in cuts)
    assert {b"reset>", b"end>"} == {cut.rpartition(b"<")[2] for cut in cuts}


def test_a_proxy_that_is_down_refuses_and_comes_back_on_its_port(chaos: Chaos) -> None:
    chaos.replan(Plan(seed=5, share=0))
    chaos.ask("down")
    with pytest.raises(ConnectionRefusedError):
        post(chaos, "down")
    chaos.ask("up")
    assert post(chaos, "up").startswith(b"HTTP/1.1 200")
    assert (0, 1) == (chaos.delivered()["token-down"], chaos.delivered()["token-up"])


@pytest.mark.parametrize(("tls", "name"), [(True, "handshake_reset"), (False, "accept_reset")])
def test_an_early_reset_is_logged_without_a_token(tls: bool, name: str) -> None:
    with Chaos(Plan(seed=6, share=0, early=1), tls=tls) as chaos:
        # A busy machine tells of the reset already while connecting.
        with suppress(OSError), socket.create_connection(("127.0.0.1", chaos.port), 10) as sock:
            sock.sendall(b"\x16\x03\x01\x02\x00\x01")
            assert b"<reset>" == _everything(sock)
        assert 0 == chaos.ask("settle")
        assert [("", name)] == [(struck.token, struck.fault) for struck in chaos.log()]


def test_a_plan_draws_by_seed_token_and_attempt_alone() -> None:
    plan, same, other = Plan(seed=7), Plan(seed=7), Plan(seed=8)
    calls = [(f"token-{number}", attempt) for number in range(200) for attempt in (1, 2)]
    drawn = [plan.draw(*call) for call in calls]
    assert drawn == [same.draw(*call) for call in reversed(calls)][::-1]
    assert drawn != [other.draw(*call) for call in calls]
    assert 120 < drawn.count(NONE) < 280
    assert {fault.name for fault in drawn} > set(STRIKING) - SLOW


def test_a_token_may_ask_for_its_fault() -> None:
    plan = Plan(seed=9, by_name=True)
    assert ["drip_body", "none", "none"] == [
        plan.draw(token, 1).name for token in ("token-1-drip-body", "token-2-no-such-fault", "")
    ]
