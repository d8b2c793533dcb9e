"""A sandbox on loopback whose requests can be held, and what an export of it left on disk."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from cli_process import HARD, KEY

from alive5.sandbox import Sandbox

QUARTER = ["--start", "2026-01-01", "--end", "2026-03-31"]


class Held:
    """
    Holds a server back from its *nth* request on until ``release``; ``arrived`` tells that it came.
    """

    def __init__(self, sandbox: Sandbox, nth: int) -> None:
        self.arrived, self.release = threading.Event(), threading.Event()
        self._sandbox, self._nth = sandbox, nth
        sandbox.on_request = self._hold

    def _hold(self, _: Any) -> None:
        if len(self._sandbox.requests) >= self._nth:
            self.arrived.set()
            self.release.wait(HARD)


@contextmanager
def served(sandbox: Sandbox) -> Iterator[dict[str, str]]:
    """Serve a sandbox; gives the environment that leads to it."""
    server = uvicorn.Server(uvicorn.Config(sandbox.asgi, log_level="critical", access_log=False, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            port = listener.getsockname()[1]
            yield {"ALIVE5_BASE_URL": f"http://127.0.0.1:{port}/public/1.0", "ALIVE5_API_KEY": KEY}
        finally:
            server.should_exit = True
            thread.join(HARD)


def manifest(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "MANIFEST.json").read_bytes())
    return found


def digests(directory: Path) -> dict[str, str]:
    return {entry["path"]: entry["sha256"] for entry in manifest(directory)["files"]}


def all_bytes(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file())


def ended(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=HARD)
    return process.returncode, out, err
