"""Pages of listings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import attrs

from ..errors import ListingReport as ListingReport  # noqa: PLC0414 - it was defined here, as pickles of it say

T = TypeVar("T")


class Listed(Protocol):
    """
    What a listing may give: known by an id, and placed in time by its start, its end and its messages.
    """

    @property
    def id(self) -> str | None:
        """The id, if the service delivered one."""
        ...

    @property
    def start_time(self) -> datetime | None:
        """The time by which a period holds it."""
        ...

    @property
    def end_time(self) -> datetime | None:
        """The time it ended."""
        ...

    @property
    def chat_conversation(self) -> Sequence[Any]:
        """Its messages."""
        ...

    def to_dict(self, *, secrets: bool = False) -> dict[str, Any]:
        """
        Return it as JSON-ready values.
        """
        ...


@attrs.frozen(kw_only=True, repr=False)
class Page(Generic[T]):
    """
    One page, numbered from 1 even if the host counts from 0.

    ``total_pages`` and ``total_items`` are what the server promised, if it did;
    ``has_next`` is None when it did not say.
    """

    number: int
    items: list[T]
    total_pages: int | None = None
    total_items: int | None = None
    has_next: bool | None = None

    def __repr__(self) -> str:
        return f"<Page {self.number} items={len(self.items)} has_next={self.has_next}>"
