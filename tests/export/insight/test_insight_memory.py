"""Figures of a million messages are made in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import counts, measured
from support.scripts import uncovered

from alive5.export.insight.measure import Account
from alive5.export.read.measured import metrics_of


@pytest.mark.promise("I2")
@pytest.mark.skipif(sys.platform == "win32", reason="it has no count of a process's memory")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ["jsonl", "parquet"])
def test_a_million_messages_under_400_mib(tmp_path: Path, name: str) -> None:
    messages = counts.count(ci=20_000, full=1_000_000)
    command = [sys.executable, "-m", measured.__name__, str(tmp_path / "out"), name, str(messages)]
    where = {**uncovered(), "PYTHONPATH": os.pathsep.join(sys.path)}
    for _ in range(2):  # written, then read by a process that has written nothing
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True, env=where)
    counts.measured(peak_MiB=int(done.stdout))
    assert int(done.stdout) < 400


class Counted(dict[str, object]):
    alive = most = 0

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        Counted.alive += 1
        Counted.most = max(Counted.most, Counted.alive)

    def __del__(self) -> None:
        Counted.alive -= 1


def test_no_more_than_a_conversation_is_held() -> None:
    blank = dict.fromkeys(
        ("channel_id", "channel_name", "assigned_to", "agent_id", "crm_id", "start_time", "end_time", "tags",
         "contacts_first_name", "contacts_last_name", "contacts_email", "contacts_phone", "alive_sms_phone_number")
    )  # fmt: skip

    def conversations():  # type: ignore[no-untyped-def]
        return (Counted(blank, kind="sms", session_id=str(n), n_messages=5) for n in range(200))

    def messages():  # type: ignore[no-untyped-def]
        for number in range(1_000):
            yield Counted(kind="sms", session_id=str(number // 5), created_at=None, created_by="bot")

    found = metrics_of(conversations, messages, Account(), tz=None, hours=None)
    assert 1_000 == sum(row.from_bots for row in found)
    assert Counted.most < 15
