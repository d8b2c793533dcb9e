"""Every Python block of the page on logging runs; that of OpenTelemetry does in the session of hosts."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest

from alive5.sandbox import Sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "logging.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_blocks_run(capsys: pytest.CaptureFixture[str]) -> None:
    mine = [code for code in BLOCKS if not code.startswith("# with opentelemetry")]
    assert (4, 3) == (len(BLOCKS), len(mine))
    level = logging.getLogger("alive5").level
    with Sandbox(livechat=0).patch() as sandbox:
        sandbox.fail("rate_limited", on="tags.list", retry_after=0.01)
        for code in mine:
            scope: dict[str, Any] = {"__name__": "docs"}
            exec(compile(code, "docs/logging.md", "exec"), scope)
            if "client" in scope:
                scope["client"].close()
    logging.getLogger("alive5").setLevel(level)
    assert re.fullmatch(r"tags\.list accepted 2 waited \d s\n", capsys.readouterr().out)
