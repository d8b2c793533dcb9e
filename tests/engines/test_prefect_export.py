"""Prefect really runs the block of its page: a run that can be finished is repeated, one that cannot is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front import served
from support.orchestrators import refuse_once, told
from support.recipes import LONGEST
from support.watch import CANARY

from alive5 import open_export
from alive5.sandbox import Sandbox

pytestmark = pytest.mark.timeout(3 * LONGEST)
START = """
try:
    conversations()
    print("ended well")
except FinalError as error:
    print(f"failed: {error}")
"""


def test_what_can_be_finished_is_repeated_and_a_refused_key_is_not(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=60, sms=20, fbm=10, api_key=CANARY)
    with served(sandbox) as origin:
        refuse_once(sandbox)
        assert "ended well" in told("prefect", START, tmp_path, origin)
        assert open_export(tmp_path / "out").manifest.complete
        before = len(sandbox.requests)
        assert "failed: " in told("prefect", START, tmp_path, origin, ALIVE5_API_KEY="test_key_wrong")
    # One run asks for the account once, and is refused.
    assert 1 == len(sandbox.requests) - before
