"""The retry matrix, row by row: what is repeated, and which word it ends with."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from support.front import Front
from support.scripted import TEXT, Events, raw, refusal, reply

from alive5 import (
    Alive5Error,
    ApiError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    Failure,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    Reply,
    ResponseError,
    ServerError,
    TimedOutError,
    TransportError,
)

ALL = 4


@attrs.frozen
class End:
    """How a call ends when every attempt meets the same."""

    attempts: int
    error: type[Alive5Error]
    outcome: str
    reason: str | None = None
    delays: tuple[float, ...] | None = None

    @property
    def waits(self) -> list[float]:
        """The waits between the attempts, with a jitter of one half."""
        return list(self.delays or (0.25, 0.5, 1.0))[: self.attempts - 1]


@attrs.frozen
class Row:
    """One line of the matrix."""

    answer: Reply | Failure
    read: End
    write: End


def unknown(reason: str) -> End:
    return End(1, OutcomeUnknownError, "unknown", reason)


def not_left(kind: str, reason: str, attempts: int = ALL) -> Row:
    end = End(attempts, NotSentError, "not_sent", reason)
    return Row(Failure(False, kind, "a sentence"), end, end)


def left(kind: str, error: type[Alive5Error], reason: str) -> Row:
    return Row(Failure(True, kind, "a sentence"), End(ALL, error, "unknown", reason), unknown(reason))


def rejected(
    answer: Reply, error: type[Alive5Error], attempts: int = 1, delays: tuple[float, ...] | None = None
) -> Row:
    end = End(attempts, error, "rejected", None, delays)
    return Row(answer, end, end)


def unreadable(answer: Reply, error: type[Alive5Error] = ResponseError, reason: str = "unreadable") -> Row:
    return Row(answer, End(ALL, error, "unknown", reason), unknown(reason))


def failing(answer: Reply, error: type[Alive5Error] = ServerError, outcome: str = "unknown") -> Row:
    return Row(answer, End(ALL, error, outcome, "server_error"), unknown("server_error"))


REFUSED = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: ApiError,
    409: ConflictError,
    410: ApiError,
    413: ApiError,
    415: ApiError,
    418: ApiError,
    422: BadRequestError,
    431: ApiError,
}
ELSEWHERE = "https://www.example.com/"
REDIRECTS = (301, 302, 303, 304, 307, 308)
GOOD = b'{"code": 200, "data": [{"tag_id": "1"}], "error": null}'

ROWS = {
    "refused or unknown host": not_left("connect", "refused"),
    "connect timeout": not_left("connect_timeout", "timeout"),
    "proxy refused": not_left("proxy", "refused"),
    "pool timeout": not_left("queue", "timeout"),
    "certificate": not_left("certificate", "refused", 1),
    "local protocol error": not_left("local", "refused", 1),
    "429": rejected(refusal(429), RateLimitError, ALL),
    "429 envelope": rejected(reply(code=429, error="Slow down"), RateLimitError, ALL),
    "429 digits": rejected(reply(code="429", error="Slow down"), RateLimitError, ALL),
    "429 with seconds": rejected(refusal(429, Retry_After="7"), RateLimitError, ALL, (7.0, 7.0, 7.0)),
    "429 with less than the backoff": rejected(refusal(429, Retry_After="0.4"), RateLimitError, ALL, (0.4, 0.5, 1.0)),
    "425": rejected(refusal(425), ApiError, ALL),
    **{str(code): rejected(refusal(code), error) for code, error in REFUSED.items()},
    **{f"{code} envelope": rejected(reply(code=code, error="No"), error) for code, error in REFUSED.items()},
    "400 and nothing said": rejected(reply(code=400, error={}), BadRequestError),
    "400 inner layer": rejected(reply({"code": 400, "data": None, "error": {"message": "No"}}), BadRequestError),
    "wrong key as 400": rejected(reply(code=400, error="INVALID TOKEN", status=400), AuthenticationError),
    "wrong key as 400 in 200": rejected(reply(code=400, error={"message": "Invalid token"}), AuthenticationError),
    "no key": rejected(reply(code=401, error="Authorization token not found", status=401), AuthenticationError),
    **{
        f"{code} redirect": Row(
            refusal(code, Location=ELSEWHERE), End(1, ApiError, "rejected", None), unknown("server_error")
        )
        for code in REDIRECTS
    },
    "408": failing(refusal(408), ApiError, "rejected"),
    "408 envelope": failing(reply(code=408, error="Slow"), ApiError, "rejected"),
    **{str(code): failing(refusal(code)) for code in (500, 502, 503, 504, 599)},
    **{f"{code} envelope": failing(reply(code=code, error="Oops")) for code in (500, 502, 503, 504)},
    "500 HTML": failing(raw(b"<html>Internal error</html>", status=500)),
    "503 inner layer": failing(reply({"code": "503", "data": None})),
    "error beside 200": failing(reply([], error="Something went wrong"), ApiError, "rejected"),
    "error beside no code": failing(raw({"data": [], "error": {"message": "Oops"}}), ApiError, "rejected"),
    "success false": failing(raw({"success": False, "data": []}), ApiError, "rejected"),
    "read timeout": left("read_timeout", TimedOutError, "timeout"),
    "write timeout": left("write_timeout", TimedOutError, "timeout"),
    "deadline in flight": left("deadline", TimedOutError, "timeout"),
    "reset": left("read", TransportError, "disconnected"),
    "reset while writing": left("write", TransportError, "disconnected"),
    "cut off or no HTTP": left("protocol", TransportError, "disconnected"),
    "a kind nobody knows": left("unheard of", TransportError, "disconnected"),
    "truncated": unreadable(raw(b"", flaw="truncated")),
    "broken encoding": unreadable(raw(b"", flaw="encoding")),
    "too large": unreadable(raw(b"", flaw="too_large")),
    "body timed out": unreadable(raw(b"", flaw="timeout"), TimedOutError, "timeout"),
    "HTML": unreadable(raw(b"<html>Welcome</html>")),
    "half of the JSON": unreadable(raw(GOOD[:20])),
    "empty": unreadable(raw(b"")),
    "a bare text": unreadable(raw(b'"ok"')),
    "204": unreadable(raw(b"", status=204)),
}  # fmt: skip


@pytest.mark.usefixtures("half_jitter")
@pytest.mark.parametrize("method", ["read", "write"])
@pytest.mark.parametrize("name", ROWS)
def test_the_matrix(front: Front, events: Events, name: str, method: str) -> None:
    row = ROWS[name]
    end: End = getattr(row, method)
    port = front.port(lambda call: row.answer)

    def body(client: Any) -> Any:
        return client.tags.list() if method == "read" else client.sms.send(**TEXT)

    error = front.fails(end.error, body, port=port, on_event=events)

    assert end.attempts == len(port.calls) == error.attempts
    assert end.waits == port.sleeps
    assert end.outcome == error.outcome
    assert end.reason == error.reason
    assert ("tags.list" if method == "read" else "sms.send") == error.operation
    assert (error.outcome != "unknown" or method == "read") == error.safe_to_repeat
    assert [end.outcome] * end.attempts == events.outcomes
    assert [*end.waits, None] == [event.retry_delay for event in events.seen]
    assert list(range(1, end.attempts + 1)) == [event.attempt for event in events.seen]


OVER = [(status, code) for status in (500, 502, 503, 504) for code in (400, 425, 429)]


@pytest.mark.parametrize("answer", [*(reply(status=s, code=c, error="No") for s, c in OVER), *(
    reply({"code": c, "data": None, "error": "No"}, code=s, error="No") for s, c in OVER
)])  # fmt: skip
def test_a_write_behind_a_failing_layer_is_unknown_and_never_repeated(front: Front, answer: Reply) -> None:
    port = front.port(lambda call: answer)
    error = front.fails(OutcomeUnknownError, lambda client: client.sms.send(**TEXT), port=port)
    assert (1, "unknown", False) == (len(port.calls), error.outcome, error.safe_to_repeat)


def test_every_row_of_a_write_that_is_repeated_never_left_or_was_refused_unprocessed() -> None:
    repeated = {name: row for name, row in ROWS.items() if row.write.attempts > 1}
    for row in repeated.values():
        unprocessed = isinstance(row.answer, Reply) and row.write.outcome == "rejected"
        assert unprocessed or (isinstance(row.answer, Failure) and not row.answer.left)
    assert 9 + 1 == len(repeated)


@pytest.mark.usefixtures("half_jitter")
@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.read.attempts > 1])
def test_a_read_is_healed_by_one_good_answer(front: Front, name: str) -> None:
    answer = ROWS[name].answer
    port = front.port([answer, answer, raw(GOOD)])
    tags = front.run(lambda client: client.tags.list(), port=port)
    assert ["1"] == [tag.tag_id for tag in tags]
    assert ROWS[name].read.waits[:2] == port.sleeps
