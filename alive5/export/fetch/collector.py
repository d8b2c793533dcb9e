"""The rows of one window while it is read: each once, those of a very large window set aside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Final

import attrs

from ..rows.apart import are_one_line, name_apart
from ..rows.blocks import Block, Blocks
from ..rows.encode import Encoded
from ..rows.united import are_two, united
from .paging import Page

SetAside = Callable[[Sequence[Encoded]], Awaitable[None]]

# Compressed bytes of one window in memory, some thousands of rows: the memory of an export stays bounded, and only
# windows far beyond a page pay for the disk.
_HELD_BYTES: Final = 8 << 20


@attrs.define(eq=False)
class WindowRows:
    """
    Keeps every row that came, from whichever pass: of several deliveries the fullest, of those the latest.

    Where each has messages the other lacks they are united; several
    conversations of one id are kept apart.
    """

    set_aside: SetAside
    ids: set[str] = attrs.field(factory=set)
    deliveries: set[int] = attrs.field(factory=set)
    pages: int = 0
    _united: dict[str, set[bytes]] = attrs.field(factory=dict)
    _held: dict[str, Encoded] = attrs.field(factory=dict)
    _bytes: int = 0

    @property
    def rows(self) -> list[Encoded]:
        """The rows that are not set aside."""
        return list(self._held.values())

    @property
    def united(self) -> int:
        """How many rows are made of several deliveries."""
        return len(self._united)

    async def add(self, page: Page) -> None:
        """
        Add a page's rows.
        """
        self.pages += 1
        self._bytes += page.packed_size
        blocks = Blocks[Block](attrgetter("packed"))
        is_one = partial(_are_one, blocks)
        for delivered in page.rows:
            name = name_apart(delivered, self._held, is_one)
            row = delivered if name == delivered.id else delivered._replace(id=name)
            self.ids.add(row.id)
            self.deliveries.add(hash(delivered.delivery))
            held = self._held.get(row.id)
            self._held[row.id] = row if held is None or not are_two(held, row) else self._one_of(held, row, blocks)
        if self._bytes > _HELD_BYTES:
            await self.set_aside(self.rows)
            self._held, self._bytes = {}, 0

    def _one_of(self, held: Encoded, row: Encoded, blocks: Blocks[Block]) -> Encoded:
        """Return what stands for two deliveries; one that is in what is held already adds nothing."""
        parts = self._united.get(row.id, set())
        if row.sha in parts:
            return held
        made = united(held, row, *(blocks.line(one.block, one.at, one.size) for one in (held, row)))
        if made is None:
            return held if held.n_msg > row.n_msg else row
        self._united[row.id] = {*parts, held.sha, row.sha}
        self._bytes += len(made.block.packed)
        return made


def _are_one(blocks: Blocks[Block], held: Encoded, row: Encoded) -> bool:
    return are_one_line(*(blocks.line(one.block, one.at, one.size) for one in (held, row)))
