"""The examples of Flask, Celery, gunicorn and the notebook, with what 'nox -s hosts' installs."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support.host_process import Host
from support.host_server import FakeAlive5

from alive5.sandbox import Sandbox

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.hosts


def load(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(name)


@pytest.mark.parametrize(
    ("text", "fault", "status"),
    [
        ("Hello", None, 200),
        ("", None, 400),
        ("Hello", "reset_after", 502),
        ("Hello", "unauthorized", 500),
        ("Hello", "rate_limited", 503),
    ],
)
def test_flask_says_what_became_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, fault: str | None, status: int
) -> None:
    module = load("flask_app", tmp_path, monkeypatch)
    with Sandbox(livechat=0).patch() as sandbox, module.client:
        if fault is not None:
            sandbox.fail(fault, times=None, on="sms.send", **({"retry_after": 90} if fault == "rate_limited" else {}))
        web = module.app.test_client()
        assert web.get("/tags").json
        answer = web.post("/reminders", data={"number": "+12025550123", "text": text})
    assert status == answer.status_code
    assert (status in (200, 502)) == bool(sandbox.deliveries)


@pytest.mark.parametrize(
    ("fault", "details", "countdown"),
    [
        ("rate_limited", {"retry_after": 90}, 90),
        ("refused", {}, 30),
        ("client_error", {}, None),
        ("reset_after", {}, None),
    ],
)
def test_celery_tries_again_what_can_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, details: dict[str, Any], countdown: float | None
) -> None:
    module = load("celery_app", tmp_path, monkeypatch)
    asked: list[float] = []

    def retry(*, exc: Exception, countdown: float) -> Exception:
        asked.append(countdown)
        return exc

    monkeypatch.setattr(module.remind, "retry", retry)
    with Sandbox(livechat=0).patch() as sandbox, module.client:
        sandbox.fail(fault, times=4 if fault == "refused" else 1, on="sms.send", **details)
        first = module.remind.apply(args=("order-1", "+12025550123", "Hello"))
        second = module.remind.apply(args=("order-1", "+12025550123", "Hello"))
    assert ([] if countdown is None else [countdown]) == asked
    assert (fault != "reset_after") == (not first.successful())
    assert ("look" if fault == "reset_after" else "sent") == second.get()["state"]
    assert 1 == len(sandbox.deliveries)


def test_django_answers_from_workers_that_were_forked(fake: FakeAlive5, tmp_path: Path) -> None:
    command = ["-m", "gunicorn", "--preload", "--workers", "2", "--bind", "127.0.0.1:0", "--no-control-socket"]
    place = ["--chdir", str(EXAMPLES), "--worker-tmp-dir", str(tmp_path), "django_app:application"]
    with Host([*command, *place], fake=fake, folder=tmp_path, variables={"ALIVE5_SANDBOX": "1"}) as gunicorn:
        url = gunicorn.find(r"Listening at: (http://127\.0\.0\.1:\d+)")[0]
        workers, end = set(), time.monotonic() + 20
        while len(workers) < 2 and time.monotonic() < end:
            with urllib.request.urlopen(f"{url}/tags", timeout=20) as answer:
                shown = json.load(answer)
            assert shown["tags"]
            workers.add(shown["worker"])
        status = gunicorn.stop()
    assert 0 == status
    assert 2 == len(workers - {gunicorn.pid})


def test_the_notebook_plots(tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    environment = {**os.environ, "ALIVE5_SANDBOX": "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=90, resources=resources).execute(env=environment)
    kinds = [kind for cell in notebook.cells for output in cell.get("outputs", []) for kind in output.get("data", {})]
    assert 3 == kinds.count("image/png")
