"""Start methods of multiprocessing, errors that cross processes, and forks in the middle of calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.host_process import run
from support.host_server import FakeAlive5, check_connections

TEXT = "+12025550"


@pytest.mark.promise("L3")
@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_processes_of_every_start_method_use_one_client(method: str, fake: FakeAlive5, tmp_path: Path) -> None:
    seen = json.loads(run("start_methods.py", method, fake=fake, folder=tmp_path).splitlines()[-1])
    assert [True, True] == seen["before"] == seen["after"]
    assert [True] * 10 == seen["blocking"] == seen["asynchronous"]
    assert [30, 30] == seen["listing"]
    check_errors(seen["errors"])
    assert [] == fake.ledger.deliveries
    check_connections(fake)


def check_errors(errors: dict[str, Any]) -> None:
    assert [True] * 4 == [error.pop("again") for error in errors.values()]
    for front in ("blocking", "asynchronous"):
        assert ("BadRequestError", "rejected", 400) == tuple(
            errors[front][fact] for fact in ("error", "outcome", "status")
        )
    lost, invalid = errors["unreachable"], errors["invalid"]
    assert ("NotSentError", "not_sent", True) == (lost["error"], lost["outcome"], lost["safe_to_repeat"])
    assert ("InvalidArgumentError", "limit") == (invalid["error"], invalid["argument"])
    assert TEXT not in json.dumps(errors)


@pytest.mark.promise("L3")
@pytest.mark.parametrize("front", ["blocking", "asynchronous"])
def test_fifty_forks_in_the_middle_of_calls(front: str, fake: FakeAlive5, tmp_path: Path) -> None:
    statuses = json.loads(run("forks.py", front, fake=fake, folder=tmp_path).splitlines()[-1])
    assert {0} == set(statuses)
    assert 50 <= len(statuses)
    assert 51 == len({pid for pids in fake.ledger.owners().values() for pid in pids})
    check_connections(fake)
