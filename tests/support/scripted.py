"""A port that gives what a test wants, on a clock that only moves when it is told to."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Literal

import attrs

from alive5 import Call, Event, Failure, Reply


@attrs.frozen(kw_only=True)
class Sent:
    """A call as it was sent, and when."""

    operation: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes
    at: float
    deadline: float
    host: str = "base"
    version: str | None = None

    @property
    def body(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.content)


@attrs.frozen
class After:
    """An answer that takes some seconds."""

    seconds: float
    answer: Any


@attrs.frozen
class Interrupt:
    """An interruption, before or after the request left, or by a port that says nothing of it."""

    error: BaseException
    left: bool | Literal["unsaid"] | None = True


Answer = Reply | Failure | After | Interrupt


class ScriptedPort:
    """
    Gives answers in order, or what a function of the call gives; ``calls`` and ``sleeps`` record.
    """

    def __init__(self, answers: Iterable[Answer] | Callable[[Sent], Answer], verbs: Any) -> None:
        self._answers: Iterator[Answer] | None = None if callable(answers) else iter(answers)
        self._answer = answers if callable(answers) else None
        self._verbs = verbs
        self.time = 1000.0
        self.calls: list[Sent] = []
        self.sleeps: list[float] = []
        self.closings = 0

    @property
    def moments(self) -> list[float]:
        """When the calls were sent, in seconds since the first."""
        return [call.at - self.calls[0].at for call in self.calls]

    def now(self) -> float:
        return self.time

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        sent = Sent(
            operation=call.operation,
            method=call.method,
            path=call.path,
            query=dict(call.query),
            headers=dict(call.headers),
            content=call.content,
            at=self.time,
            deadline=deadline,
            host=call.host,
            version=call.version,
        )
        self.calls.append(sent)
        answer = self._answer(sent) if self._answer is not None else self._next()
        if isinstance(answer, After):
            if self.time + answer.seconds > deadline:
                self.time = deadline
                return Failure(True, "deadline", "the time given was used up")
            self.time += answer.seconds
            answer = answer.answer
        if isinstance(answer, Interrupt):
            if answer.left != "unsaid":
                call.departure.left = answer.left
            raise answer.error
        call.departure.left = isinstance(answer, Reply) or answer.left
        return answer

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds

    async def fan_out(self, fn: Callable[[Any], Awaitable[Any]], items: Iterable[Any], limit: int) -> list[Any]:
        found: list[Any] = await self._verbs.fan_out(fn, items, limit)
        return found

    async def aclose(self) -> None:
        self.closings += 1

    def _next(self) -> Answer:
        assert self._answers is not None
        for answer in self._answers:
            return answer
        raise AssertionError(f"no answer was scripted for call {len(self.calls)}")


def reply(
    data: Any = None, *, status: int = 200, code: Any = 200, error: Any = None, headers: dict[str, str] | None = None
) -> Reply:
    """
    Write an answer in one envelope.
    """
    return raw({"code": code, "data": data, "error": error}, status=status, headers=headers)


def raw(value: Any, *, status: int = 200, headers: dict[str, str] | None = None, flaw: str | None = None) -> Reply:
    """
    Write an answer as JSON, or as the bytes given.
    """
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Reply(status=status, headers=dict(headers or {}), body=body, flaw=flaw)


def refusal(status: int, text: str = "Refused", **headers: str) -> Reply:
    """
    Write an answer that refuses, by HTTP and in its envelope.
    """
    shown = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return reply(status=status, code=status, error=text, headers=shown)


class Events:
    """An ``on_event`` that keeps what it is told."""

    def __init__(self) -> None:
        self.seen: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.seen.append(event)

    @property
    def outcomes(self) -> list[str]:
        """The outcome of each attempt."""
        return [event.outcome for event in self.seen]


TEXT = {
    "phone_number_from": "+12025550100",
    "phone_number_to": "+12025550123",
    "message": "See you at nine, Grace",
    "channel_id": "channel-line-1",
    "user_id": "agent-maria",
}
"""The arguments of a text."""
