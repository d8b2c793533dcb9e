"""Retry policy and backoff; pure, the jitter is an argument."""

from __future__ import annotations

import attrs

from .outcome import Repeat, Verdict
from .validate import positive

# Judgement: of the default budget of 500 a hundred retries without a success are the last. A time-out costs twice as
# much, since it also held a connection for its whole limit.
RETRY_COST = 5
TIMEOUT_COST = 10


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """
    Number of attempts and their backoff; durations are seconds.

    A write is repeated only when it never left, or, with
    ``repeat_refused_writes``, when it was refused unprocessed (429, 425).
    ``budget`` is a client's store of tokens that stops retry storms: a retry
    costs 5, after a time-out 10, success refunds. After a ``Retry-After`` beyond
    ``max_retry_after`` the error is raised at once.
    """

    attempts: int = attrs.field(default=4, validator=positive(int))
    initial: float = attrs.field(default=0.5, validator=positive(float, zero=True))
    maximum: float = attrs.field(default=20.0, validator=positive(float, zero=True))
    max_retry_after: float = attrs.field(default=60.0, validator=positive(float, zero=True))
    repeat_refused_writes: bool = True
    budget: int = attrs.field(default=500, validator=positive(int, zero=True))

    @classmethod
    def none(cls) -> RetryPolicy:
        """
        Return a policy of one attempt.
        """
        return cls(attempts=1)

    def decide(
        self, verdict: Verdict, *, write: bool, attempt: int, jitter: float, retry_after: float | None = None
    ) -> float | None:
        """
        Return the seconds to wait before the next attempt, or None to stop; *jitter* is in [0, 1).
        """
        if attempt >= self.attempts or not self._may_repeat(verdict, write):
            return None
        wait = retry_after or 0.0
        if wait > self.max_retry_after:
            return None
        return max(jitter * min(self.maximum, self.initial * 2.0 ** min(attempt - 1, 60)), wait)

    def _may_repeat(self, verdict: Verdict, write: bool) -> bool:
        if verdict.repeat is Repeat.REFUSED and write:
            return self.repeat_refused_writes
        return verdict.is_worth_repeating(write=write)


@attrs.define(eq=False, repr=False)
class Budget:
    """
    A client's tokens for retries; plain attributes, the last write wins.
    """

    tokens: int

    def take(self, verdict: Verdict) -> int | None:
        """
        Spend the cost of a retry and return it; None when there are too few tokens.
        """
        cost = TIMEOUT_COST if verdict.timed_out else RETRY_COST
        if self.tokens < cost:
            return None
        self.tokens -= cost
        return cost

    def refund(self, cost: int, most: int) -> None:
        """
        Add tokens after a success: the last retry's cost, else one.
        """
        self.tokens = min(most, self.tokens + (cost or 1))
