"""``uvicorn --reload`` over an application that never closes its client."""

from __future__ import annotations

import shutil
from pathlib import Path

from support.host_process import APPS, Host
from support.host_server import FakeAlive5, ask_all, check

STARTED = r"Started server process \[(\d+)\]"


def test_a_touched_file_replaces_the_worker(fake: FakeAlive5, tmp_path: Path) -> None:
    source = tmp_path / "asgi_app.py"
    shutil.copy(APPS / source.name, source)
    arguments = ["-m", "uvicorn", "asgi_app:application", "--port", "0", "--reload", "--reload-dir", str(tmp_path)]
    with Host(arguments, fake=fake, folder=tmp_path) as uvicorn:
        url = uvicorn.find(r"running on (http://127\.0\.0\.1:\d+)")[0]
        uvicorn.find(r"Application startup complete")
        first = ask_all(url, 10)
        source.write_text(source.read_text() + "\nTOUCHED = True\n")
        uvicorn.find("Application startup complete", times=2, within=15)
        second = ask_all(url, 10)
        workers = [int(pid) for pid in uvicorn.find(STARTED)]
        status = uvicorn.stop()
    assert status in (0, -15)
    assert 2 == len(workers)
    assert [workers[0]] * 10 + [workers[1]] * 10 == [answer["pid"] for answer in first + second]
    check(first + second, fake)
