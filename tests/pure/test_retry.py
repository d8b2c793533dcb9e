"""How long to wait and how often to try: backoff, Retry-After, the budget."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import Failure, InvalidArgumentError, RetryPolicy
from alive5._sansio.envelope import Refusal
from alive5._sansio.outcome import judge
from alive5._sansio.retry import Budget

LOST = judge(Failure(True, "read"), write=False)
SLOW = judge(Failure(True, "read_timeout"), write=False)
BUSY = judge(Refusal(429, 429), write=False)


def test_the_defaults_are_the_documented_ones() -> None:
    policy = RetryPolicy()
    assert (4, 0.5, 20.0, 60.0, True, 500) == (
        policy.attempts,
        policy.initial,
        policy.maximum,
        policy.max_retry_after,
        policy.repeat_refused_writes,
        policy.budget,
    )
    assert RetryPolicy.none() == RetryPolicy(attempts=1)


@pytest.mark.parametrize(
    ("attempt", "most"),
    [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 16.0), (7, 20.0), (50, 20.0), (5000, 20.0)],
)
@pytest.mark.parametrize("jitter", [0.0, 0.25, 0.999])
def test_backoff_doubles_to_its_cap_with_full_jitter(attempt: int, most: float, jitter: float) -> None:
    policy = RetryPolicy(attempts=10_000)
    assert jitter * most == policy.decide(LOST, write=False, attempt=attempt, jitter=jitter)


@pytest.mark.parametrize("attempts", [1, 2, 4])
def test_attempts_bound_the_tries(attempts: int) -> None:
    policy = RetryPolicy(attempts=attempts)
    tried = 1
    while policy.decide(LOST, write=False, attempt=tried, jitter=0.0) is not None:
        tried += 1
    assert attempts == tried


@pytest.mark.parametrize(
    ("retry_after", "jitter", "wait"),
    [
        (None, 0.5, 0.25),
        (0.0, 0.5, 0.25),
        (0.1, 0.5, 0.25),
        (7.0, 0.5, 7.0),
        (60.0, 0.5, 60.0),
        (60.1, 0.5, None),
        (86_400.0, 0.5, None),
    ],
)
def test_retry_after_is_waited_for_or_raised(retry_after: float | None, jitter: float, wait: float | None) -> None:
    for verdict in (BUSY, LOST):
        assert wait == RetryPolicy().decide(verdict, write=False, attempt=1, jitter=jitter, retry_after=retry_after)


def test_a_budget_pays_for_retries() -> None:
    budget = Budget(21)
    assert (5, 16) == (budget.take(LOST), budget.tokens)
    assert (10, 6) == (budget.take(SLOW), budget.tokens)
    assert (None, 6) == (budget.take(SLOW), budget.tokens)
    assert (5, 1) == (budget.take(BUSY), budget.tokens)
    assert (None, 1) == (budget.take(BUSY), budget.tokens)


def test_success_refunds_never_beyond_the_whole() -> None:
    budget = Budget(10)
    for cost, tokens in ((0, 11), (5, 16), (10, 20), (0, 20)):
        budget.refund(cost, 20)
        assert tokens == budget.tokens


def test_an_outage_costs_few_retries() -> None:
    budget, retries = Budget(500), 0
    for _ in range(1000):
        retries += budget.take(LOST) is not None
    assert retries == 100


@pytest.mark.parametrize("name", ["attempts", "initial", "maximum", "max_retry_after", "budget"])
@pytest.mark.parametrize("value", [-1, None, "5", True, float("nan"), float("inf"), -0.5, 1e10, 10**400, [], 1j])
def test_bad_numbers_are_refused_by_name(name: str, value: Any) -> None:
    if name == "budget" and value == 1e10:
        value = 1e10 + 0.5
    with pytest.raises(InvalidArgumentError) as caught:
        RetryPolicy(**{name: value})
    assert name == caught.value.argument
    assert str(value) not in str(caught.value).replace(name, "")


def test_zero_is_a_number_where_it_makes_sense() -> None:
    policy = RetryPolicy(initial=0, maximum=0, max_retry_after=0, budget=0)
    assert policy.decide(LOST, write=False, attempt=1, jitter=0.9) == 0.0
    assert policy.decide(BUSY, write=False, attempt=1, jitter=0.9, retry_after=0.1) is None
    with pytest.raises(InvalidArgumentError):
        RetryPolicy(attempts=0)


@given(
    st.integers(1, 10_000),
    st.floats(0, 1, exclude_max=True),
    st.none() | st.floats(0, 1e9),
    st.floats(0, 100),
    st.floats(0, 1000),
)
def test_any_wait_is_within_its_bounds(
    attempt: int, jitter: float, retry_after: float | None, initial: float, maximum: float
) -> None:
    policy = RetryPolicy(attempts=20_000, initial=initial, maximum=maximum)
    wait = policy.decide(LOST, write=False, attempt=attempt, jitter=jitter, retry_after=retry_after)
    if retry_after is not None and retry_after > 60:
        assert wait is None
    else:
        assert wait is not None
        assert (retry_after or 0) <= wait <= max(maximum, retry_after or 0)
