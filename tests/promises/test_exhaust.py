"""
S1, S2, T1 and T3 by exhaustion: every sequence of faults over four attempts, with a clock that jumps and no socket.

What has to come is foretold by the table of faults alone: none of the package's rules is used for it.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Final, Literal

import attrs
import pytest
from support import counts
from support.scripted import TEXT, raw, reply

from alive5 import Alive5, Alive5Error, Call, Failure, Reply, RetryPolicy, Timeout

Outcome = Literal["accepted", "rejected", "not_sent", "unknown"]
ATTEMPTS, JITTER = 4, 0.5
POLICY = RetryPolicy(attempts=ATTEMPTS)
# Long holds four of the slowest faults and all waits between them; short is used up in the middle of many sequences.
TOTALS: Final = {"long": 1_000.0, "short": 9.0}
# None, one that is waited for, one beyond max_retry_after, which ends the call at once.
WAITS: Final = {"none": None, "small": 3.0, "huge": 3_600.0}


@attrs.frozen
class Fault:
    """What becomes of one attempt, and what may be said and done after it."""

    name: str
    answer: Reply | Failure
    write: Outcome
    read: Outcome
    again: Literal["never", "reads", "always"]
    seconds: float = 0.01
    delivers: bool = True
    waits: bool = False

    @property
    def leaves(self) -> bool:
        return isinstance(self.answer, Reply) or self.answer.left


OK: Final = Fault("ok", reply([]), "accepted", "accepted", "never")
FAULTS: Final = (
    Fault("refused", Failure(False, "connect"), "not_sent", "not_sent", "always", delivers=False),
    Fault("slow_connect", Failure(False, "connect_timeout"), "not_sent", "not_sent", "always", 5.0, delivers=False),
    Fault("certificate", Failure(False, "certificate"), "not_sent", "not_sent", "never", delivers=False),
    Fault("cut_before", Failure(True, "disconnected"), "unknown", "unknown", "reads", delivers=False),
    Fault("cut_after", Failure(True, "read"), "unknown", "unknown", "reads"),
    Fault("stalled", Failure(True, "read_timeout"), "unknown", "unknown", "reads", 30.0),
    Fault("busy", reply(status=429, code=429), "rejected", "rejected", "always", delivers=False, waits=True),
    Fault("busy_inside", reply(code=429), "rejected", "rejected", "always", delivers=False, waits=True),
    Fault("away", reply(status=503, code=503), "unknown", "unknown", "reads", waits=True),
    Fault("broken", reply(status=502, code=429), "unknown", "rejected", "reads"),
    Fault("page", raw(b"<html>"), "unknown", "unknown", "reads"),
    Fault("typo", reply(status=400, code=400), "rejected", "rejected", "never", delivers=False),
)


@attrs.frozen
class Case:
    """What is the same for a whole sequence."""

    write: bool
    total: float
    wait: float | None


@attrs.define
class End:
    """How a call ended: the word for it, its attempts, when, and how often the service did what was asked."""

    outcome: Outcome
    attempts: int
    seconds: float
    delivered: int


@attrs.define(eq=False)
class World:
    """A port that gives the faults of a sequence, and counts what arrives."""

    sequence: tuple[Fault, ...]
    case: Case
    time: float = 0.0
    sent: int = 0
    delivered: int = 0
    closed_until: float = 0.0

    def now(self) -> float:
        return self.time

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        assert self.time >= self.closed_until, "sent inside a Retry-After"
        assert self.time < deadline == self.case.total
        fault = self.sequence[self.sent]
        self.sent += 1
        self.delivered += fault.delivers
        call.departure.left = fault.leaves
        late = self.time + fault.seconds > deadline
        self.time = min(self.time + fault.seconds, deadline)
        if late:
            return Failure(fault.leaves, "deadline")
        if fault.waits and self.case.wait is not None and isinstance(fault.answer, Reply):
            self.closed_until = self.time + self.case.wait
            return attrs.evolve(fault.answer, headers={"retry-after": f"{self.case.wait:g}"})
        return fault.answer

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.time += seconds

    async def fan_out(self, fn: Callable[[Any], Awaitable[Any]], items: Iterable[Any], limit: int) -> list[Any]:
        return [await fn(item) for item in items]

    async def aclose(self) -> None:
        pass


def foretell(sequence: tuple[Fault, ...], case: Case, most: int = ATTEMPTS) -> End:
    """
    Return how a call has to end that makes at most so many attempts.
    """
    now, delivered = 0.0, 0
    for number, fault in enumerate(sequence, 1):
        delivered += fault.delivers
        late, now = now + fault.seconds > case.total, min(now + fault.seconds, case.total)
        word: Outcome = fault.write if case.write else fault.read
        if late:
            return End("unknown" if fault.leaves else "not_sent", number, now, delivered)
        wait = (case.wait or 0.0) if fault.waits else 0.0
        pause = max(JITTER * 0.5 * 2 ** (number - 1), wait)
        stays = fault.again == "always" or (fault.again == "reads" and not case.write)
        if not stays or wait > POLICY.max_retry_after or pause >= case.total - now or number == most:
            return End(word, number, now, delivered)
        now += pause
    raise AssertionError


def come(sequence: tuple[Fault, ...], case: Case) -> End:
    """
    Return how a call ends.
    """
    world = World(sequence, case)
    outcome, attempts = "accepted", None
    with Alive5("test_key_exhaust", port=world, timeout=Timeout(total=case.total), retry=POLICY) as client:
        try:
            client.sms.send(**TEXT) if case.write else client.tags.list()
        except Alive5Error as error:
            outcome, attempts = error.outcome, error.attempts
    assert attempts in (None, world.sent)
    return End(outcome, world.sent, world.time, world.delivered)


def sequences(case: Case) -> Iterator[tuple[Fault, ...]]:
    """
    Yield all sequences that differ in an attempt that is made; what would follow the last one is left out.
    """
    done: set[tuple[str, ...]] = set()
    for sequence in itertools.product((*FAULTS, OK), repeat=ATTEMPTS):
        made = tuple(fault.name for fault in sequence[: foretell(sequence, case).attempts])
        if made not in done:
            done.add(made)
            yield sequence


CASES: Final = [
    pytest.param(Case(write, total, wait), id=f"{'write' if write else 'read'}-{deadline}-{length}")
    for write in (True, False)
    for deadline, total in TOTALS.items()
    for length, wait in WAITS.items()
]


@pytest.mark.promise("S1", "S2", "T1", "T3")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("case", CASES)
def test_every_sequence_of_faults_ends_as_foretold(
    case: Case, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(random, "random", lambda: JITTER)
    caplog.set_level("CRITICAL", "alive5")
    chosen = list(sequences(case))
    number = min(counts.count(ci=150, full=len(chosen)), len(chosen))
    seeded = counts.Seeded.from_environment()
    for sequence in chosen if counts.FULL else seeded.sample(chosen, number):
        names, due, end = [fault.name for fault in sequence], foretell(sequence, case), come(sequence, case)
        held = gate_of(sequence, case, end)
        if held and end.attempts < due.attempts:
            assert case.total - end.seconds <= held, names
            due = foretell(sequence, case, end.attempts)
        assert (due.outcome, due.attempts, due.delivered) == (end.outcome, end.attempts, end.delivered), names
        assert due.seconds - 1e-4 <= end.seconds <= min(due.seconds + held + 1e-4, case.total), names
        if case.write:
            assert end.delivered <= 1, names
            assert end.outcome == "unknown" or end.delivered == (end.outcome == "accepted"), names


def gate_of(sequence: tuple[Fault, ...], case: Case, end: End) -> float:
    """
    Return for how long the gate may hold a call back beyond its pauses: narrow for as long as it was closed, each time.
    """
    told = sum(fault.waits for fault in sequence[: end.attempts])
    return told * (case.wait or 0.0) if (case.wait or 0.0) <= POLICY.max_retry_after else 0.0
