"""The report on a listing, which an error of an incomplete one carries."""

from __future__ import annotations

from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class ListingReport:
    """
    Completeness and counts of a reading.

    ``complete`` is True when proven: one page held all, of no round number of
    rows, and those after it were empty. It is False when known to be
    incomplete, None when it cannot be known, as where only the server says
    which page is the last. ``outside`` counts rows that start outside the
    period, ``united`` further deliveries of a conversation with other content,
    ``dropped`` both of them, ``duplicates`` rows given before.
    """

    complete: bool | None = None
    issues: tuple[str, ...] = ()
    pages: int = 0
    duplicates: int = 0
    dropped: int = 0
    outside: int = 0
    united: int = 0

    def to_dict(self) -> dict[str, Any]:
        """
        Return the report as JSON-ready facts.
        """
        return {**attrs.asdict(self), "issues": list(self.issues)}
