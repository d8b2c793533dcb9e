"""The rows of one window while it is read: each once, those of a very large window set aside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import attrs

from ..rows.encode import Encoded
from .paging import Page

SetAside = Callable[[Sequence[Encoded]], Awaitable[None]]

# Compressed bytes of one window in memory, some thousands of rows: the memory of an export stays bounded, and only
# windows far beyond a page pay for the disk.
_HELD_BYTES: Final = 8 << 20


@attrs.define(eq=False)
class WindowRows:
    """
    The latest version of every row that was read, from whichever pass.

    ``page_zero_lost`` says that page 0, which the host may have, was not read.
    """

    set_aside: SetAside
    page_zero_lost: bool = False
    ids: set[str] = attrs.field(factory=set)
    pages: int = 0
    _held: dict[str, Encoded] = attrs.field(factory=dict)
    _bytes: int = 0

    @property
    def rows(self) -> list[Encoded]:
        """The rows that are not set aside."""
        return list(self._held.values())

    async def add(self, page: Page) -> None:
        """
        Add a page's rows.
        """
        self.pages += 1
        self._bytes += page.packed_size
        for row in page.rows:
            self.ids.add(row.id)
            self._held[row.id] = row
        if self._bytes > _HELD_BYTES:
            await self.set_aside(self.rows)
            self._held, self._bytes = {}, 0
