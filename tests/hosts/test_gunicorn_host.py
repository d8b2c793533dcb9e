"""Gunicorn with ``--preload``: the client was used in the master before the workers were forked."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.host_process import APPS, Host
from support.host_server import FakeAlive5, ask_all, check

REQUESTS = 100
HOSTS = {
    "sync": ("wsgi_app", ["--worker-class", "sync"]),
    "threads": ("wsgi_app", ["--worker-class", "gthread", "--threads", "4"]),
    "gevent": ("wsgi_app", ["--worker-class", "gevent"]),
    "asynchronous client in a sync view": ("wsgi_async_app", ["--worker-class", "sync"]),
    "uvicorn workers": ("asgi_app", ["--worker-class", "uvicorn_worker.UvicornWorker"]),
}


@pytest.mark.promise("L3")
@pytest.mark.hosts
@pytest.mark.parametrize("host", HOSTS)
def test_preloaded_workers_answer_and_stop(host: str, fake: FakeAlive5, tmp_path: Path) -> None:
    app, options = HOSTS[host]
    arguments = ["-m", "gunicorn", "--preload", "--workers", "2", "--bind", "127.0.0.1:0", "--no-control-socket"]
    place = ["--chdir", str(APPS), "--worker-tmp-dir", str(tmp_path)]
    with Host([*arguments, *place, *options, f"{app}:application"], fake=fake, folder=tmp_path) as gunicorn:
        url = gunicorn.find(r"Listening at: (http://127\.0\.0\.1:\d+)")[0]
        answers = ask_all(url, REQUESTS)
        status = gunicorn.stop()
    assert 0 == status
    assert REQUESTS == len(answers)
    check(answers, fake)
    assert 2 == len({answer["pid"] for answer in answers} - {gunicorn.pid})
    assert {0, 12} >= {answer["chats"] for answer in answers}
