"""What became of each of many texts, and how far they are."""

from __future__ import annotations

from typing import Literal

import attrs

from ...models import SentSms

TextOutcome = Literal["accepted", "rejected", "not_sent", "unknown", "skipped", "planned"]


@attrs.frozen(kw_only=True, repr=False)
class TextResult:
    """
    What became of one of many texts.

    ``outcome`` is "accepted", "rejected", "not_sent", "unknown", "skipped" (the
    person said STOP) or, of a dry run, "planned"; ``reason`` says why. ``line``
    counts the rows from 1, or is that of the file. ``from_ledger`` is whether
    it was known from an earlier run, so that nothing left now.
    """

    line: int
    phone_number_to: str
    outcome: TextOutcome
    reason: str = ""
    parts: int = 1
    key: str = ""
    sent: SentSms | None = None
    from_ledger: bool = False

    @property
    def credits(self) -> int:
        """The credits it costs when it is accepted: one a part."""
        return self.parts

    def __repr__(self) -> str:
        return f"<TextResult line={self.line} {self.outcome}>"


@attrs.frozen(kw_only=True)
class SendingProgress:
    """
    How far many texts are: results and parts of all, and the seconds that are left at best.

    ``credits`` is what all those that may leave cost. ``waiting_until`` is the
    time, in seconds since 1970, at which the next text may leave when quiet
    hours hold back all that are left.
    """

    done: int
    total: int
    parts_done: int
    parts: int
    outcomes: dict[str, int]
    eta_seconds: float
    waiting_until: float | None = None

    @property
    def credits(self) -> int:
        """The credits of all parts."""
        return self.parts
