"""Ctrl-C: control comes back, nothing new leaves, and a write on its way is told as unknown."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from support import counts
from support.cancelling import settled
from support.counts import Seeded
from support.exchanges import server_context
from support.loopback import Loopback, Peer
from support.scripts import START, uncovered

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")

WATCHED = """
import json
events, lines = [], []
handler = logging.Handler(logging.WARNING)
handler.emit = lambda record: lines.append(record.getMessage())
logging.getLogger("alive5").addHandler(handler)
options["on_event"] = lambda event: events.append(event.outcome)
caught = None
try:
    main()
except BaseException as error:
    caught = type(error).__name__
threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("alive5")]
print(json.dumps([caught, time.monotonic(), events, lines, threads]), flush=True)
time.sleep(0.3)
os._exit(0)
"""
SYNC_SEND = """
def main():
    with Alive5(KEY, **options) as client:
        for number in range(100):
            client.sms.push(**NUMBERS, message=f"token-{number}")
"""
SYNC_LIST = """
def main():
    with Alive5(KEY, retry=RetryPolicy(initial=0), **options) as client:
        for chat in client.conversations.livechat(limit=2, prefetch=4):
            pass
"""
ASYNC_SEND = """
async def work():
    async with AsyncAlive5(KEY, **options) as client:
        for number in range(100):
            await client.sms.push(**NUMBERS, message=f"token-{number}")
"""
ASYNC_LIST = """
async def work():
    async with AsyncAlive5(KEY, retry=RetryPolicy(initial=0), **options) as client:
        async for chat in client.conversations.livechat(limit=2, prefetch=4):
            pass
