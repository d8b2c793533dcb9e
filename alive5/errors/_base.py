"""The base of all errors, and the errors of the caller's own input."""

from __future__ import annotations

from typing import Any, Literal

Outcome = Literal["not_sent", "rejected", "unknown"]
Reason = Literal["timeout", "disconnected", "refused", "server_error", "unreadable"]


class Alive5Error(Exception):
    """
    Base of all errors of this package.

    ``outcome`` is that of the request: "not_sent", "rejected" (it arrived and
    was refused) or "unknown" (it may have been applied).
    """

    outcome: Outcome = "not_sent"
    _worth_repeating: bool = False

    def __init__(
        self,
        text: str = "",
        *,
        outcome: Outcome | None = None,
        operation: str = "",
        attempts: int = 0,
        status: int | None = None,
        code: int | None = None,
        reason: Reason | None = None,
        retry_after: float | None = None,
        worth_repeating: bool | None = None,
    ) -> None:
        super().__init__(text)
        if outcome is not None:
            self.outcome = outcome
        self.operation = operation
        self.attempts = attempts
        self.status = status
        self.code = code
        self.reason = reason
        self.retry_after = retry_after
        if worth_repeating is not None:
            self._worth_repeating = worth_repeating

    @property
    def safe_to_repeat(self) -> bool:
        """Whether calling again cannot apply the same write twice."""
        return self.outcome != "unknown"

    @property
    def worth_repeating(self) -> bool:
        """Whether the same call may succeed later: answer a 503 of your own when it may, and a 500 when it cannot."""
        return self._worth_repeating and self.safe_to_repeat

    def __str__(self) -> str:
        text = super().__str__()
        return f"{self.operation}: {text}" if self.operation else text

    def __repr__(self) -> str:
        facts = {"outcome": self.outcome, "status": self.status, "code": self.code}
        shown = [f"{name}={value!r}" for name, value in facts.items() if value is not None]
        return f"{type(self).__name__}({', '.join([repr(str(self))] * bool(str(self)) + shown)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts.
        """
        return {
            "error": type(self).__name__,
            "message": str(self),
            "outcome": self.outcome,
            "operation": self.operation,
            "attempts": self.attempts,
            "status": self.status,
            "code": self.code,
            "reason": self.reason,
            "retry_after": self.retry_after,
            "safe_to_repeat": self.safe_to_repeat,
            "worth_repeating": self.worth_repeating,
        }


def _rebuild(kind: type[Alive5Error], args: tuple[Any, ...], state: dict[str, Any]) -> Alive5Error:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ConfigurationError(Alive5Error):
    """The client cannot be used as configured: correct the key, URL or option."""


class InvalidArgumentError(Alive5Error, ValueError):
    """An argument cannot be sent; ``argument`` names it. Nothing was sent."""

    def __init__(self, text: str = "", *, argument: str = "", **facts: Any) -> None:
        super().__init__(text, **facts)
        self.argument = argument

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the argument's name.
        """
        return {**super().to_dict(), "argument": self.argument}


class MissingValueError(Alive5Error):
    """
    A value that was required is not in what the service delivered; ``value`` is its attribute.

    Its outcome is unknown, and it is not safe to repeat: what was delivered may
    be the answer of a write, which was accepted all the same.
    """

    outcome: Outcome = "unknown"

    def __init__(self, text: str = "", *, value: str = "", **facts: Any) -> None:
        super().__init__(text, **facts)
        self.value = value

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the value's name.
        """
        return {**super().to_dict(), "value": self.value}


class ClientClosedError(Alive5Error):
    """The client was closed: create a new one."""
