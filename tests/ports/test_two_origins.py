"""One port, two origins: slots are shared by both, connections by neither, and cancelling damages nothing."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import attrs
import pytest
from support.cancelling import cancel_by_scope, cancel_natively, nothing_left_open, settled
from support.exchanges import client_context, server_context
from support.front import Front
from support.loopback import Handle, Loopback, Peer

from alive5._port.asynchronous import AsyncPort
from alive5._port.blocking import BlockingPort
from alive5._port.engine import load
from alive5._port.settings import PortSettings
from alive5._port.threads import Stopped, WorkerGroup
from alive5._sansio.origins import read_origins
from alive5._sansio.redact import Secret
from alive5._sansio.step import step
from alive5._sansio.wire import Call, Host, Reply

SLOTS = 2
# As many waits as an exchange has, and some.
POINTS = 16
# A write to the origin of writes, a read there, and a read of the origin of reads.
KINDS: tuple[tuple[str, Host], ...] = (("POST", "base"), ("GET", "base"), ("GET", "read"))


@attrs.frozen
class Pair:
    """The two servers, and the settings of a port for them."""

    base: Loopback
    read: Loopback
    engine: str

    def port(self, front: Front) -> Any:
        origins = read_origins(f"{self.base.url}/1.0", f"{self.read.url}/1.0", {})
        shared: dict[str, Any] = {
            "key": Secret("test_key_two_origins"),
            "ssl_context": client_context(),
            "engine": load(self.engine),
            "max_connections": SLOTS,
        }
        reads = PortSettings(origin=origins.read, **shared)
        settings = PortSettings(origin=origins.base, reads=reads, **shared)
        return BlockingPort(settings) if front.is_blocking else AsyncPort(settings)


@contextmanager
def serving(handle: Callable[[str], Handle], engine: str, *, tls: bool = False) -> Iterator[Pair]:
    context = server_context() if tls else None
    with Loopback(handle("base"), tls=context) as base, Loopback(handle("read"), tls=context) as read:
        yield Pair(base, read, engine)


def answering(name: str) -> Handle:
    def answer(peer: Peer) -> None:
        while peer.read():
            peer.answer_data(name)

    return answer


async def ask(port: Any, kind: tuple[str, Host]) -> Any:
    """
    Return which server answered.
    """
    method, host = kind
    call = Call(operation="x", method=method, path="/x", host=host, content=b"{}" * (method == "POST"))
    answer = await port.send(call, port.now() + 15)
    assert isinstance(answer, Reply), answer
    return "base" if b'"base"' in answer.body else "read"


@pytest.fixture(params=["httpx", "httpx2"])
def engine(request: pytest.FixtureRequest) -> str:
    """
    The HTTP library of the port.
    """
    pytest.importorskip(request.param)
    return str(request.param)


@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
def test_each_origin_has_its_own_connections(front: Front, engine: str, tls: bool) -> None:
    with serving(answering, engine, tls=tls) as pair:

        async def main() -> list[Any]:
            port = pair.port(front)
            found = [await ask(port, kind) for kind in KINDS * 3]
            await port.aclose()
            return found

        assert [host for _, host in KINDS * 3] == front.drive(main)
        # Reads ride one connection of their origin, each write has its own.
        assert (4, 1) == (pair.base.connections, pair.read.connections)
        for server in (pair.base, pair.read):
            assert {"test_key_two_origins"} == {request.headers["x-a5-apikey"] for request in server.requests}


def test_the_slots_are_of_both_origins_together(front: Front, engine: str) -> None:
    lock, free = threading.Lock(), threading.Event()
    busy: list[int] = []
    most = 0

    def holding(name: str) -> Handle:
        def hold(peer: Peer) -> None:
            nonlocal most
            while peer.read():
                with lock:
                    busy.append(1)
                    most = max(most, len(busy))
                    if len(busy) == SLOTS:
                        free.set()
                # Until all slots are taken; a third exchange at once would be counted meanwhile.
                assert free.wait(10)
                peer.server.stopping.wait(0.02)
                with lock:
                    busy.pop()
                peer.answer_data(name)

        return hold

    with serving(holding, engine) as pair:

        async def main() -> list[Any]:
            port = pair.port(front)
            found = await port.fan_out(lambda kind: ask(port, kind), list(KINDS) * 4, 12)
            await port.aclose()
            return list(found)

        assert [host for _, host in KINDS * 4] == front.drive(main)
        assert SLOTS == most


@pytest.mark.promise("L1")
@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
@pytest.mark.parametrize(("backend", "way"), [("asyncio", "scope"), ("asyncio", "native"), ("trio", "scope")])
def test_cancelling_at_any_point_leaves_both_origins_whole(backend: str, engine: str, tls: bool, way: str) -> None:
    front = Front(backend)

    async def trial(call: Awaitable[Any], number: int) -> bool:
        if way == "native":
            return await cancel_natively(call, number, ready=bool(number % 2), twice=False)
        return await cancel_by_scope(call, number)

    async def main() -> int:
        port, cancelled = pair.port(front), 0
        for number in range(1, POINTS):
            for kind in KINDS:
                cancelled += await trial(ask(port, kind), number)
                with anyio.fail_after(15):  # a lost slot would wait for the deadline
                    hosts = [host for _, host in KINDS]
                    assert hosts == await port.fan_out(lambda each: ask(port, each), list(KINDS), len(KINDS))
        await port.aclose()
        return cancelled

    with serving(answering, engine, tls=tls) as pair, nothing_left_open(pair.base), nothing_left_open(pair.read):
        assert front.drive(main) > 5


@pytest.mark.promise("L1")
def test_a_stopped_fan_out_leaves_both_origins_whole(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[WorkerGroup] = []
    hanging = threading.Event()
    hanging.set()

    class Watched(WorkerGroup):
        def __init__(self) -> None:
            super().__init__()
            groups.append(self)

    def wavering(name: str) -> Handle:
        def hang_or_answer(peer: Peer) -> None:
            while peer.read():
                if hanging.is_set():
                    peer.hang()
                    return
                peer.answer_data(name)

        return hang_or_answer

    ends: list[str] = []

    def run() -> None:
        try:
            step(port.fan_out(lambda kind: ask(port, kind), [KINDS[0], KINDS[2]], 2))
        except Stopped:
            ends.append("stopped")

    front = Front("sync")
    with serving(wavering, engine) as pair, nothing_left_open(pair.base), nothing_left_open(pair.read):
        port = pair.port(front)
        monkeypatch.setattr("alive5._port.threads.WorkerGroup", Watched)
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        assert settled(lambda: len(pair.base.requests) == len(pair.read.requests) == 1)
        groups[0].stop()
        thread.join(10)
        hanging.clear()
        assert ["base", "base", "read"] == step(port.fan_out(lambda kind: ask(port, kind), list(KINDS), 3))
        assert ["stopped"] == ends
        step(port.aclose())
