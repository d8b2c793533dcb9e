"""While the fixtures are used, nothing but this machine is reached; and the plugin costs others nothing."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from alive5.sandbox.guard import NetworkRefused, no_network

OTHER = "192.0.2.1"  # of the block for documentation: nobody answers


def connect_blocking() -> None:
    with socket.socket() as own:
        own.settimeout(1)
        own.connect((OTHER, 80))


def connect_ex() -> None:
    with socket.socket() as own:
        own.settimeout(1)
        own.connect_ex((OTHER, 80))


def send_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.sendto(b"x", (OTHER, 9))


def connect_by_asyncio() -> None:
    asyncio.run(asyncio.open_connection(OTHER, 80))


WAYS: dict[str, Callable[[], Any]] = {
    "connect": connect_blocking,
    "connect_ex": connect_ex,
    "sendto": send_datagram,
    "asyncio": connect_by_asyncio,
    "create_connection": lambda: socket.create_connection((OTHER, 80), timeout=1),
    "IPv6": lambda: socket.create_connection(("2001:db8::1", 80), timeout=1),
    "look-up": lambda: socket.getaddrinfo("api.example.com", 443),
    "look-up of bytes": lambda: socket.getaddrinfo(b"api.example.com", 443),
    "httpx": lambda: httpx.get(f"http://{OTHER}/", trust_env=False),
}


@pytest.mark.parametrize("way", WAYS)
def test_another_machine_is_refused_by_name(way: str) -> None:
    with no_network(), pytest.raises(NetworkRefused, match=r"wanted to reach (192\.0\.2\.1|2001:db8::1|api\.example)"):
        WAYS[way]()


def test_this_machine_is_reached() -> None:
    async def by_asyncio(port: int) -> None:
        _, writer = await asyncio.open_connection("localhost", port)
        writer.close()
        await writer.wait_closed()

    with socket.create_server(("127.0.0.1", 0)) as server, no_network():
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        asyncio.run(by_asyncio(port))
        assert socket.getaddrinfo(None, port)
        ours, theirs = socket.socketpair()
        ours.close()
        theirs.close()


def test_nothing_is_left_behind() -> None:
    look_up, before = socket.getaddrinfo, dict(vars(socket.socket))
    with pytest.raises(ZeroDivisionError), no_network(), no_network():
        raise ZeroDivisionError
    assert (look_up, before) == (socket.getaddrinfo, dict(vars(socket.socket)))


THEIRS = """
import socket
import pytest
import alive5
from alive5.sandbox.guard import NetworkRefused

client = alive5.Alive5()
pytestmark = pytest.mark.alive5(seed=3)

def test_refused(alive5_sandbox):
    assert client.tags.list()
    with pytest.raises(NetworkRefused):
        socket.create_connection(("192.0.2.1", 80), timeout=1)

@pytest.mark.alive5(network="allow", livechat=5, client={"tz": "America/New_York", "timeout": 3})
def test_marked(alive5_client, alive5_sandbox, async_alive5_client):
    assert 5 == len(alive5_client.conversations.livechat().list())
    assert 3 == alive5_sandbox.seed
    assert "America/New_York" == str(async_alive5_client._caller.tz)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", 9), timeout=1)

@pytest.mark.alive5(network="sometimes")
def test_misspelt(alive5_sandbox):
    pass
"""
STRANGER = """
import json, sys

def test_it():
    print("LOADED", json.dumps(sorted(sys.modules)))
"""


def run_pytest(folder: Path, text: str, *options: str) -> str:
    (folder / "test_theirs.py").write_text(text)
    environment = {name: value for name, value in os.environ.items() if name != "ALIVE5_API_KEY"}
    command = [sys.executable, "-m", "pytest", "-rA", "-s", "-p", "no:cacheprovider", *options]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, cwd=folder, env=environment
    ).stdout


def test_the_fixtures_are_set_by_a_marker(tmp_path: Path) -> None:
    said = run_pytest(tmp_path, THEIRS)
    assert ["PASSED refused", "PASSED marked", "ERROR misspelt"] == [
        f"{word} {name}" for word, name in re.findall(r"^(PASSED|FAILED|ERROR) \S+::test_(\w+)", said, re.MULTILINE)
    ], said
    assert "network must be 'refuse' or 'allow', not 'sometimes'" in said


@pytest.mark.parametrize("options", [["-p", "no:anyio"], ["-n", "2"], ["-W", "error"]], ids=" ".join)
def test_it_breaks_no_run(tmp_path: Path, options: list[str]) -> None:
    said = run_pytest(tmp_path, THEIRS.replace('"sometimes"', '"refuse"'), *options)
    assert "3 passed" in said, said


def test_a_stranger_loads_three_small_modules_more(tmp_path: Path) -> None:
    """Their imports take well under a millisecond; what is heavy comes with the first fixture."""
    loaded = [
        set(json.loads(re.findall(r"LOADED (.*)", run_pytest(tmp_path, STRANGER, *options))[0]))
        for options in ([], ["-p", "no:alive5"])
    ]
    assert {"alive5", "alive5._version", "alive5.pytest_plugin"} == loaded[0] - loaded[1]
