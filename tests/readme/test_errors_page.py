"""Every Python block of the page on errors runs, and its sentences are those of the package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from alive5._port import causes, trace
from alive5._sansio import origins
from alive5.sandbox import Sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_blocks_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == len(BLOCKS)
    with Sandbox(livechat=0).patch():
        for code in BLOCKS:
            scope: dict[str, Any] = {"__name__": "docs"}
            exec(compile(code, "docs/errors.md", "exec"), scope)
            scope["client"].close()
    assert "400 name must not be empty\n" == capsys.readouterr().out


def test_its_sentences_are_said() -> None:
    sources = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (causes, trace, origins))
    cells = [row.split(" | ")[0].strip("| ") for row in PAGE.splitlines() if row.startswith("| ")]
    parts = {part.strip() for cell in cells for part in re.split(r"HOST:?|\.\.\.|,|HTTP \d+|;|with 407", cell)}
    said = {part for part in parts if part and " " in part} - {"the proxy", "could not connect to"}
    ours = {part for part in said if part in sources}
    assert {"is for another name", "a redirect to the same host", "the network does not reach it"} <= ours
    assert {
        "the key came from ALIVE5_API_KEY",
        "with a body that cannot be trusted (not JSON)",
        "it may have been applied",
        "look before repeating it",
    } == said - ours
