"""H1: any bytes whatever as a body give valid data or an ``Alive5Error``, nothing else."""

from __future__ import annotations

import json
import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs
import counts
import pytest
from promises.mutations import Mutator
from promises.operations import OPERATIONS

from alive5 import Alive5, Alive5Error, Call, Failure, Model, Page, Reply, RetryPolicy
from alive5._port.threads import BlockingVerbs
from alive5.models import Conversation, Message
from alive5.sandbox import Sandbox
from alive5.sandbox.port import SandboxPort

STATUSES = (*[200] * 30, 201, 204, 301, 400, 401, 404, 409, 429, 500, 503)
PARTS = 4


class Tap(BlockingVerbs):
    """Gives a canned answer to everything, or takes the sandbox's and keeps it."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._source = SandboxPort(sandbox.exchange, self) if sandbox else None
        self.reply = Reply(status=200)

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        if self._source is None:
            return self.reply
        answer = await self._source.send(call, deadline)
        assert isinstance(answer, Reply)
        self.reply = answer
        return answer


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """
    Keep no record of a million attempts.
    """
    logger = logging.getLogger("alive5")
    logger.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logger.setLevel(logging.NOTSET)


def samples() -> dict[str, bytes]:
    found = {}
    tap = Tap(Sandbox(livechat=2, sms=2, fbm=2))
    with Alive5("test_key_bytes", port=tap, org_name="Example") as client:
        for operation, act in OPERATIONS.items():
            act(client)
            found[operation] = tap.reply.body
    return found


def look(value: Any) -> None:
    """
    Use a result as a program would: every attribute, its JSON, its text.
    """
    if isinstance(value, Page):
        value = value.items
    if isinstance(value, (list, tuple)):
        for item in value:
            look(item)
        return
    assert isinstance(value, Model), type(value)
    json.dumps(value.to_dict(), allow_nan=False)
    repr(value)
    for name in attrs.fields_dict(type(value)):
        inner = getattr(value, name)
        if isinstance(inner, (list, Model)):
            look([part for part in (inner if isinstance(inner, list) else [inner]) if isinstance(part, Model)])
    if isinstance(value, Conversation):
        look(value.messages)
        _ = value.contact, value.started_at, value.ended_at, value.is_open, value.transcript()
    if isinstance(value, Message):
        _ = value.text, value.sent_at, value.author


def outcome(client: Alive5, operation: str) -> str:
    try:
        result = OPERATIONS[operation](client)
    except Alive5Error as error:
        json.dumps(error.to_dict(), allow_nan=False)
        _ = str(error), repr(error)
        return type(error).__name__
    look(result)
    return "data"


@pytest.mark.promise("H1")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_bytes_give_data_or_an_error_of_ours(part: int) -> None:
    total, seed = counts.count(ci=5_000, full=250_000), counts.seed() + part
    bodies, tap = samples(), Tap()
    mutator, seen = Mutator(seed, list(bodies.values())), Counter[str]()
    names = list(OPERATIONS)
    with Alive5("test_key_bytes", port=tap, org_name="Example", retry=RetryPolicy.none()) as client:
        for number in range(total):
            operation = names[mutator.rng.randrange(len(names))]
            body, status = mutator.body(bodies[operation]), mutator.rng.choice(STATUSES)
            tap.reply = Reply(status=status, body=body)
            try:
                seen[outcome(client, operation)] += 1
            except Exception as error:
                raise AssertionError(f"number {number}: {operation}, HTTP {status}, {body[:2000]!r}") from error
    assert {"data", "ApiError", "ResponseError", "OutcomeUnknownError", "AuthenticationError"} <= set(seen)
    assert total / 5 < seen["data"] < total * 4 / 5
