"""
Blocks: the lines of neighbouring rows compressed as one.

A row on its own takes four times as long to compress, and twice the space.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, TypeVar

import attrs

from .compression import pack, unpack

K = TypeVar("K")

_LARGEST: Final = 1 << 20
# Unpacked bytes kept while rendering: a few blocks, since rows that were fetched together are next to each other.
_KEPT_BYTES: Final = 4 << 20


@attrs.frozen(eq=False, repr=False)
class Block:
    """
    Lines, compressed together; rows share it.
    """

    packed: bytes


def laid(lines: Iterable[bytes]) -> Iterator[tuple[Block, int, int]]:
    """
    Return each line's block, offset and size, in order.
    """
    some: list[bytes] = []
    total = 0
    for line in lines:
        if some and total + len(line) > _LARGEST:
            yield from _together(some)
            some, total = [], 0
        some.append(line)
        total += len(line)
    yield from _together(some)


def _together(lines: list[bytes]) -> Iterator[tuple[Block, int, int]]:
    block, at = Block(pack(b"".join(lines))), 0
    for line in lines:
        yield block, at, len(line)
        at += len(line)


class Blocks(Generic[K]):
    """
    A cache of unpacked blocks, since rows next to each other in time mostly share one.
    """

    def __init__(self, read: Callable[[K], bytes]) -> None:
        self._read = read
        self._kept: dict[K, bytes] = {}
        self._bytes = 0

    def line(self, block: K, at: int, size: int) -> bytes:
        """
        Return a line of a block.

        :raises zlib.error: when its block is damaged.
        """
        lines = self._kept.get(block)
        if lines is None:
            lines = self._keep(block, unpack(self._read(block)))
        return lines[at : at + size]

    def _keep(self, block: K, lines: bytes) -> bytes:
        self._bytes += len(lines)
        while self._kept and self._bytes > _KEPT_BYTES:
            # Dropping the first read is as good as the least recently used: rows are read forward in time.
            self._bytes -= len(self._kept.pop(next(iter(self._kept))))
        self._kept[block] = lines
        return lines
