"""A PostgreSQL of one's own: Debian's program, an empty directory, a free port on loopback, an unprivileged user."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_PASSWORD = "test-password"
# Seconds until it has to answer, and for which it may live at most, whatever becomes of the tests.
_START = 30.0
_LIFE = "900"
_SETTINGS = {"listen_addresses": "127.0.0.1", "fsync": "off", "max_connections": "60", "shared_buffers": "16MB"}


@contextmanager
def postgres() -> Iterator[str]:
    """
    Start one; gives its address with user and password.
    """
    home = Path(tempfile.mkdtemp(prefix="alive5-postgres-"))
    who = _unprivileged()
    try:
        if who:
            os.chown(home, who["user"], who["group"])
        _initialise(home, who)
        port = _free_port()
        server = _started(home, port, who)
        try:
            _await(server, port)
            yield f"postgresql://alive5:{_PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found and not shutil.which(name):
        raise FileNotFoundError(f"no {name}: install Debian's package postgresql")
    return str(found[-1]) if found else name


def _unprivileged() -> dict[str, Any]:
    """Return how a process is started as another user; PostgreSQL does not run as root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _initialise(home: Path, who: dict[str, Any]) -> None:
    secret = home / "password"
    secret.write_text(_PASSWORD)
    secret.chmod(0o644)
    options = ["-D", str(home / "data"), "-U", "alive5", "-A", "scram-sha-256", "--pwfile", str(secret), "-N"]
    locale = ["--locale=C", "--encoding=UTF8"]
    subprocess.run(
        [_program("initdb"), *options, *locale], check=True, capture_output=True, timeout=120, cwd="/", env={}, **who
    )


def _started(home: Path, port: int, who: dict[str, Any]) -> subprocess.Popen[bytes]:
    settings = {**_SETTINGS, "port": str(port), "unix_socket_directories": str(home)}
    options = [f"--{name}={value}" for name, value in settings.items()]
    command = ["timeout", "--kill-after=5", "--signal=QUIT", _LIFE, _program("postgres"), "-D", str(home / "data")]
    return subprocess.Popen(
        [*command, *options],
        cwd="/", env={"PATH": os.defpath}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    ready = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    end = time.monotonic() + _START
    while subprocess.run(ready, check=False, timeout=10).returncode:
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError("PostgreSQL did not start")
        time.sleep(0.1)
