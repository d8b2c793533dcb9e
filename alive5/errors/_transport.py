"""Errors of requests without a trustworthy or complete response."""

from __future__ import annotations

from typing import Any

from ._base import Alive5Error, Outcome
from ._report import ListingReport


class Cause(Exception):  # noqa: N818 - it is raised by nobody, and only shown
    """The ``__cause__`` of an error: the classes and numbers of what raised it, without a word of their texts."""


class TransportError(Alive5Error):
    """No trustworthy answer came; ``reason`` says why. A read may be repeated."""

    outcome: Outcome = "unknown"
    _worth_repeating = True

    @property
    def safe_to_repeat(self) -> bool:
        """Whether it may be repeated: yes, it was a read or never left."""
        return True


class NotSentError(TransportError):
    """The request never left: repeat it when the network is back."""

    outcome: Outcome = "not_sent"


class TimedOutError(TransportError):
    """A read got no response in time: repeat it, or raise the timeout."""


class OutcomeUnknownError(TransportError):
    """A write left and no trustworthy answer came: look before repeating it."""

    @property
    def safe_to_repeat(self) -> bool:
        """Whether it may be repeated: no, the write may have been applied."""
        return False


class ResponseError(Alive5Error):
    """A read was answered by something that is not Alive5's API: check the URL and proxies."""

    outcome: Outcome = "unknown"
    _worth_repeating = True

    @property
    def safe_to_repeat(self) -> bool:
        """Whether it may be repeated: yes, it was a read."""
        return True


class IncompleteListingError(Alive5Error):
    """A strict listing is known to be incomplete; ``report`` says why."""

    outcome: Outcome = "unknown"
    _worth_repeating = True

    def __init__(self, text: str = "", *, report: ListingReport | None = None, **facts: Any) -> None:
        super().__init__(text, **facts)
        self.report: ListingReport = report if report is not None else ListingReport()

    @property
    def safe_to_repeat(self) -> bool:
        """Whether it may be repeated: yes, it was a read."""
        return True

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the listing's report.
        """
        return {**super().to_dict(), "report": self.report.to_dict()}
