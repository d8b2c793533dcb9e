"""What the page on pseudonyms says is so: its block of Python runs, and its table has every sort."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alive5.export.rows.pseudonyms import SORTS
from alive5.sandbox import Sandbox

PAGE = (Path(__file__).parents[3] / "docs" / "pseudonyms.md").read_text(encoding="utf-8")


def test_the_block_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIVE5_API_KEY", "test_key_docs")
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    with Sandbox(livechat=30, sms=20, fbm=10).patch():
        exec(compile(code, "docs/pseudonyms.md", "exec"), {"__name__": "docs"})
    assert re.search(r"^[0-9a-f]{16} (True|False) name_[0-9a-f]{16} name_", capsys.readouterr().out, re.MULTILINE)


def test_the_table_has_every_sort() -> None:
    assert list(SORTS) == re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
