"""H1: any bytes whatever as a body give valid data or an ``Alive5Error``, nothing else."""

from __future__ import annotations

import json
import logging
import random
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs
import pytest
from support import counts, later_facts
from support.calls import FACTS, act_of

from alive5 import Alive5, Alive5Error, Call, Failure, Model, Page, Reply, RetryPolicy
from alive5._port.threads import BlockingVerbs
from alive5._sansio.endpoint import EDITIONS, Edition
from alive5._sansio.endpoints import ENDPOINTS
from alive5.models import Conversation, Message
from alive5.sandbox import Sandbox
from alive5.sandbox.embedded.port import SandboxPort

# Without the organisation, which is then looked up: an answer more to be read.
OPERATIONS: Final = {name: act_of(name, lambda found: found.page(1), "org_name") for name in FACTS}


_VALUE = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|\{\}|\[\]')
NASTY: Final[tuple[bytes, ...]] = (
    b"null", b"true", b"false", b'""', b"[]", b"{}", b"0", b"-1", b"-0.0", b"1e999999", b"-1e999999", b"NaN",
    b"Infinity", b"-Infinity", b"9" * 5_000, b"-" + b"9" * 30, b"1" + b"0" * 400 + b".5", b"1767225600",
    b"99999999999999", b'"99999999999999999999"', b'"\\ud800"', b'"\\udfff\\ud800"', b'"\xed\xa0\x80"', b'"\xff\xfe"',
    b'"\\u0000"', b'"\\u202e"', b'"2026-02-30T25:61:61Z"', b'"0000-00-00"', b'"9999-12-31T23:59:59.999999+23:59"',
    b'"open||"', b'"||"', b'"open||1e999"', b'"\xd9\xa1\xd9\xa2"', b'"NaN"', b'"1_000"', b'" 200 "', b'"400"',
    b"[[[]]]", b'[{"a": [1, null]}]', b'{"data": {"data": null}}', b'{"code": 500}', b'{"success": false}',
    b'{"error": "x"}', b"[" * 60 + b"]" * 60, b"[" * 200_000, b'{"a":' * 5_000, b"[null, 1, \"x\", {}]",
    b"1 2", b"", b",", b"\xef\xbb\xbf", b'{"code": 200, "code": 400}', b'{"": ""}', b'{"__proto__": {"x": 1}}',
)  # fmt: skip
_ENVELOPES: Final = ('{"code":%s,"data":%s,"error":%s}', '{"data":%s,"success":%s,"error":%s}', "[%s,%s,%s]")
# Deep and long values are drawn seldom: they cost a hundred times the others.
_WEIGHTS: Final = tuple(1.0 if len(value) < 1_000 else 0.05 for value in NASTY)


class Mutator:
    """Gives body after body; the same seed and samples give the same ones."""

    def __init__(self, seed: int, samples: Sequence[bytes]) -> None:
        self.rng = random.Random(seed)
        self._samples = samples
        self._spans = {sample: [match.span() for match in _VALUE.finditer(sample)] for sample in samples}
        self._ways = (self._value, self._value, self._value, self._name, self._flip, self._cut, self._splice)

    def body(self, sample: bytes) -> bytes:
        """
        Return a body made from *sample*, or from nothing.
        """
        if self.rng.random() < 0.1:
            return self._garbage()
        changed = self.rng.choice(self._ways)(sample)
        return changed if self.rng.random() < 0.9 else self._flip(changed)

    def _nasty(self) -> bytes:
        return self.rng.choices(NASTY, _WEIGHTS)[0]

    def _value(self, sample: bytes) -> bytes:
        spans = self._spans[sample]
        places = sorted(self.rng.sample(range(len(spans)), min(len(spans), self.rng.choice((1, 1, 2, 5, 50)))))
        parts, end = [], 0
        for place in places:
            start, stop = spans[place]
            parts += [sample[end:start], self._nasty()]
            end = stop
        return b"".join([*parts, sample[end:]])

    def _name(self, sample: bytes) -> bytes:
        names = [span for span in self._spans[sample] if sample[span[1] : span[1] + 1] == b":"]
        if not names:
            return self._garbage()
        (start, stop), (first, last) = self.rng.choice(names), self.rng.choice(names)
        return sample[:start] + sample[first:last] + sample[stop:]

    def _flip(self, sample: bytes) -> bytes:
        changed = bytearray(sample)
        for _ in range(self.rng.choice((1, 1, 3, 20)) if changed else 0):
            changed[self.rng.randrange(len(changed))] = self.rng.randrange(256)
        return bytes(changed)

    def _cut(self, sample: bytes) -> bytes:
        first, last = sorted(self.rng.randrange(len(sample) + 1) for _ in range(2))
        return self.rng.choice((sample[:last], sample[first:], sample[:first] + sample[last:]))

    def _splice(self, sample: bytes) -> bytes:
        other = self.rng.choice(self._samples)
        return sample[: self.rng.randrange(len(sample))] + other[self.rng.randrange(len(other)) :]

    def _garbage(self) -> bytes:
        kind = self.rng.randrange(4)
        if kind == 0:
            return self.rng.randbytes(self.rng.randrange(100))
        if kind == 1:
            return self._nasty()
        if kind == 2:
            texts = tuple(self._nasty().decode("latin-1") for _ in range(3))
            return (self.rng.choice(_ENVELOPES) % texts).encode("latin-1")
        text = json.dumps({"code": 200, "data": [], "error": None})
        return text.encode(self.rng.choice(("utf-16", "utf-8-sig", "utf-32", "cp037")))


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


def samples(edition: Edition) -> dict[str, bytes]:
    facts = {fact.call: {"code": 200, "data": fact.answer, "error": None} for fact in later_facts.OPERATIONS}
    found = {operation: json.dumps(answer).encode() for operation, answer in facts.items()}
    tap = Tap(Sandbox(livechat=2, sms=2, fbm=2, strict_ids=False, current_summary="answered"))
    with Alive5("test_key_bytes", port=tap, org_name="Example", edition=edition) as client:
        for operation, act in OPERATIONS.items():
            if operation not in found:
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


def test_the_operations_are_all_tried() -> None:
    assert {endpoint.operation for endpoint in ENDPOINTS} == set(OPERATIONS)


@pytest.mark.promise("H1")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_bytes_give_data_or_an_error_of_ours(part: int) -> None:
    total, seed = counts.count(ci=5_000, full=250_000), counts.seed() + part
    edition = EDITIONS[part % 2]
    bodies, tap = samples(edition), Tap()
    mutator, seen = Mutator(seed, list(bodies.values())), Counter[str]()
    names = list(OPERATIONS)
    options: dict[str, Any] = {"port": tap, "org_name": "Example", "retry": RetryPolicy.none(), "edition": edition}
    with Alive5("test_key_bytes", **options) as client:
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
