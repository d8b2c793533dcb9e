"""What the page on figures says is so: its columns, and every block of Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alive5.export.read.measured import METRICS
from alive5.sandbox import Sandbox

PAGE = (Path(__file__).parents[3] / "docs" / "insight.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_columns_are_those_of_the_table() -> None:
    assert [(column.name, column.about) for column in METRICS.columns] == re.findall(
        r"^\| `(\w+)` \| (.*) \|$", PAGE, flags=re.MULTILINE
    )


def test_the_blocks_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIVE5_API_KEY", "test_key_docs")
    sandbox = Sandbox(livechat=60, sms=40, fbm=20)
    with sandbox.client() as client:
        client.export("out/", start="2026-01-01", end="2026-01-31")
    assert 4 == len(BLOCKS)
    with sandbox.patch():
        for code in BLOCKS:
            exec(compile(code, "docs/insight.md", "exec"), {"__name__": "docs"})
    assert "From the sandbox" in (tmp_path / "report.html").read_text("utf-8")
    shown = capsys.readouterr().out
    assert "Maria Ortiz" in shown
    assert "'customer', 'agent'" in shown
    assert "** (agent), 202" in shown