"""
ASYNCIO = "def main(): asyncio.run(work())\n"
TRIO = "import trio\ndef main(): trio.run(work)\n"
SENDING = {"sync": SYNC_SEND, "asyncio": ASYNC_SEND + ASYNCIO, "trio": ASYNC_SEND + TRIO}
LISTING = {"sync": SYNC_LIST, "asyncio": ASYNC_LIST + ASYNCIO, "trio": ASYNC_LIST + TRIO}


@attrs.frozen
class Told:
    """What an interrupted script said."""

    caught: str
    events: list[str]
    lines: list[str]
    seconds: float
    arrived_at_once: int


def interrupt(
    script: str, server: Loopback, trusted: Path, ready: Callable[[], bool], wait: float, sign: int = signal.SIGINT
) -> Told:
    """
    Run a script, send the signal when *ready* and *wait* later, and hear what it has to say.
    """
    command = [sys.executable, "-c", START + script + WATCHED, server.url, str(trusted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=uncovered()) as child:
        try:
            assert settled(ready)
            time.sleep(wait)
            sent = time.monotonic()
            os.kill(child.pid, sign)
            line = child.stdout.readline() if child.stdout else ""
            time.sleep(0.05)
            arrived = len(server.requests)
            _, errors = child.communicate(timeout=20)
        finally:
            child.kill()
    assert (child.returncode, errors) == (0, "")
    caught, at, events, lines, threads = json.loads(line)
    assert threads == []
    counts.measured(back_after_seconds=at - sent)
    return Told(caught, events, lines, at - sent, arrived)


def slowly(peer: Peer) -> None:
    while request := peer.read():
        # The threads of a listing have to be cut: they would wait longer than an interrupt does.
        if peer.server.stopping.wait(1.5 if len(peer.server.requests) > 2 and request.method == "GET" else 0.4):
            return
        page = request.target.partition("page=")[2].partition("&")[0]
        peer.answer_data([{"alive5_sessionID": f"{page}-{n}"} for n in range(2)] if page else {})


@pytest.mark.timeout(600)
@pytest.mark.promise("S3")
@pytest.mark.parametrize("name", SENDING)
def test_an_interrupted_send_is_told_as_unknown(name: str, trusted: Path, seeded: Seeded) -> None:
    for _ in range(counts.count(ci=4, full=50)):
        count, wait = seeded.randrange(1, 3), seeded.random() * 0.3
        with Loopback(slowly, tls=server_context() if seeded.random() < 0.5 else None) as server:
            told = interrupt(SENDING[name], server, trusted, lambda: len(server.requests) == count, wait)  # noqa: B023
            assert (told.caught, told.events) == ("KeyboardInterrupt", ["accepted"] * (count - 1) + ["unknown"])
            assert ["sms.push was interrupted after it left: it may have been applied"] == told.lines
            assert [f"token-{number}" for number in range(count)] == server.tokens()


@pytest.mark.timeout(600)
@pytest.mark.promise("S3")
@pytest.mark.parametrize("name", LISTING)
def test_an_interrupted_listing_asks_for_no_more(name: str, trusted: Path, seeded: Seeded) -> None:
    for _ in range(counts.count(ci=2, full=16)):
        count, wait = seeded.randrange(3, 7), seeded.random() * 0.3
        with Loopback(slowly) as server:
            told = interrupt(LISTING[name], server, trusted, lambda: len(server.requests) >= count, wait)  # noqa: B023
            assert (told.caught, told.lines) == ("KeyboardInterrupt", [])
            assert told.arrived_at_once == len(server.requests)
            assert set(told.events) <= {"accepted", "unknown", "not_sent"}


def refusing(peer: Peer) -> None:
    while peer.read():
        peer.answer(b"{}", "429 Too Many Requests", "Retry-After: 30")


@pytest.mark.promise("S3")
@pytest.mark.parametrize("name", SENDING)
def test_an_interrupted_wait_sends_nothing_more(name: str, trusted: Path, seeded: Seeded) -> None:
    with Loopback(refusing) as server:
        wait = 0.1 + seeded.random() * 0.3
        told = interrupt(SENDING[name], server, trusted, lambda: len(server.requests) == 1, wait)
        assert (told.caught, told.events, told.lines) == ("KeyboardInterrupt", ["rejected"], [])
        assert len(server.requests) == 1


def hanging(peer: Peer) -> None:
    peer.hang()


@pytest.mark.promise("S3")
@pytest.mark.parametrize("name", SENDING)
def test_an_interrupted_handshake_has_not_sent(name: str, trusted: Path, seeded: Seeded) -> None:
    with Loopback(hanging, tls=server_context(), early=True) as server:
        wait = 0.1 + seeded.random() * 0.3
        told = interrupt(SENDING[name], server, trusted, lambda: server.connections == 1, wait)
        assert (told.caught, told.events, told.lines) == ("KeyboardInterrupt", ["not_sent"], [])


def test_a_termination_keeps_its_default(server: Loopback, trusted: Path) -> None:
    command = [sys.executable, "-c", START + SYNC_SEND + "main()", server.url, str(trusted)]
    with subprocess.Popen(command, env=uncovered()) as child:
        try:
            assert settled(lambda: len(server.requests) > 0)
            child.terminate()
            assert child.wait(20) == -signal.SIGTERM
        finally:
            child.kill()


STORM = """
import random
def strike(*_):
    raise KeyboardInterrupt
signal.signal(signal.SIGALRM, strike)
client = Alive5(KEY, max_connections=1, retry=RetryPolicy.none(), **options)
client.tags.list()
chance, struck = random.Random(int(sys.argv[3])), 0
for turn in range(1500):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.00001 + chance.random() * 0.002)
        client.tags.list() if turn % 3 else client.call("POST", "/x")
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        struck += 1
    try:
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        pass
before = descriptors()
for _ in range(5):
    client.tags.list()
client.close()
print(struck > 50, before < 16)
"""


def test_interrupts_at_any_moment_lose_no_place(any_server: Loopback, trusted: Path, seeded: Seeded) -> None:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        START + STORM,
        any_server.url,
        str(trusted),
        str(seeded.seed_value),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=uncovered())
    assert (0, "True True") == (done.returncode, done.stdout.strip())
