"""What errors say, what they keep to themselves, and that they travel."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, raw, refusal, reply
from support.watch import CANARY, shows_key
from support.wire_server import Last, WireServer, http

from alive5 import (
    Alive5Error,
    ApiError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    Failure,
    InvalidArgumentError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseError,
    RetryPolicy,
    TimedOutError,
    Timeout,
    TransportError,
)

AGENT = {"email": "ada@example.com", "screenname": "Ada L", "role": "admin", "channels": ["chan-one", "chan-two"]}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Key {CANARY} is not allowed", "Key [key] is not allowed"),
        (f"Text {TEXT['message']!r} refused", "Text '[argument]' refused"),
        ("Text 'SEE YOU AT NINE, GRACE' refused", "Text '[argument]' refused"),
        ("channel-line-1 is closed", "[argument] is closed"),
        ("No line +12025550100", "No line [argument]"),
        ("No line +1 (202) 555-0177", "No line [number]"),
        ("Ask grace.hopper@example.com", "Ask [e-mail]"),
        ("Split\r\nin\x00two\u202e", "Split in two"),
        ("x" * 600, "x" * 499 + "…"),
        ("", ""),
    ],
)
def test_a_message_is_kept_without_what_is_personal(front: Front, said: str, kept: str) -> None:
    port = front.port([reply(code=400, error=said or {})])
    error = front.fails(BadRequestError, lambda client: client.sms.send(**TEXT), port=port)
    assert kept == error.message
    assert f"sms.send: HTTP 200, code 400{': ' if kept else ''}{kept}" == str(error)


def test_a_joined_list_is_taken_out_part_by_part(front: Front) -> None:
    port = front.port([refusal(409, "chan-two has an Ada L already")])
    error = front.fails(ConflictError, lambda client: client.agents.create(**AGENT, org_name="Acme"), port=port)
    assert "[argument] has an [argument] already" == error.message


def test_what_a_free_call_was_given_is_taken_out_at_any_depth(front: Front) -> None:
    body = {"contact": {"phones": ["555 0100 ext", 20250]}, "flag": True}
    port = front.port([refusal(400, "No 555 0100 ext, no 20250, no Hopper")])
    error = front.fails(
        BadRequestError,
        lambda client: client.call("POST", "contact/create-new", params={"last": "Hopper"}, body=body),
        port=port,
    )
    assert "No [argument], no [argument], no [argument]" == error.message


def test_short_arguments_stay(front: Front) -> None:
    port = front.port([refusal(400, "The tag VIP exists in the org")])
    error = front.fails(
        BadRequestError,
        lambda client: client.tags.create(name="VIP", email="ada@example.com", org_name="org"),
        port=port,
    )
    assert "The tag VIP exists in the org" == error.message


def test_only_harmless_headers_are_kept(front: Front) -> None:
    headers = {
        "Retry_After": "86400",
        "Date": "Mon, 02 Mar 2026 10:00:00 GMT",
        "Content_Type": "application/json",
        "X_Request_Id": f"r-1 {CANARY}",
        "Server": "nginx ops@example.com",
        "Set_Cookie": "session=1",
        "X_Echo": CANARY,
        "Location": "https://www.example.com/?to=+12025550123",
    }
    error = front.fails(RateLimitError, lambda client: client.tags.list(), port=front.port([refusal(429, **headers)]))
    assert {
        "retry-after": "86400",
        "date": "Mon, 02 Mar 2026 10:00:00 GMT",
        "content-type": "application/json",
        "x-request-id": "r-1 [key]",
        "server": "nginx [e-mail]",
    } == error.headers


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (refusal(422, "No such tag"), "HTTP 422: No such tag"),
        (reply(code=404, error="Gone"), "HTTP 200, code 404: Gone"),
        (raw(b"<html>", status=403), "HTTP 403"),
        (reply(error={"unreadable": 1}), "HTTP 200"),
        (raw(b"<html>"), "HTTP 200 with a body that cannot be trusted (not JSON)"),
        (Failure(True, "read"), "no answer came"),
        (Failure(False, "connect", "could not connect"), "could not connect; it never left"),
    ],
)
def test_the_sentence(front: Front, answer: Any, sentence: str) -> None:
    with pytest.raises(Alive5Error) as caught:
        front.run(lambda client: client.tags.list(), port=front.port([answer]), retry=RetryPolicy.none())
    assert f"tags.list: {sentence}" == str(caught.value)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (refusal(500, "Oops"), "HTTP 500: Oops"),
        (Failure(True, "read", "the connection broke"), "the connection broke"),
        (raw(b"", flaw="truncated"), "HTTP 200 with a body that cannot be trusted (truncated)"),
    ],
)
def test_an_unknown_outcome_says_what_to_do(front: Front, answer: Any, sentence: str) -> None:
    error = front.fails(OutcomeUnknownError, lambda client: client.sms.send(**TEXT), port=front.port([answer]))
    assert str(error).startswith(f"sms.send: {sentence.partition(': ')[0]}")
    assert str(error).endswith("; it may have been applied, look before repeating it")


def raised(front: Front) -> list[Alive5Error]:
    """
    Let an error of each kind be raised for real.
    """
    answers: list[Any] = [
        Failure(False, "connect", "could not connect"),
        Failure(True, "read_timeout", "no answer came in time"),
        Failure(True, "read", "the connection broke"),
        raw(b"<html>"),
        refusal(500),
        *[refusal(status, "No", Retry_After="90") for status in (400, 401, 403, 404, 409, 418, 429)],
    ]
    errors = []
    for answer in answers:
        for body in (lambda client: client.tags.list(), lambda client: client.sms.send(**TEXT)):
            with pytest.raises(Alive5Error) as caught:
                front.run(body, port=front.port([answer]), retry=RetryPolicy.none())
            errors.append(caught.value)
    with pytest.raises(InvalidArgumentError) as wrong:
        front.run(lambda client: client.sms.send(**{**TEXT, "message": ""}), port=front.port())
    with pytest.raises(ConfigurationError) as refused:
        front.run(lambda client: client.tags.list(), base_url="ftp://example.com")
    return [*errors, wrong.value, refused.value]


def test_errors_travel(front: Front) -> None:
    for error in raised(front):
        for travelled in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(error) is type(travelled)
            assert (str(error), repr(error), error.args) == (str(travelled), repr(travelled), travelled.args)
            assert error.to_dict() == travelled.to_dict()
            assert error.__dict__ == travelled.__dict__
        assert error.to_dict() == json.loads(json.dumps(error.to_dict()))
        assert type(error).__name__ == error.to_dict()["error"]


def test_the_facts_of_an_error(front: Front) -> None:
    port = front.port([refusal(429, "Slow down", Retry_After="90")])
    error = front.fails(RateLimitError, lambda client: client.sms.send(**TEXT), port=port)
    assert {
        "error": "RateLimitError",
        "message": "sms.send: HTTP 429: Slow down",
        "outcome": "rejected",
        "operation": "sms.send",
        "attempts": 1,
        "status": 429,
        "code": 429,
        "reason": None,
        "retry_after": 90.0,
        "safe_to_repeat": True,
        "headers": {"retry-after": "90"},
    } == error.to_dict()
    assert "RateLimitError(operation='sms.send', outcome='rejected', status=429, code=429)" == repr(error)


def test_no_error_shows_the_key_or_a_person(front: Front) -> None:
    for error in raised(front):
        for text in (str(error), repr(error), json.dumps(error.to_dict())):
            assert not shows_key(text)
            assert not any(TEXT[name] in text for name in TEXT)


ELSEWHERE = "https://www.example.com/"
ENDINGS: dict[str, tuple[Any, type[Alive5Error], type[Alive5Error]]] = {
    "closed without an answer": (lambda heard: None, TransportError, OutcomeUnknownError),
    "no HTTP": (lambda heard: b"what?\r\n\r\n", TransportError, OutcomeUnknownError),
    "cut off": (lambda heard: Last(http()[:-5]), ResponseError, OutcomeUnknownError),
    "HTML": (lambda heard: http(b"<html>"), ResponseError, OutcomeUnknownError),
    "no such page": (lambda heard: http(b"<html>", "404 Not Found"), NotFoundError, NotFoundError),
    "redirect": (lambda heard: http(b"", "307 Go", f"Location: {ELSEWHERE}"), ApiError, OutcomeUnknownError),
}


def chain(error: BaseException | None) -> list[BaseException]:
    """
    Return an error with all its causes and contexts.
    """
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        error = waiting.pop()
        if error is not None and error not in found:
            found.append(error)
            waiting += [error.__cause__, error.__context__]
    return found


@pytest.mark.parametrize("name", ENDINGS)
def test_nothing_of_httpx_hangs_on_an_error(front: Front, name: str) -> None:
    answer, on_read, on_write = ENDINGS[name]
    with WireServer(answer) as server:
        options = front.real(server.url, retry=RetryPolicy.none())
        read = front.fails(on_read, lambda client: client.tags.list(), **options)
        written = front.fails(on_write, lambda client: client.sms.send(**TEXT), **options)
    assert [read] == chain(read)
    assert [written] == chain(written)


def test_a_refused_connection_leaves_nothing_behind(front: Front) -> None:
    with WireServer() as server:
        url = server.url
    for body in (lambda client: client.tags.list(), lambda client: client.sms.send(**TEXT)):
        error = front.fails(NotSentError, body, **front.real(url, retry=RetryPolicy.none()))
        assert [error] == chain(error)
        assert ("not_sent", "refused", True) == (error.outcome, error.reason, error.safe_to_repeat)


def test_a_slow_answer_leaves_nothing_behind(front: Front) -> None:
    def hang(heard: Any) -> None:
        release.wait(10)

    release = threading.Event()
    with WireServer(hang) as server:
        options = front.real(server.url, retry=RetryPolicy.none(), timeout=Timeout(read=0.1))
        read = front.fails(TimedOutError, lambda client: client.tags.list(), **options)
        written = front.fails(OutcomeUnknownError, lambda client: client.sms.send(**TEXT), **options)
        release.set()
    for error in (read, written):
        assert [error] == chain(error)
        assert ("unknown", "timeout") == (error.outcome, error.reason)
