"""The key appears nowhere: no log at DEBUG, no repr, no error, no traceback with locals, no pickle."""

from __future__ import annotations

import base64
import json
import signal
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import anyio
import pytest
from support.front import Front
from support.scripted import TEXT, Interrupt, raw, refusal, reply
from support.watch import CANARY, CORE, Watch, assert_no_key, frames_with_locals, shows_key
from support.wire_server import Heard, Last, WireServer, http

from alive5 import Alive5Error, Failure, RetryPolicy, Timeout
from alive5.sandbox import FAULTS, Sandbox

pytestmark = pytest.mark.promise("D1")

BODIES: dict[str, Callable[[Any], Any]] = {
    "read": lambda client: client.tags.list(),
    "listing": lambda client: client.conversations.livechat(limit=2).list(),
    "write": lambda client: client.sms.send(**TEXT),
    "create": lambda client: client.tags.create(name="Billing", email="ada@example.com"),
    "free": lambda client: client.call("POST", "x", params={"a": "b"}, body={"c": "d"}),
}
ENCODED = base64.b64encode(CANARY.encode()).decode()
ECHOES = [CANARY, CANARY.upper(), quote(CANARY, safe=""), f"<{CANARY}>", f"header X-A5-APIKEY: {CANARY}\r\n", ENCODED]


ANSWERS: dict[str, Any] = {
    "not sent": Failure(False, "connect", "could not connect"),
    "lost": Failure(True, "read", "the connection broke"),
    "late": Failure(True, "read_timeout", "no answer came in time"),
    "html": raw(f"<html>{CANARY}".encode()),
    "cut": raw(b"", flaw="truncated"),
    **{f"echo {number}": refusal(400, text) for number, text in enumerate(ECHOES)},
    "echo in 500": refusal(500, f"{CANARY}: internal error", X_Request_Id=CANARY, Server=ENCODED),
    "echo as object": reply(code=401, error={"message": f"Invalid token {CANARY}"}),
    "unnamed account": reply([{"api_key": CANARY}, {"api_key": CANARY}]),
    "account of text": reply(CANARY),
    "account beside": raw({"code": 200, "data": None, "api_key": CANARY, "error": None}),
}


@pytest.mark.parametrize("body", ["read", "write", "create", "free"])
@pytest.mark.parametrize("name", ANSWERS)
def test_no_error_shows_it(front: Front, name: str, body: str) -> None:
    port = front.port(lambda call: ANSWERS[name])
    try:
        front.run(BODIES[body], port=port, retry=RetryPolicy(attempts=2))
    except Alive5Error as error:
        assert_no_key(error)
    else:
        assert "account" in name


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("wrong", ["status", "closed", "cut off", "no HTTP", "slow", "echo", "html", "gzip"])
def test_no_error_over_a_socket_shows_it(front: Front, wrong: str, body: str, canary_watch: Watch) -> None:
    release = threading.Event()

    def answer(heard: Heard) -> bytes | None:
        assert CANARY == heard.headers["x-a5-apikey"]
        if wrong == "slow":
            release.wait(10)
        answers: dict[str, bytes | None] = {
            "status": http(b'{"code": 403, "error": "No"}', "403 Forbidden"),
            "cut off": Last(http()[:-9]),
            "no HTTP": Last(f"what is {TEXT['channel_id']}?\r\n\r\n".encode()),
            "echo": http(json.dumps({"code": 400, "error": f"{heard.raw!r}"}).encode(), "400 Bad Request"),
            "html": http(f"<html>{CANARY}</html>".encode()),
            "gzip": http(b"not gzip", "200 OK", "Content-Encoding: gzip"),
        }
        return answers.get(wrong)

    with WireServer(answer) as server:
        options = front.real(server.url, retry=RetryPolicy.none(), timeout=Timeout(read=0.05 if wrong == "slow" else 5))
        with pytest.raises(Alive5Error) as caught:
            front.run(BODIES[body], **options)
        release.set()
    assert_no_key(caught.value)
    assert {"alive5", f"{CORE}.connection", f"{CORE}.http11"} <= set(canary_watch.heard)


