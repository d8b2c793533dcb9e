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
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
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
from alive5.errors import Cause


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Invalid date", "Invalid date"),
        ("  MESSAGE IS TOO LONG.", "Message is too long"),
        ({"message": '"channel_id" is required'}, "channel_id is required"),
        ("No line +12025550100", "server text of 20 characters withheld"),
        ("Unknown channel_id: texts have channel-line-1", "Unknown channel_id; server text of 27 characters withheld"),
        (f"Unknown user_id {TEXT['user_id']}", "server text of 27 characters withheld"),
        ("x" * 600, "server text of 600 characters withheld"),
        ("", ""),
    ],
)
def test_a_message_is_a_known_sentence_or_how_long_it_was(front: Front, said: Any, kept: str) -> None:
    port = front.port([reply(code=400, error=said or {})])
    error = front.fails(BadRequestError, lambda client: client.sms.send(**TEXT), port=port)
    assert kept == error.message
    assert f"sms.send: HTTP 200, code 400{': ' if kept else ''}{kept}" == str(error)


def test_each_layer_says_its_sentence(front: Front) -> None:
    inner = {"code": 400, "error": "Invalid email", "data": None}
    port = front.port([reply(inner, code=500, status=500, error="Oops")])
    error = front.fails(BadRequestError, lambda client: client.tags.list(), port=port)
    assert "Invalid email; server text of 4 characters withheld" == error.message


def test_only_harmless_headers_are_kept(front: Front) -> None:
    headers = {
        "Retry_After": "86400",
        "Date": "Mon, 02 Mar 2026 10:00:00 GMT",
        "Content_Type": "application/json",
        "X_Request_Id": "5d41402a-bc4b-4a76-b971-9d911017c592",
        "Request_Id": f"r-1 {CANARY}",
        "Server": "nginx/1.25 (ops@example.com)",
        "Set_Cookie": "session=1",
        "X_Echo": CANARY,
        "Location": "https://www.example.com/?to=+12025550123",
    }
    error = front.fails(RateLimitError, lambda client: client.tags.list(), port=front.port([refusal(429, **headers)]))
    assert {
        "retry-after": "86400",
        "date": "Mon, 02 Mar 2026 10:00:00 GMT",
        "content-type": "application/json",
        "x-request-id": "5d41402a-bc4b-4a76-b971-9d911017c592",
        "server": "nginx",
    } == error.headers


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (refusal(422, "No such tag"), "HTTP 422: server text of 11 characters withheld"),
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
        (refusal(500, "Internal error"), "HTTP 500: Internal error"),
        (Failure(True, "read", "the connection broke"), "the connection broke"),
        (raw(b"", flaw="truncated"), "HTTP 200 with a body that cannot be trusted (truncated)"),
    ],
)
def test_an_unknown_outcome_says_what_to_do(front: Front, answer: Any, sentence: str) -> None:
    error = front.fails(OutcomeUnknownError, lambda client: client.sms.send(**TEXT), port=front.port([answer]))
    assert str(error).startswith(f"sms.send: {sentence.partition(': ')[0]}")
    assert str(error).endswith("; it may have been applied, look before repeating it")


HERE, ELSEWHERE = "https://api.alive5.com/login?next=%2B12025550123", "https://portal.example/?to=+12025550123"
WRONG = "a portal or proxy answers in place of Alive5, or base_url is wrong"


@pytest.mark.parametrize(
    ("headers", "hint"),
    [
        ({"Location": HERE}, "a redirect to the same host, which is not followed: check base_url"),
        ({"Location": "/login"}, "a redirect to the same host, which is not followed: check base_url"),
        ({"Location": ELSEWHERE}, f"a redirect to another host, which is not followed: {WRONG}"),
        ({"Location": "http://["}, f"a redirect, which is not followed: {WRONG}"),
        ({}, f"a redirect, which is not followed: {WRONG}"),
    ],
)
def test_a_redirect_says_where_to_look(front: Front, headers: dict[str, str], hint: str) -> None:
    port = front.port(lambda call: refusal(302, "", **headers))
    with pytest.raises(ApiError) as caught:
        front.run(lambda client: client.tags.list(), port=port)
    assert f"tags.list: HTTP 302; {hint}" == str(caught.value)
    unknown = front.fails(OutcomeUnknownError, lambda client: client.sms.send(**TEXT), port=port)
    assert f"sms.send: HTTP 302; {hint}; it may have been applied, look before repeating it" == str(unknown)
    assert not caught.value.worth_repeating


