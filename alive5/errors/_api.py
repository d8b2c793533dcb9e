"""Errors of requests that Alive5 refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._base import Alive5Error, Outcome


class ApiError(Alive5Error):
    """
    Alive5 refused the request.

    ``message`` is a sentence known of the service, "Invalid token", in the
    package's spelling, or "server text of 43 characters withheld": any other
    text may hold the key or a person's data, so it is kept nowhere. ``headers``
    holds a few response headers whose values are of a known shape.
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
    """The key is missing, wrong or revoked: never retried, correct the key."""


class BadRequestError(ApiError):
    """Alive5 refused the request as wrong (400, 422): correct the arguments."""


class PermissionDeniedError(ApiError):
    """The key may not do this (403)."""


class NotFoundError(ApiError):
    """Nothing was found (404), or the base URL is wrong."""


class ConflictError(ApiError):
    """The request conflicts with something that exists (409)."""


class RateLimitError(ApiError):
    """Too many requests (429): wait ``retry_after`` seconds, when given."""

    _worth_repeating = True


class ServerError(ApiError):
    """A read failed at the server (5xx): repeat it later."""

    outcome: Outcome = "unknown"
    _worth_repeating = True

    @property
    def safe_to_repeat(self) -> bool:
        """Whether it may be repeated: yes, it was a read."""
        return True
