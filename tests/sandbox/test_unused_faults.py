"""A fault that met no request fails the test that asked for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from alive5.sandbox import Sandbox

TESTS = """
import pytest
from alive5 import RateLimitError

def test_struck(alive5_sandbox, alive5_client):
    alive5_sandbox.fail("refused", times=3)
    alive5_sandbox.fail("slow", times=None, seconds=0)
    for _ in range(2):
        alive5_client.tags.list()

def test_never(alive5_sandbox, alive5_client):
    alive5_sandbox.fail("rate_limited", on="sms.send")
    alive5_sandbox.fail("refused", times=None, after=5)
    alive5_client.tags.list()

def test_taken_back(alive5_sandbox):
    alive5_sandbox.fail("rate_limited")
    alive5_sandbox.clear_faults()

@pytest.mark.alive5(seed=2, unused_faults="allow")
def test_allowed(alive5_sandbox):
    assert alive5_sandbox.seed == 2
    alive5_sandbox.fail("rate_limited")

@pytest.mark.alive5(unused_faults=False)
def test_misspelt(alive5_sandbox):
    pass
"""


def test_the_fixture_fails_at_its_end_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    plugins = ["-p", "alive5.pytest_plugin", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", *plugins],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "400"},
    )
    found = re.findall(r"^(PASSED|FAILED|ERROR) test_theirs\.py::test_(\w+)", ran.stdout, re.MULTILINE)
    passed = [(word, name) for word, name in found if word == "PASSED"]
    assert [("PASSED", name) for name in ("struck", "never", "taken_back", "allowed")] == passed, ran.stdout
    assert [("ERROR", "never"), ("ERROR", "misspelt")] == [pair for pair in found if pair not in passed]
    assert "met by no request: 'rate_limited' on sms.send, 'refused' on any operation; look at" in ran.stdout
    assert "unused_faults must be 'fail' or 'allow', not False" in ran.stdout


@pytest.mark.parametrize("times", [1, 2, None])
def test_a_fault_that_struck_once_is_used(ask: Any, times: int | None) -> None:
    sandbox = Sandbox()
    sandbox.fail("server_error_before", times=times, on="tags.list")
    sandbox.fail("slow", times=times, on="sms.send", after=1, seconds=0)
    assert [("server_error_before", "tags.list"), ("slow", "sms.send")] == sandbox.unused_faults()
    ask(sandbox, "tags.list")
    ask(sandbox, "sms.send")
    assert [("slow", "sms.send")] == sandbox.unused_faults()
    ask(sandbox, "sms.send")
    assert [] == sandbox.unused_faults()


def test_a_fault_behind_another_has_not_struck(ask: Any) -> None:
    sandbox = Sandbox()
    sandbox.fail("server_error_before")
    sandbox.fail("error_in_200")
    ask(sandbox, "tags.list")
    assert [("error_in_200", None)] == sandbox.unused_faults()
