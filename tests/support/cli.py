"""The command, run here or as a process, a faulty Alive5 for it on loopback, and what an export of it wrote."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

import attrs
import typer
import uvicorn

from alive5.cli.app import app, invoke
from alive5.sandbox import Sandbox
from support.json_shape import untrue
from support.scripts import uncovered

KEY = "test_key_cli_4f1c"
HARD = 40

Answer = tuple[int, bytes] | None


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without anything of Alive5 or a proxy."""
    left_out = {name for name in os.environ if name.startswith("ALIVE5_") and name != "ALIVE5_SANDBOX_NOW"}
    left_out |= {name for name in os.environ if name.lower().endswith("_proxy") or name == "COLUMNS"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "ALIVE5_REMEMBER_IDS": "0", **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "alive5", *arguments]


def run(*arguments: str, stdin: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; keywords are environment variables."""
    given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    return subprocess.run(
        command(*arguments), env=environment(**more), capture_output=True, text=True, timeout=HARD, check=False, **given
    )


@contextmanager
def started(*arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command, to be interrupted; it is killed at the end at the latest."""
    pipe, env = subprocess.PIPE, uncovered(environment(**more))
    process = subprocess.Popen(
        command(*arguments), env=env, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=HARD)


def envelope(data: Any, code: int = 200) -> bytes:
    return json.dumps({"code": code, "data": data, "error": None}).encode()


class Fake:
    """
    A server whose *answer* takes the path and gives status and body, or None to hang up.

    ``hold`` keeps answers back until ``release``; ``arrived`` tells that one is wanted.
    """

    def __init__(
        self,
        answer: Callable[[str], Answer],
        *,
        hold: str | None = None,
        delay: float = 0.0,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.answer, self.hold, self.headers = answer, hold, headers or {}
        self.delay = delay
        self.arrived, self.release = threading.Event(), threading.Event()
        self.seen: list[tuple[str, str, str]] = []

    def wait_for_one(self) -> None:
        """Wait until a request arrived whole."""
        end = time.monotonic() + HARD
        while not self.seen and time.monotonic() < end:
            time.sleep(0.002)

    def handler(fake) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length).decode()
                path = self.path.removeprefix("/public/1.0")
                fake.seen.append((self.command, path, body))
                if fake.hold is not None and fake.hold in path:
                    fake.arrived.set()
                    fake.release.wait(HARD)
                time.sleep(fake.delay)
                answer = fake.answer(path)
                if answer is None:
                    self.close_connection = True
                    return
                self.send_response(answer[0])
                for name, value in {**fake.headers, "content-length": str(len(answer[1]))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer[1])

            do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    @contextmanager
    def serving(self) -> Iterator[dict[str, str]]:
        """Serve; gives the environment that leads here."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield {"ALIVE5_BASE_URL": f"http://127.0.0.1:{server.server_port}/public/1.0", "ALIVE5_API_KEY": KEY}
        finally:
            self.release.set()
            server.shutdown()
            thread.join(HARD)
            server.server_close()


def write_key(folder: Path) -> str:
    file = folder / "key"
    file.write_text(f"{KEY}\n")
    return str(file)


@attrs.frozen
class Ran:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


def run_here(*arguments: str, **more: str) -> Ran:
    """Run the command to its end; keywords are environment variables. It does as ``alive5 schema`` says of it."""
    ran = run_application(app, *arguments, **more)
    assert [] == untrue(arguments, ran.returncode, ran.stdout)
    return ran


class Terminal(io.StringIO):
    """What a terminal shows."""

    def isatty(self) -> bool:
        return True


def run_on_terminal(*arguments: str, **more: str) -> Ran:
    """Run the command with its results on a terminal of 80 columns, or of COLUMNS; styles are left out."""
    out, err = Terminal(), io.StringIO()
    given = environment(**{"COLUMNS": "80", "TERM": "xterm", **more})
    with redirect_stdout(out), redirect_stderr(err), patch.dict(os.environ, given, clear=True):
        code = invoke(app, list(arguments))
    return Ran(code, re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()), err.getvalue())


def run_application(application: typer.Typer, /, *arguments: str, **more: str) -> Ran:
    """Run a command of another application."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), patch.dict(os.environ, environment(**more), clear=True):
        code = invoke(application, list(arguments))
    return Ran(code, out.getvalue(), err.getvalue())


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
