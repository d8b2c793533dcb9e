"""The gate by itself, on a clock of its own: who may leave when, after a Retry-After."""

from __future__ import annotations

import pytest

from alive5._gate import Gate


def leaving(gate: Gate, now: float, most: int = 50, attempt: int = 9) -> int:
    """
    Let calls leave at a moment until one has to wait; gives how many did.
    """
    return next((number for number in range(most) if gate.wait(now, attempt) > 0), most)


def closed(seconds: float = 1.0, at: float = 100.0) -> Gate:
    gate = Gate()
    gate.close(at, seconds, 0)
    return gate


def test_nothing_holds_a_call_before_a_refusal() -> None:
    assert 50 == leaving(Gate(), 100.0)


@pytest.mark.parametrize(("now", "wait"), [(100.0, 1.0), (100.75, 0.25)])
def test_nobody_leaves_inside_a_retry_after(now: float, wait: float) -> None:
    assert wait == closed().wait(now, 1) == closed().wait(now, 9)


def test_one_leaves_first_and_the_others_wait_for_its_answer() -> None:
    gate = closed()
    assert (1, 0.5) == (leaving(gate, 101.0), gate.wait(101.5, 9))
    gate.answer(101.5)
    assert 2 == leaving(gate, 101.5)
    gate.answer(101.6)
    gate.answer(101.6)
    assert 4 == leaving(gate, 101.6)


def test_one_caller_alone_never_waits_again() -> None:
    gate, now = closed(30.0), 130.0
    for _ in range(100):
        assert 0.0 == gate.wait(now, 1)
        gate.answer(now + 0.1)
        now += 0.2


def test_a_second_refusal_teaches_how_many_may_leave() -> None:
    gate = closed()
    assert 0.0 == gate.wait(101.0, 9)
    for _ in range(5):
        gate.answer(101.1)
    gate.close(101.2, 1.0, 0)
    assert 0 == leaving(gate, 102.1)
    assert 6 == leaving(gate, 102.2)
    for _ in range(5):
        gate.answer(102.3)
    assert 0 == leaving(gate, 102.4)
    gate.close(102.4, 1.0, 0)
    assert 6 == leaving(gate, 103.4)


def test_a_late_answer_of_before_the_refusal_counts_for_what_may_leave() -> None:
    gate = closed()
    gate.answer(100.5)
    gate.answer(100.5)
    assert 3 == leaving(gate, 101.0)


def test_a_stretch_used_up_without_a_refusal_doubles_the_next() -> None:
    gate = closed()
    for room, now in ((1, 101.0), (2, 102.0), (4, 103.0), (8, 104.0)):
        assert room == leaving(gate, now)
        gate.learnt = True
        for _ in range(room):
            gate.answer(now + 0.5)


def test_a_stretch_not_used_up_opens_the_gate() -> None:
    gate = closed()
    assert 50 == leaving(gate, 102.0)
    assert 50 == leaving(closed(), 500.0)


def test_refusals_of_one_wave_close_once_for_the_longest_time() -> None:
    gate = closed()
    gate.close(100.1, 3.0, 0)
    gate.close(100.2, 0.5, 0)
    assert pytest.approx(2.9) == gate.wait(100.2, 9)
    assert 1 == leaving(gate, 103.1)


def test_those_refused_most_often_go_first() -> None:
    gate = Gate()
    gate.close(100.0, 1.0, 3)
    assert pytest.approx([0.02, 0.01, 0.0]) == [gate.wait(101.0, attempt) for attempt in (1, 2, 3)]


def test_a_gate_on_another_clock_holds_nobody_and_is_not_lost() -> None:
    gate = closed()
    assert [50, 50] == [leaving(gate, 5.0), leaving(gate, 9_000_000.0)]
    assert 0.5 == gate.wait(100.5, 1)
