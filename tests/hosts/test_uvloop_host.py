"""uvloop: one client over several of its loops, with a cancelled call in each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.host_process import run
from support.host_server import FakeAlive5


@pytest.mark.promise("L3")
@pytest.mark.hosts
def test_three_loops_share_a_client(fake: FakeAlive5, tmp_path: Path) -> None:
    runs = json.loads(run("uvloop_script.py", fake=fake, folder=tmp_path).splitlines()[-1])
    assert ["uvloop", "uvloop", "uvloop", "asyncio.unix_events"] == [each["loop"] for each in runs]
    assert [(True, "CancelledError", 30)] * 4 == [(each["right"], each["cancelled"], each["chats"]) for each in runs]
