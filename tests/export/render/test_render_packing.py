"""Rows and files are compressed with isal where it exists, and as well without it."""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import zlib
from pathlib import Path
from types import ModuleType

import pytest

from alive5.export.rows import compression

ROW = b'{"alive5_sessionID":"a","chat_conversation":[],"kind":"sms"}\n' * 40


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """
    The module as it is where isal does not exist.
    """
    spec = importlib.util.spec_from_file_location("packing_without_isal", compression.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    spec.loader.exec_module(module)
    return module


def test_each_reads_what_the_other_wrote(slow: ModuleType) -> None:
    assert not slow._FAST
    for one in (compression, slow):
        assert len(one.pack(ROW)) < len(ROW) / 10
        for other in (compression, slow):
            assert ROW == other.unpack(one.pack(ROW))


def test_a_damaged_row_is_told_alike(slow: ModuleType) -> None:
    damaged = compression.pack(ROW)[:-8] + b"12345678"
    for one in (compression, slow):
        with pytest.raises(zlib.error):
            one.unpack(damaged)


def test_files_hold_neither_name_nor_time(tmp_path: Path, slow: ModuleType) -> None:
    for one in (compression, slow):
        paths = [tmp_path / name for name in ("one.gz", "another.gz")]
        for path in paths:
            with path.open("wb") as file, one.gzipped(file) as lines:
                lines.write(ROW)
            assert ROW == gzip.decompress(path.read_bytes())
        first, second = (path.read_bytes() for path in paths)
        assert first == second
        assert bytes(4) == first[4:8], "the time"
        assert not first[3], "no name"
