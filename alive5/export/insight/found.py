"""What a search looks for, and what it finds."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final, NamedTuple

import attrs

from ..._sansio.validate import refuse
from ...models._sides import Side
from ...models._times import show

# About a line of a terminal with the time and the author before it; more behind the hit, where what is asked stands.
_BEFORE: Final = 30
_AFTER: Final = 50
_BLANKS: Final = re.compile(r"\s+")


class Needle:
    """
    What is looked for: the characters as they are, their case apart.
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str) or not text:
            raise refuse("text", "must be a text to look for")
        self.folded: Final = text.casefold()

    def is_in(self, text: str) -> bool:
        """
        Whether a text holds it.
        """
        return self.folded in text.casefold()

    def place_in(self, text: str) -> tuple[int, int]:
        """
        Return where a text that holds it does so first: whole characters, some of which fold to several.
        """
        folded = text.casefold()
        low = folded.index(self.folded)
        high = low + len(self.folded)
        if len(folded) == len(text):  # each character folds to one
            return low, high
        ends, at = [], 0
        for character in text:
            at += len(character.casefold())
            ends.append(at)
        first = next(place for place, end in enumerate(ends) if end > low)
        last = next(place for place, end in enumerate(ends) if end >= high)
        return first, last + 1


class Snippet(NamedTuple):
    """
    A hit on one line, with what stands round it.
    """

    before: str
    hit: str
    after: str


@attrs.frozen(kw_only=True, repr=False)
class SearchHit:
    """
    A message that holds what was looked for; ``text[start:end]`` is where it does so first.
    """

    kind: str
    session_id: str
    seq: int
    created_at: datetime | None
    author: str | None
    side: Side
    text: str
    start: int
    end: int

    @property
    def snippet(self) -> Snippet:
        """The hit, and some of the text before and behind it, on one line."""
        low, high = max(self.start - _BEFORE, 0), self.end + _AFTER
        before, after = self.text[low : self.start], self.text[self.end : high]
        return Snippet(
            "…" * (low > 0) + _on_a_line(before),
            _on_a_line(self.text[self.start : self.end]),
            _on_a_line(after) + "…" * (high < len(self.text)),
        )

    def to_dict(self) -> dict[str, Any]:
        """
        Return it as JSON-ready values.
        """
        facts = attrs.asdict(self)
        return {**facts, "created_at": self.created_at and show(self.created_at), "snippet": self.snippet._asdict()}

    def __repr__(self) -> str:
        return f"<SearchHit {self.kind} {self.session_id!r} seq={self.seq} {self.side}>"


def _on_a_line(text: str) -> str:
    return _BLANKS.sub(" ", text)
