"""What one answer may cost in memory, read or taken apart, measured as the peak of a process of its own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys

import pytest
from support import counts
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
WHOLE = """
import sys, time, warnings
import anyio
from alive5 import Alive5, Alive5Error, AsyncAlive5, RetryPolicy
front, url = sys.argv[1:]

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024

def options(url):
    return {"api_key": "test_key", "base_url": url, "retry": RetryPolicy.none()}

def end_of(error):
    return type(error).__name__ if error is not None else "rows"

def blocking():
    with Alive5(**options(url)) as client:
        client.call("GET", "/warm-up")
        before, error = peak(), None
        try:
            client.tags.list()
        except Alive5Error as caught:
            error = caught
        print(200, end_of(error), 0, peak() - before)

async def main():
    async with AsyncAlive5(**options(url)) as client:
        await client.call("GET", "/warm-up")
        before, error = peak(), None
        try:
            await client.tags.list()
        except Alive5Error as caught:
            error = caught
        print(200, end_of(error), 0, peak() - before)

if front == "sync":
    blocking()
else:
    anyio.run(main, backend=front)
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
# Values that take most memory for a byte, as many as are let through and far more: the caller's whole call is measured.
TINY = {
    "empty lists": (b"[]", 11_000_000, "ResponseError"),
    "objects of objects": (b'{"a":{}}', 3_700_000, "ResponseError"),
    "rows at the bound": (b'{"a":{"b":{}}}', 149_000, "rows"),
    "containers at the bound": (b'{"a":{"b":{"c":{"d":{"e":{}}}}}}', 149_000, "rows"),
    "texts at the bound": (b'["abc","def","ghi","jkl","mno","pqr","stu","vw"]', 149_000, "rows"),
}
pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the peak is read from /proc")


def serving(content: bytes, *headers: str, endless: bool = False) -> Handle:
    def handle(peer: Peer) -> None:
        while request := peer.read():
            if request.target.endswith("/warm-up"):
                peer.answer(OK)
                continue
            peer.send(head("200 OK", "Connection: close", *headers) + content)
            while endless:
                peer.send(content)
            return

    return handle


def measure(front: str, handle: Handle, script: str = PEAK) -> tuple[str, int, int]:
    with Loopback(handle) as server:
        command = [sys.executable, "-c", script, front, server.url]
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


@pytest.mark.promise("H2")
@pytest.mark.parametrize("case", TINY)
@pytest.mark.parametrize("name", ["asyncio", "sync"])
def test_many_tiny_values_stay_below_what_honest_rows_take(name: str, case: str) -> None:
    item, count, end = TINY[case]
    packed = gzip.compress(b"[" + (item + b",") * (count - 1) + item + b"]", 6)
    ended, _, peak = measure(name, serving(packed, "Content-Encoding: gzip"), WHOLE)
    counts.measured(**{f"peak_of_{case.replace(' ', '_')}_MiB": peak // MIB})
    assert ended == end
    # Refused, a body costs its own bytes; let through, about what the largest one of conversations costs, 178 MiB.
    assert peak < (CEILING if end == "ResponseError" else 8 * 32 * MIB)
