"""Every Python block of the page on testing runs: as a user's tests, in a run of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_blocks_run(tmp_path: Path) -> None:
    for number, code in enumerate(BLOCKS):
        (tmp_path / f"test_block_{number}.py").write_text(code)
    left_out = ("ALIVE5_API_KEY", "ALIVE5_SANDBOX_NOW", "ALIVE5_ENGINE")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-W", "error"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in left_out},
    )
    assert (6, True) == (len(BLOCKS), "6 passed" in ran.stdout), ran.stdout + ran.stderr
    assert re.search(r"^20 \d", ran.stdout, re.MULTILINE)
