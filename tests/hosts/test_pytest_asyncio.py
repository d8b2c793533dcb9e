"""The fixtures beside pytest-asyncio, in both of its modes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.hosts

THEIRS = """
import pytest
import alive5

client = alive5.AsyncAlive5()

@pytest.mark.asyncio
async def test_fixture(async_alive5_client):
    assert await async_alive5_client.tags.list()

@pytest.mark.asyncio
async def test_module_level_client(alive5_sandbox):
    alive5_sandbox.next("tags.list", [("rate_limited", {"retry_after": 30}), "ok"])
    assert await client.tags.list()
    assert 2 == len(alive5_sandbox.requests)

def test_plain(alive5_client):
    assert alive5_client.tags.list()
"""


@pytest.mark.parametrize("mode", ["strict", "auto"])
@pytest.mark.parametrize("more", [[], ["-n", "2"], ["-p", "no:anyio"]], ids=" ".join)
def test_both_modes_run_them(tmp_path: Path, mode: str, more: list[str]) -> None:
    text = THEIRS if mode == "strict" else THEIRS.replace("@pytest.mark.asyncio\n", "")
    (tmp_path / "test_theirs.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--asyncio-mode={mode}"]
    ran = subprocess.run([*command, *more], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert "3 passed" in ran.stdout, ran.stdout + ran.stderr
