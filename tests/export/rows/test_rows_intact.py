"""Lines held against their digests."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from support.render import nasty

from alive5.export.rows.blocks import Blocks, laid
from alive5.export.rows.encode import encode
from alive5.export.rows.intact import intact_line


def test_every_row_comes_back_whole() -> None:
    for kind, row in [*nasty(), ("sms", {"alive5_sessionID": "lone-\ud800"})]:
        (stored,) = encode(kind, [row], 0, {})
        blocks = Blocks[int](lambda _, packed=stored.block.packed: packed)  # type: ignore[misc]
        assert intact_line(blocks, 0, stored.at, stored.size, stored.sha)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"7", b'"a"', b"{}", b'{"kind": "sms"}', b"[" * 5000, b"\xff"])
def test_another_line_is_refused(line: bytes) -> None:
    ((block, at, size),) = laid([line])
    found: Any = Blocks[int](lambda _: block.packed)
    with pytest.raises(zlib.error, match="not what was stored"):
        intact_line(found, 0, at, size, bytes(32))
