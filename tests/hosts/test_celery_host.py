"""Celery's prefork pool, with broker and results in files, sending through a client used before the fork."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.host_process import APPS, Host, run
from support.host_server import FakeAlive5, check_connections


@pytest.mark.promise("L3")
@pytest.mark.hosts
def test_prefork_workers_send_each_text_once(fake: FakeAlive5, tmp_path: Path) -> None:
    for name in ("queue", "control", "processed", "results"):
        (tmp_path / name).mkdir()
    worker = ["-m", "celery", "--app", "celery_app", "worker", "--pool", "prefork", "--concurrency", "2"]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    tasks = json.loads(run("celery_tasks.py", fake=fake, folder=tmp_path).splitlines()[-1])
    with Host([*worker, *quiet], fake=fake, folder=tmp_path, variables={"PYTHONPATH": str(APPS)}) as celery:
        celery.find(r" succeeded in ", times=20)
        status = celery.stop(within=20)
        assert "Warm shutdown" in celery.output()
    results = json.loads(run("celery_tasks.py", *tasks, fake=fake, folder=tmp_path).splitlines()[-1])
    assert 0 == status
    assert [True] * 20 == [result["right"] for result in results]
    assert [f"thread of text {number}" for number in range(20)] == [result["sent"] for result in results]
    assert sorted(f"text {number}" for number in range(20)) == sorted(fake.ledger.deliveries)
    assert celery.pid not in {result["pid"] for result in results}
    assert 2 == len({result["pid"] for result in results})
    check_connections(fake)
