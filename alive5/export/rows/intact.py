"""Lines held against the digests they were stored with."""

from __future__ import annotations

import zlib
from typing import TypeVar

from .blocks import Blocks
from .encode import digest_of
from .json_lines import line_of, read_line

K = TypeVar("K")


def intact_line(blocks: Blocks[K], block: K, at: int, size: int, sha: bytes) -> bytes:
    """
    Return a line of a block that is what was stored.

    :raises zlib.error: when it is not, or its block is damaged.
    """
    line = blocks.line(block, at, size)
    if digest_of(line) != sha and _digest_without_our_id(line) != sha:
        raise zlib.error("a line is not what was stored")
    return line


def _digest_without_our_id(line: bytes) -> bytes:
    """Return the digest of a row that came without an id, as it came; none of a line that cannot be read."""
    try:
        kind, name, raw = read_line(line)
        return digest_of(line_of(kind, raw)) if line == line_of(kind, raw, name) else b""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return b""