def test_a_redirect_of_the_reads_names_their_url(front: Front) -> None:
    urls = {"base_url": "https://a.example/public/1.0", "read_url": "https://b.example/public/1.0"}
    port = front.port(lambda call: refusal(302, Location="https://b.example/"))
    options = {**urls, "edition": "current", "port": port}
    error = front.fails(ApiError, lambda client: client.conversations.livechat().list(), **options)
    assert str(error).endswith("a redirect to the same host, which is not followed: check read_url")


def test_a_refused_key_says_where_it_came_from(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(make: Any, **options: Any) -> AuthenticationError:
        async def main() -> None:
            async with make(port=front.port([refusal(401, "Invalid token")]), **options) as client:
                await client.tags.list()

        with pytest.raises(AuthenticationError) as caught:
            front.drive(main)
        assert not caught.value.worth_repeating
        return caught.value

    known = "tags.list: HTTP 401: Invalid token"
    assert f"{known}; the key came from the argument api_key" == str(refused(front.client))
    monkeypatch.delenv("ALIVE5_API_KEY", raising=False)
    assert known == str(refused(front.bare_client))
    monkeypatch.setenv("ALIVE5_API_KEY", CANARY)
    assert f"{known}; the key came from ALIVE5_API_KEY" == str(refused(front.bare_client))


@pytest.mark.parametrize(
    ("answer", "read", "write"),
    [
        (Failure(False, "connect"), True, True),
        (Failure(False, "certificate"), False, False),
        (Failure(False, "queue"), True, True),
        (Failure(True, "read"), True, False),
        (refusal(429), True, True),
        (refusal(425), True, True),
        (refusal(400), False, False),
        (refusal(404), False, False),
        (refusal(503), True, False),
        (raw(b"<html>"), True, False),
    ],
)
def test_what_a_503_of_ones_own_is_made_of(front: Front, answer: Any, read: bool, write: bool) -> None:
    worth = []
    for body in (lambda client: client.tags.list(), lambda client: client.sms.send(**TEXT)):
        with pytest.raises(Alive5Error) as caught:
            front.run(body, port=front.port([answer]), retry=RetryPolicy.none())
        worth.append(caught.value.worth_repeating)
    assert [read, write] == worth


def test_a_typo_is_not_worth_repeating(front: Front) -> None:
    typo = front.fails(InvalidArgumentError, lambda client: client.sms.send(**{**TEXT, "message": ""}))
    assert (True, False) == (typo.safe_to_repeat, typo.worth_repeating)


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
    port = front.port([refusal(429, "Too many requests", Retry_After="90")])
    error = front.fails(RateLimitError, lambda client: client.sms.send(**TEXT), port=port)
    assert {
        "error": "RateLimitError",
        "message": "sms.send: HTTP 429: Too Many Requests",
        "outcome": "rejected",
        "operation": "sms.send",
        "attempts": 1,
        "status": 429,
        "code": 429,
        "reason": None,
        "retry_after": 90.0,
        "safe_to_repeat": True,
        "worth_repeating": True,
        "headers": {"retry-after": "90"},
    } == error.to_dict()
    assert "RateLimitError('sms.send: HTTP 429: Too Many Requests', outcome='rejected', status=429, code=429)" == repr(
        error
    )


def test_no_error_shows_the_key_or_a_person(front: Front) -> None:
    for error in raised(front):
        for text in (str(error), repr(error), json.dumps(error.to_dict())):
            assert not shows_key(text)
            assert not any(TEXT[name] in text for name in TEXT)


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
    Return an error with all its causes and contexts, without the summary of what raised it.
    """
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        error = waiting.pop()
        if error is not None and error not in found:
            found.append(error)
            waiting += [error.__cause__, error.__context__]
    return [error for error in found if type(error) is not Cause]


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
