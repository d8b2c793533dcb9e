"""The blocking front exports over a socket, inside a running loop, and stops when it is interrupted there."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.exporting import JANUARY, digests, ids, truth
from support.front import served

from alive5 import Alive5, Call, ConfigurationError, ExportProgress, Failure, Reply
from alive5._port.threads import BlockingVerbs
from alive5.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(livechat=300, sms=60, fbm=30)


@pytest.fixture
def url(sandbox: Sandbox) -> Iterator[str]:
    """
    The sandbox on a port of this machine.
    """
    with served(sandbox) as origin:
        yield f"{origin}/public/1.0"


def options(sandbox: Sandbox, url: str) -> dict[str, Any]:
    return {"api_key": sandbox.settings.key, "base_url": url}


def test_over_a_socket(sandbox: Sandbox, url: str, tmp_path: Path) -> None:
    with Alive5(**options(sandbox, url)) as client:
        report = client.export(tmp_path / "out", **JANUARY)
        assert client.tags.list()
    assert (report.complete, ids(tmp_path / "out")) == (True, truth(sandbox))


def test_inside_a_running_loop(sandbox: Sandbox, url: str, tmp_path: Path) -> None:
    async def main() -> None:
        with Alive5(**options(sandbox, url)) as client:
            client.export(tmp_path / "inside", **JANUARY)

    anyio.run(main)
    with Alive5(**options(sandbox, url)) as client:
        client.export(tmp_path / "outside", **JANUARY)
    assert digests(tmp_path / "inside") == digests(tmp_path / "outside")


def test_what_goes_wrong_inside_a_running_loop_comes_out(sandbox: Sandbox, tmp_path: Path) -> None:
    async def main() -> None:
        with sandbox.client() as client:
            client.export(tmp_path / "out", start="2026-02-30")

    with pytest.raises(ValueError, match="start is not a date that exists"):
        anyio.run(main)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs signals to a thread")
@pytest.mark.parametrize("inside", [True, False], ids=["inside a loop", "outside"])
def test_an_interrupt_ends_it_and_keeps_what_was_fetched(
    sandbox: Sandbox, url: str, tmp_path: Path, inside: bool
) -> None:
    told: list[ExportProgress] = []

    def interrupt(progress: ExportProgress) -> None:
        if progress.conversations and not told:
            told.append(progress)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def export() -> None:
        with Alive5(**options(sandbox, url)) as client:
            client.export(tmp_path / "out", progress=interrupt, concurrency=1, **JANUARY)

    async def main() -> None:
        export()

    # Not asyncio.run, which takes the first interrupt for itself; Jupyter's loop does not.
    loop = asyncio.new_event_loop()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            loop.run_until_complete(main()) if inside else export()
    finally:
        signal.signal(signal.SIGINT, before)
        loop.close()
    assert told
    assert "alive5-export" not in [thread.name for thread in threading.enumerate()]
    with Alive5(**options(sandbox, url)) as client:
        assert client.export(tmp_path / "out", **JANUARY).complete
    assert ids(tmp_path / "out") == truth(sandbox)


class Mute(BlockingVerbs):
    """A port of a user's own, which cannot be awaited."""

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        return Failure(False, "connect")


def test_a_blocking_port_of_ones_own_cannot_export(tmp_path: Path) -> None:
    with Alive5("test_key_mute", port=Mute()) as client, pytest.raises(ConfigurationError, match="AsyncAlive5"):
        client.export(tmp_path / "out", **JANUARY)
