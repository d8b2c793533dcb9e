"""Every Python block of the page on exports runs, and what it says of the files is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.render import ALL

from alive5.export.dataset.formats import FORMATS as KNOWN
from alive5.export.read.reader import open_export
from alive5.sandbox import Sandbox

PAGE = (Path(__file__).parents[3] / "docs" / "export.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_blocks_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIVE5_API_KEY", "test_key_docs")
    assert len(BLOCKS) == 6
    with Sandbox(livechat=60, sms=40, fbm=20).patch():
        for code in BLOCKS:
            exec(compile(code, "docs/export.md", "exec"), {"__name__": "docs"})
    manifest = open_export("out").manifest
    assert {"jsonl", "parquet"} == set(manifest.formats)
    assert manifest.counts["livechat"]["conversations"] > 0
    assert "channel_name" in capsys.readouterr().out


def test_every_format_is_named() -> None:
    assert set(ALL) == set(KNOWN)
    assert all(f"`{name}`" in PAGE for name in ALL)
