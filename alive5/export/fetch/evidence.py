"""What rows tell of a host's rule for dates, over all windows of a kind; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from ..plan.window import StoredWindow
from .paging import Page
from .sights import Told

_BY_MESSAGE: Final = "the server goes by the last message, not by the start: all days up to the present were read"
_BY_END: Final = (
    "the server goes by the end, not by the start: all days up to the present were read, and conversations that are"
    " still open may be missing"
)


@attrs.define
class DateEvidence:
    """
    Rows near what was asked, and far from it; ``by_end``, ``by_message``, ``end`` and ``message`` as of :class:`Page`.

    ``was_by_start`` is what an earlier run saw of ``by_start``, ``lasted_us`` what one saw of ``lasting_us``.
    """

    near: int = 0
    far: int = 0
    by_end: bool = False
    by_message: bool = False
    end: Told = Told()
    message: Told = Told()
    was_by_start: bool = False
    lasted_us: int = 0

    @classmethod
    def of(cls, facts: Mapping[str, Any], windows: Iterable[StoredWindow]) -> DateEvidence:
        """
        Return what earlier runs saw, those included that were cut off.
        """
        flags = {flag for window in windows for flag in window.flags} | set(facts.get("goes_by", ()))
        return cls(
            by_end="by_end" in flags,
            by_message="by_message" in flags,
            was_by_start="by_start" in flags,
            lasted_us=facts.get("lasting_us", 0),
        )

    @property
    def by_start(self) -> bool:
        """Whether rows prove that the start counts: neither their end nor their last message explains them."""
        return self.end.excluded and self.message.excluded

    @property
    def lasting_us(self) -> int:
        """For how long conversations go on, up to a moment that the host may choose them by."""
        return max(self.lasted_us, *(told.longest.us for told in (self.end, self.message) if not told.excluded), 0)

    @property
    def goes_by(self) -> list[str]:
        """What was seen, to be remembered."""
        seen = {"by_end": self.by_end, "by_message": self.by_message, "by_start": self.by_start or self.was_by_start}
        return [name for name, is_seen in seen.items() if is_seen]

    @property
    def misses_open(self) -> bool:
        """Whether conversations that are still open may be in no listing."""
        return self.by_end and not self.by_message

    def note(self, page: Page) -> None:
        """
        Add a page.
        """
        self.near += len(page.rows) - page.far
        self.far += page.far
        self.by_end = self.by_end or page.by_end
        self.by_message = self.by_message or page.by_message
        self.end, self.message = self.end.joined(page.end), self.message.joined(page.message)

    def is_ignored(self, page: Page) -> bool:
        """
        Whether a page proves the dates to be ignored: most rows lie far outside, on it and on all together.
        """
        return page.out_of_window and self.far > self.near

    @property
    def fits_start(self) -> bool:
        """Whether all rows fit a host that goes by the start of a conversation."""
        return not (self.by_end or self.by_message)

    def anomalies(self) -> Iterable[str]:
        """
        Return a sentence when the host does not go by the start.
        """
        if self.by_message:
            return (_BY_MESSAGE,)
        return (_BY_END,) if self.by_end else ()

    def flags(self, page: Page) -> Iterator[str]:
        """
        Yield the names of a page's anomalies.
        """
        if page.far:
            yield "filter_ignored" if page.out_of_window else "far_rows"
        yield from (name for name in ("by_end", "by_message") if getattr(page, name))
