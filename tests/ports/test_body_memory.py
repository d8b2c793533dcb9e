"""What one answer may cost in memory, measured as the peak of a process of its own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys

import pytest
from support.loopback import OK, Handle, Loopback, Peer, head

MIB = 1024 * 1024
CEILING = (32 + 16) * MIB
PEAK = """
import sys, warnings
from alive5._port.settings import PortSettings
from alive5._sansio.origins import read_origins
from alive5._sansio.step import step
from alive5._sansio.wire import Call
import anyio
front, url = sys.argv[1:]
settings = PortSettings(origin=read_origins(url, None, {}).base, key=None)

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024

async def send(port, path):
    return await port.send(Call(operation="x", method="GET", path=path), port.now() + 60)

async def main(port):
    for _ in range(3):
        await send(port, "/warm-up")
    before = peak()
    reply = await send(port, "/measured")
    print(reply.status, reply.flaw, len(reply.body), peak() - before)
    await port.aclose()

if front == "sync":
    from alive5._port.blocking import BlockingPort
    step(main(BlockingPort(settings)))
else:
    from alive5._port.asynchronous import AsyncPort
    anyio.run(lambda: main(AsyncPort(settings)), backend=front)
"""
BOMB = b"".join(gzip.compress(bytes(50 * MIB), 9) for _ in range(4))
BOMBS = {
    "gzip": (BOMB, "Content-Encoding: gzip"),
    "gzip, gzip": (gzip.compress(BOMB, 9), "Content-Encoding: gzip, gzip"),
    "br": (BOMB, "Content-Encoding: br"),
    "deflate": (BOMB, "Content-Encoding: deflate"),
    "zstd": (BOMB, "Content-Encoding: zstd"),
    "endless": (b"[" * MIB, "X-Endless: yes"),
    "endless gzip": (BOMB, "Content-Encoding: gzip"),
}
pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the peak is read from /proc")


def serving(content: bytes, *headers: str, endless: bool = False) -> Handle:
    def handle(peer: Peer) -> None:
        while request := peer.read():
            if request.target == "/warm-up":
                peer.answer(OK)
                continue
            peer.send(head("200 OK", "Connection: close", *headers) + content)
            while endless:
                peer.send(content)
            return

    return handle


def measure(front: str, handle: Handle) -> tuple[str, int, int]:
    with Loopback(handle) as server:
        command = [sys.executable, "-c", PEAK, front, server.url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    status, flaw, size, peak = done.stdout.split()
    assert status == "200"
    return flaw, int(size), int(peak)


@pytest.mark.promise("H2")
@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("name", ["asyncio", "sync"])
def test_a_bomb_stays_below_the_cap(name: str, bomb: str) -> None:
    content, header = BOMBS[bomb]
    flaw, size, peak = measure(name, serving(content, header, endless=bomb.startswith("endless")))
    assert (flaw in ("too_large", "encoding"), size) == (True, 0)
    assert peak < CEILING


@pytest.mark.promise("H2")
@pytest.mark.parametrize("encoding", ["plain", "gzip"])
@pytest.mark.parametrize("name", ["asyncio", "trio", "sync"])
def test_the_largest_body_is_read_without_a_second_copy(name: str, encoding: str) -> None:
    text = json.dumps({"code": 200, "data": "x" * (32 * MIB - 100)}).encode()
    content = gzip.compress(text, 1) if encoding == "gzip" else text
    headers = ("Content-Encoding: gzip",) if encoding == "gzip" else ()
    assert measure(name, serving(content, *headers))[:2] == ("None", len(text))
    assert measure(name, serving(content, *headers))[2] < CEILING