@pytest.mark.parametrize("body", BODIES)
def test_no_refused_connection_shows_it(front: Front, body: str) -> None:
    with WireServer() as server:
        url = server.url
    with pytest.raises(Alive5Error) as caught:
        front.run(BODIES[body], **front.real(url, retry=RetryPolicy(attempts=2, initial=0)))
    assert_no_key(caught.value)


class Stop(BaseException):
    """An interruption by a signal."""


@pytest.mark.parametrize("name", ["asyncio", "trio"])
@pytest.mark.parametrize("body", BODIES)
def test_no_cancellation_shows_it(name: str, body: str) -> None:
    front, release = Front(name), threading.Event()
    seen: list[BaseException] = []

    def answer(heard: Heard) -> None:
        release.wait(10)

    async def main(url: str) -> None:
        async with front.client(base_url=url) as client:
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as group:

                    async def cancel() -> None:
                        while not server.heard:
                            await anyio.sleep(0.005)
                        scope.cancel()

                    group.start_soon(cancel)
                    try:
                        await BODIES[body](client)
                    except BaseException as error:
                        seen.append(error)
                        raise
        release.set()

    with WireServer(answer) as server:
        front.drive(lambda: main(server.url))
    assert 1 == len(seen)
    assert not isinstance(seen[0], Exception) or isinstance(seen[0], Alive5Error)
    assert not shows_key(frames_with_locals(seen[0]))


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="this system has no signals for threads")
@pytest.mark.parametrize("body", BODIES)
def test_no_interrupt_of_a_blocking_call_shows_it(body: str) -> None:
    def stop(number: int, frame: Any) -> None:
        raise Stop

    release, main, first = threading.Event(), threading.main_thread().ident, threading.Lock()

    def answer(heard: Heard) -> None:
        assert main is not None
        # A listing asks for two pages at once; a second signal would strike after the test.
        if first.acquire(blocking=False):
            signal.pthread_kill(main, signal.SIGUSR1)
        release.wait(10)

    before = signal.signal(signal.SIGUSR1, stop)
    try:
        with WireServer(answer) as server:
            with pytest.raises(Stop) as caught:
                Front("sync").run(BODIES[body], base_url=server.url)
            release.set()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert not shows_key(frames_with_locals(caught.value))


@pytest.mark.parametrize("name", ["asyncio", "trio"])
def test_debug_mode_shows_nothing(name: str, canary_watch: Watch) -> None:
    front = Front(name)

    async def main() -> None:
        async with front.client(base_url=server.url) as client:
            for body in ("read", "write", "free"):
                await BODIES[body](client)

    with WireServer() as server:
        anyio.run(main, backend=name, backend_options={"debug": True} if name == "asyncio" else {})
    assert canary_watch.heard[f"{CORE}.http11"] > 10


def test_a_whole_day_with_the_sandbox_shows_nothing(front: Front, canary_watch: Watch) -> None:
    names = [name for name in FAULTS if name != "slow"]
    sandbox = Sandbox(livechat=20, sms=5, fbm=5, api_key=CANARY, faults={"rate": 0.3, "names": names})

    async def body(client: Any) -> None:
        for _ in range(8):
            for call in BODIES.values():
                try:
                    await call(client)
                except Alive5Error as error:
                    assert_no_key(error)

    front.inside(sandbox, body, retry=RetryPolicy(initial=0, max_retry_after=0))
    assert canary_watch.heard["alive5"] > 40


def test_an_interrupted_port_shows_nothing(front: Front) -> None:
    port = front.port([Interrupt(Stop(CANARY[:4]))])
    with pytest.raises(Stop) as caught:
        front.run(BODIES["write"], port=port)
    assert not shows_key(frames_with_locals(caught.value))


def test_the_search_would_find_it() -> None:
    def leak() -> None:
        key = CANARY
        raise ValueError(len(key))

    with pytest.raises(ValueError, match=r"\d") as caught:
        leak()
    assert not shows_key(frames_with_locals(caught.value))
    assert shows_key(frames_with_locals(caught.value, leave_out="another place"))
