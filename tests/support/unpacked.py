"""Everything the files of a folder hold, also what is packed: by gzip, zip, zlib, base64, in Parquet, and in layers."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
# A state in base64 in a gzipped file, with some to spare.
_LAYERS = 5


def unpacked(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """
    Yield what is in the files, each layer by itself.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for layer in _layers(path.read_bytes(), _LAYERS):
                yield path, layer


def _layers(content: bytes, deep: int) -> Iterator[bytes]:
    yield content
    if deep:
        for inner in _inner(content):
            yield from _layers(inner, deep - 1)


def _inner(content: bytes) -> Iterator[bytes]:
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif content[:4] == b"PAR1":
        import pyarrow.parquet as pq

        yield repr(pq.read_table(io.BytesIO(content)).to_pylist()).encode()
    elif content[:1] == b"\x78":
        try:
            yield zlib.decompress(content)
        except zlib.error:
            return
    for found in _BASE64.findall(content):
        try:
            yield base64.b64decode(found, altchars=b"-_" if b"-" in found or b"_" in found else None)
        except binascii.Error:
            continue
