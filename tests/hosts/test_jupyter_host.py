"""A Jupyter kernel, whose loop runs while cells use either front."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.host_process import run
from support.host_server import FakeAlive5


@pytest.mark.promise("L3")
@pytest.mark.hosts
def test_a_notebook_uses_both_fronts_and_its_kernel_ends(fake: FakeAlive5, tmp_path: Path) -> None:
    script = run("notebook_host.py", fake=fake, folder=tmp_path, within=90)
    seen = json.loads(script.splitlines()[-1])
    assert ["", "1", "30", "30", "1", "1", "1", "30", "30", "10", "'Sales'"] == seen["shown"]
    assert [] == [text for text in seen["streams"] if "was not closed" not in text]
    assert "by itself" == seen["ended"]
