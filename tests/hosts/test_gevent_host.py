"""A process patched by gevent: its greenlets share a client, overlap, and may be killed in a call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.host_process import run
from support.host_server import FakeAlive5


@pytest.mark.promise("L3")
@pytest.mark.hosts
@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize(("connections", "patched"), [(32, "first"), (3, "first"), (32, "after a fork")])
def test_greenlets_share_a_client(connections: int, patched: str, tls: bool, tmp_path: Path) -> None:
    with FakeAlive5(tmp_path, delay=0.03, tls=tls) as fake:
        script = run("gevent_script.py", str(connections), patched, fake=fake, folder=tmp_path)
    seen = json.loads(script.splitlines()[-1])
    assert [True] * 20 == seen["read"]
    assert [f"thread of text {number}" for number in range(20)] == seen["sent"]
    assert sorted(f"text {number}" for number in range(20)) == sorted(fake.ledger.deliveries)
    assert [30, 30, 30] == seen["chats"]
    assert "interrupted" == seen["interrupted"]
    assert [True] * 40 == seen["after"]
    assert min(connections, 10) <= fake.ledger.most_at_once
