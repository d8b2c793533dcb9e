"""The gate by itself, on a clock of its own: who may leave when, after a Retry-After."""

from __future__ import annotations

import pytest

from alive5._sansio.throttle import RetryAfterGate


def leaving(gate: RetryAfterGate, now: float, most: int = 50, attempt: int = 2) -> int:
    """
    Let new calls leave at a moment until one has to wait, which then goes away; gives how many left.
    """
    for number in range(most):
        ticket = next(gate.tickets)
        if gate.wait(now, ticket, attempt) > 0:
            gate.leave(ticket)
            return number
    return most


def closed(seconds: float = 1.0, at: float = 100.0) -> RetryAfterGate:
    gate = RetryAfterGate()
    gate.close(at, seconds)
    return gate


def taught(answers: int) -> RetryAfterGate:
    """
    Return a gate that was closed for a second time at 102, after so many answers, and opens at 103.
    """
    gate = closed()
    gate.wait(101.0, next(gate.tickets), 1)
    for _ in range(answers):
        gate.answer(101.5)
    gate.close(102.0, 1.0)
    return gate


def test_nothing_holds_a_call_before_a_refusal() -> None:
    assert 50 == leaving(RetryAfterGate(), 100.0)


@pytest.mark.parametrize(("now", "wait"), [(100.0, 1.0), (100.75, 0.25)])
def test_nobody_leaves_inside_a_retry_after(now: float, wait: float) -> None:
    assert wait == closed().wait(now, 1, 1) == closed().wait(now, 9, 4)


def test_one_leaves_first_and_every_answer_lets_two_follow() -> None:
    gate = closed()
    assert (1, 0) == (leaving(gate, 101.0), leaving(gate, 101.5))
    gate.answer(101.5)
    assert 2 == leaving(gate, 101.5)
    gate.answer(101.6)
    gate.answer(101.6)
    assert 4 == leaving(gate, 101.6)


def test_who_waits_looks_again_before_the_stretch_ends() -> None:
    gate = closed()
    leaving(gate, 101.0)
    assert pytest.approx(0.05) == gate.wait(101.0, 7, 1)
    assert pytest.approx(0.02, abs=1e-5) == gate.wait(101.98, 7, 1)


def test_one_caller_alone_never_waits_again() -> None:
    gate, now = closed(30.0), 130.0
    for ticket in range(300):
        assert 0.0 == gate.wait(now, ticket, 1)
        gate.answer(now + 0.1)
        now += 0.2


def test_a_second_refusal_teaches_how_many_may_leave() -> None:
    gate = taught(5)
    assert 0 == leaving(gate, 102.9)
    assert 5 == leaving(gate, 103.0)
    for _ in range(5):
        gate.answer(103.1)
    assert 0 == leaving(gate, 103.2)


def test_a_new_call_tries_for_one_more_when_the_first_was_answered() -> None:
    gate = taught(5)
    assert 5 == leaving(gate, 103.0, attempt=1)
    gate.answer(103.01)
    assert [0, 1, 0] == [leaving(gate, 103.02, attempt=attempt) for attempt in (2, 1, 1)]


def test_or_a_little_later() -> None:
    gate = taught(5)
    assert [5, 0, 1] == [leaving(gate, now, attempt=1) for now in (103.0, 103.04, 103.06)]


def test_much_later_when_it_might_overtake_one_that_was_refused_twice() -> None:
    gate = taught(5)
    assert 5 == leaving(gate, 103.0, attempt=3)
    gate.answer(103.2)
    assert [0, 0, 1] == [leaving(gate, now, attempt=1) for now in (103.2, 103.4, 103.6)]


def test_when_that_is_not_refused_twice_as_many_follow() -> None:
    gate = taught(5)
    leaving(gate, 103.0)
    gate.answer(103.01)
    leaving(gate, 103.02, attempt=1)
    for _ in range(5):
        gate.answer(103.1)
    assert 12 == leaving(gate, 104.0)


def test_when_nobody_tried_as_many_follow() -> None:
    gate = taught(5)
    for now in (103.0, 104.0, 105.0):
        assert 5 == leaving(gate, now)
        for _ in range(5):
            gate.answer(now + 0.1)


def test_a_late_answer_of_before_the_refusal_counts_once() -> None:
    gate = closed()
    gate.answer(100.5)
    gate.answer(100.5)
    assert 3 == leaving(gate, 101.0)
    gate.close(101.5, 1.0)
    assert 1 == leaving(gate, 102.5)


def test_calls_leave_in_the_order_they_began() -> None:
    gate = taught(2)
    assert [1.0] * 4 == [gate.wait(102.0, ticket, 2) for ticket in (9, 7, 8, 6)]
    waits = {ticket: gate.wait(103.0, ticket, 2) for ticket in (9, 8, 7, 6)}
    assert [6, 7] == sorted(ticket for ticket, wait in waits.items() if wait == 0.0)


def test_who_gives_up_keeps_nobody_back() -> None:
    gate = taught(1)
    gate.wait(102.0, 5, 2)
    gate.wait(102.0, 6, 2)
    gate.leave(5)
    gate.leave(5)
    assert 0.0 == gate.wait(103.0, 6, 2)
    assert [] == gate.line


def test_a_stretch_not_used_up_opens_the_gate() -> None:
    assert 50 == leaving(closed(), 102.0)
    assert 50 == leaving(closed(), 500.0)


def test_refusals_of_one_wave_close_once_for_the_longest_time() -> None:
    gate = closed()
    gate.close(100.1, 3.0)
    gate.close(100.2, 0.5)
    assert pytest.approx(2.9) == gate.wait(100.2, 1, 1)
    assert 1 == leaving(gate, 103.1)


def test_a_gate_on_another_clock_holds_nobody_and_is_not_lost() -> None:
    gate = closed()
    assert [50, 50] == [leaving(gate, 5.0), leaving(gate, 9_000_000.0)]
    assert 0.5 == gate.wait(100.5, 1, 1)


def test_a_wait_too_short_for_the_clock_is_none() -> None:
    assert 0.0 == closed(at=1e9).wait(1e9 + 1 - 1e-7, 1, 1)
