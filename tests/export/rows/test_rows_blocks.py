"""Lines in blocks and back, and what is compressed on the way."""

from __future__ import annotations

import gzip
import io
import random
import zlib

import pytest

from alive5.export.rows.blocks import Block, Blocks, laid
from alive5.export.rows.compression import gzipped, pack, unpack

MIB = 1 << 20


@pytest.mark.parametrize(
    ("sizes", "places"),
    [
        ([], []),
        ([3], [(0, 0, 3)]),
        ([3, 0, 2], [(0, 0, 3), (0, 3, 0), (0, 3, 2)]),
        ([MIB, 1], [(0, 0, MIB), (1, 0, 1)]),
        ([MIB - 1, 1, 1], [(0, 0, MIB - 1), (0, MIB - 1, 1), (1, 0, 1)]),
        ([2 * MIB, 5], [(0, 0, 2 * MIB), (1, 0, 5)]),
        ([5, 2 * MIB], [(0, 0, 5), (1, 0, 2 * MIB)]),
    ],
)
def test_laid(sizes: list[int], places: list[tuple[int, int, int]]) -> None:
    blocks: list[Block] = []
    found = []
    for block, at, size in laid(bytes(size) for size in sizes):
        if block not in blocks:
            blocks.append(block)
        found.append((blocks.index(block), at, size))
    assert places == found


@pytest.mark.parametrize("seed", range(20))
def test_lines_come_back_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    lines = [rng.randbytes(rng.choice((0, 1, 100, 300_000))) for _ in range(rng.randrange(1, 30))]
    places = list(laid(lines))
    packed = list({block: block.packed for block, _, _ in places}.values())
    blocks = Blocks(packed.__getitem__)
    order = list(range(len(lines)))
    rng.shuffle(order)
    for number in order:
        block, at, size = places[number]
        assert lines[number] == blocks.line(packed.index(block.packed), at, size)


def test_blocks_stay_unpacked_while_they_are_few() -> None:
    read: list[int] = []

    def from_disk(number: int) -> bytes:
        read.append(number)
        return pack(bytes([number]) * MIB)

    blocks = Blocks(from_disk)
    for number in (0, 1, 2, 3, 0, 1, 2, 3):
        assert bytes([number]) == blocks.line(number, 5, 1)
    assert [0, 1, 2, 3] == read
    # The fifth takes the place of the first.
    for number in (4, 3, 1, 0):
        blocks.line(number, 0, 1)
    assert [0, 1, 2, 3, 4, 0] == read


def test_a_block_larger_than_all_that_stays_is_read_all_the_same() -> None:
    read: list[int] = []

    def from_disk(number: int) -> bytes:
        read.append(number)
        return pack(bytes(5 * MIB))

    blocks = Blocks(from_disk)
    assert b"\0" * 9 == blocks.line(0, 4 * MIB, 9) == blocks.line(0, 0, 9) == blocks.line(1, 0, 9)
    assert [0, 1] == read


@pytest.mark.parametrize("text", [b"", b"a", b"line\n" * 10_000, bytes(range(256)) * 99])
def test_what_is_packed_comes_back_here_and_with_zlib(text: bytes) -> None:
    assert text == unpack(pack(text)) == zlib.decompress(pack(text)) == unpack(zlib.compress(text))


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text"])
def test_a_damaged_block_is_an_error(damage: str) -> None:
    packed = pack(b"line\n" * 1000)
    flipped = packed[:10] + bytes([packed[10] ^ 0xFF]) + packed[11:]
    broken = {"cut": packed[:-5], "flipped": flipped, "empty": b"", "text": b"no block"}[damage]
    with pytest.raises(zlib.error):
        unpack(broken)
    with pytest.raises(zlib.error):
        Blocks(lambda _: broken).line(0, 0, 1)


def test_the_same_rows_give_the_same_file() -> None:
    text = b"".join(b"line %d\n" % number for number in range(50_000))
    files = []
    for size in (7, 100_000):
        file = io.BytesIO()
        with gzipped(file) as out:
            for low in range(0, len(text), size):
                out.write(text[low : low + size])
        files.append(file.getvalue())
    assert text == gzip.decompress(files[0])
    assert files[0] == files[1]
