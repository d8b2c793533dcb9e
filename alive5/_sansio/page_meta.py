"""What an answer says of its pages: a promise, which is read and never trusted alone."""

from __future__ import annotations

from typing import Any

import attrs


@attrs.frozen
class Meta:
    """Metadata of a response's pages; ``counted`` when it has ``totalPages``, not ``pages``."""

    page: int | None = None
    pages: int | None = None
    items: int | None = None
    counted: bool = False

    def updated(self, newer: Meta) -> Meta:
        """
        Return the values of *newer*, and those of this one where *newer* has none.
        """
        pages = self if newer.pages is None else newer
        items = self.items if newer.items is None else newer.items
        return Meta(page=newer.page, pages=pages.pages, items=items, counted=pages.counted)

    def total(self, base: int) -> int | None:
        """
        Return the number of pages: ``pages`` of a host that counts from 0 is its last index.
        """
        return self.pages if self.pages is None or self.counted else self.pages + 1 - base


def read_meta(*sources: Any) -> Meta:
    """
    Return ``page``, ``pages`` or ``totalPages``, and ``totalRecord`` from the first source that has them.
    """
    known: dict[str, Any] = {}
    for source in sources:
        if isinstance(source, dict):
            known = {**source, **known}
    pages = _whole(known.get("pages"))
    return Meta(
        page=_whole(known.get("page")),
        pages=pages if pages is not None else _whole(known.get("totalPages")),
        items=_whole(known.get("totalRecord")),
        counted=pages is None,
    )


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
