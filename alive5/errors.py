"""
Every error and warning of the package; nothing else escapes a call.

    Alive5Error(outcome, operation, attempts, status, code, reason, retry_after, safe_to_repeat)
    ├── ConfigurationError
    ├── InvalidArgumentError(argument)            also a ValueError
    ├── ClientClosedError
    ├── TransportError
    │   ├── NotSentError
    │   ├── TimedOutError
    │   └── OutcomeUnknownError
    ├── ResponseError
    ├── IncompleteListingError(report)
    ├── ExportError(exit_code)
    │   ├── FilterIgnoredError
    │   ├── DirectoryInUseError
    │   └── OtherJobError(differences)
    └── ApiError(status, code, message, headers)
        ├── AuthenticationError
        ├── BadRequestError
        ├── PermissionDeniedError
        ├── NotFoundError
        ├── ConflictError
        ├── RateLimitError(retry_after)
        └── ServerError

No error holds the key, a request, a body, or the text of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from .models.listing import ListingReport

__all__ = [
    "Alive5Error",
    "Alive5Warning",
    "ApiError",
    "AuthenticationError",
    "BadRequestError",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "DirectoryInUseError",
    "ExportError",
    "FilterIgnoredError",
    "IncompleteListingError",
    "InvalidArgumentError",
    "NotFoundError",
    "NotSentError",
    "OtherJobError",
    "OutcomeUnknownError",
    "PageRepeatedWarning",
    "PermissionDeniedError",
    "RateLimitError",
    "ResponseError",
    "ServerError",
    "TimedOutError",
    "TransportError",
    "WindowIgnoredWarning",
]

Outcome = Literal["not_sent", "rejected", "unknown"]
Reason = Literal["timeout", "disconnected", "refused", "server_error", "unreadable"]


class Alive5Error(Exception):
    """
    Base of all errors of this package.

    ``outcome`` says what became of the request: "not_sent", "rejected" (it
    arrived and was refused) or "unknown" (it may have been applied).
    """

    outcome: Outcome = "not_sent"

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

    @property
    def safe_to_repeat(self) -> bool:
        """True when calling again cannot apply the same write twice."""
        return self.outcome != "unknown"

    def __str__(self) -> str:
        text = super().__str__()
        return f"{self.operation}: {text}" if self.operation else text

    def __repr__(self) -> str:
        facts = {"operation": self.operation, "outcome": self.outcome, "status": self.status, "code": self.code}
        shown = ", ".join(f"{name}={value!r}" for name, value in facts.items() if value not in (None, ""))
        return f"{type(self).__name__}({shown})"

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
        }


def _rebuild(kind: type[Alive5Error], args: tuple[Any, ...], state: dict[str, Any]) -> Alive5Error:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ConfigurationError(Alive5Error):
    """The client cannot be used as configured: mend the key, URL or option."""


class InvalidArgumentError(Alive5Error, ValueError):
    """An argument cannot be sent; ``argument`` names it. Nothing left."""

    def __init__(self, text: str = "", *, argument: str = "", **facts: Any) -> None:
        super().__init__(text, **facts)
        self.argument = argument

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the argument's name.
        """
        return {**super().to_dict(), "argument": self.argument}


class ClientClosedError(Alive5Error):
    """The client was closed: make a new one."""


class TransportError(Alive5Error):
    """No trustworthy answer came; ``reason`` says why. A read may be repeated."""

    outcome: Outcome = "unknown"

    @property
    def safe_to_repeat(self) -> bool:
        """True: only reads and requests that never left end here."""
        return True


class NotSentError(TransportError):
    """The request never left: repeat it when the network is back."""

    outcome: Outcome = "not_sent"


class TimedOutError(TransportError):
    """A read got no answer in time: repeat it, or give it more time."""


class OutcomeUnknownError(TransportError):
    """A write left and no trustworthy answer came: look before repeating it."""

    @property
    def safe_to_repeat(self) -> bool:
        """False: the write may have been applied."""
        return False


class ResponseError(Alive5Error):
    """A read was answered by something that is not Alive5's API: check the URL and proxies."""

    outcome: Outcome = "unknown"

    @property
    def safe_to_repeat(self) -> bool:
        """True: only reads end here."""
        return True


class IncompleteListingError(Alive5Error):
    """A strict listing is known to be incomplete; ``report`` says how."""

    outcome: Outcome = "unknown"

    def __init__(self, text: str = "", *, report: ListingReport | None = None, **facts: Any) -> None:
        super().__init__(text, **facts)
        self.report = report if report is not None else ListingReport()

    @property
    def safe_to_repeat(self) -> bool:
        """True: only reads end here."""
        return True

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the listing's report.
        """
        return {**super().to_dict(), "report": self.report.to_dict()}


class ExportError(Alive5Error):
    """
    An export cannot go on here: no space, no permission, a damaged file. What was fetched is kept.

    ``exit_code`` is what the command line ends with.
    """

    exit_code = 3

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the exit code.
        """
        return {**super().to_dict(), "exit_code": self.exit_code}


class FilterIgnoredError(ExportError):
    """The server ignores the dates, so an export would be false: ``accept_recent`` takes what comes."""

    exit_code = 4


class DirectoryInUseError(ExportError):
    """Another process exports to this directory: wait for it, or take another one."""

    exit_code = 7


class OtherJobError(ExportError):
    """The directory holds the export of something else; ``differences`` says what differs."""

    exit_code = 7

    def __init__(self, text: str = "", *, differences: tuple[str, ...] = (), **facts: Any) -> None:
        super().__init__(text, **facts)
        self.differences = differences

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the differences.
        """
        return {**super().to_dict(), "differences": list(self.differences)}


class ApiError(Alive5Error):
    """
    Alive5 refused the request.

    ``message`` is the server's text without keys, arguments, addresses and
    numbers; ``headers`` holds a few harmless response headers.
    """

    outcome: Outcome = "rejected"

    def __init__(
        self, text: str = "", *, message: str = "", headers: Mapping[str, str] | None = None, **facts: Any
    ) -> None:
        super().__init__(text, **facts)
        self.message = message
        self.headers: dict[str, str] = dict(headers or {})

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts.
        """
        return {**super().to_dict(), "headers": dict(self.headers)}


class AuthenticationError(ApiError):
    """The key is missing, wrong or revoked: never retried, mend the key."""


class BadRequestError(ApiError):
    """Alive5 found the request wrong (400, 422): mend the arguments."""


class PermissionDeniedError(ApiError):
    """The key may not do this (403)."""


class NotFoundError(ApiError):
    """Nothing is there (404), or the base URL is wrong."""


class ConflictError(ApiError):
    """It clashes with something that exists (409)."""


class RateLimitError(ApiError):
    """Too many requests (429): wait ``retry_after`` seconds, when given."""


class ServerError(ApiError):
    """Alive5 failed at a read (5xx): repeat it later."""

    outcome: Outcome = "unknown"

    @property
    def safe_to_repeat(self) -> bool:
        """True: only reads end here."""
        return True


class Alive5Warning(UserWarning):
    """Base of the warnings of this package."""


class WindowIgnoredWarning(Alive5Warning):
    """The server ignored the dates: the listing is not complete."""


class PageRepeatedWarning(Alive5Warning):
    """The server repeated a page instead of going on: the listing is not complete."""
