"""Which HTTP library a client runs on, and what is said when it is not there."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import pytest
from support.front import Front
from support.watch import CANARY
from support.wire_server import WireServer

from alive5 import ConfigurationError, InvalidArgumentError
from alive5._port import engine


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("ALIVE5_ENGINE", raising=False)
    return monkeypatch


def library(front: Front, **options: Any) -> str:
    """
    Return the name of the library a new client runs on.
    """

    async def main() -> str:
        async with front.bare_client(api_key=CANARY, **options) as client:
            core = getattr(client, "_core", client)
            return str(core._caller.shared.port._settings.engine.http.__name__)

    return front.drive(main)


def test_httpx_is_the_default(front: Front, unset: pytest.MonkeyPatch) -> None:
    assert library(front) == "httpx"


@pytest.mark.parametrize("given", ["argument", "environment"])
def test_httpx2_can_be_chosen(front: Front, unset: pytest.MonkeyPatch, given: str) -> None:
    pytest.importorskip("httpx2")
    if given == "environment":
        unset.setenv("ALIVE5_ENGINE", "httpx2")
    options = {"engine": "httpx2"} if given == "argument" else {}
    with WireServer() as server:
        tags = front.run(lambda client: client.tags.list(), **front.real(server.url, **options))
    assert server.heard[0].headers["user-agent"].startswith("alive5-python/")
    assert tags is not None
    assert library(front, **options) == "httpx2"


def test_the_argument_comes_before_the_environment(front: Front, unset: pytest.MonkeyPatch) -> None:
    unset.setenv("ALIVE5_ENGINE", "httpx2")
    assert library(front, engine="httpx") == "httpx"


@pytest.mark.parametrize("wrong", ["requests", "", 1])
def test_an_engine_that_is_none_is_refused(front: Front, wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        library(front, engine=wrong)
    assert caught.value.argument == "engine"


def test_a_wrong_variable_is_named(front: Front, unset: pytest.MonkeyPatch) -> None:
    unset.setenv("ALIVE5_ENGINE", "curl")
    with pytest.raises(ConfigurationError, match="ALIVE5_ENGINE"):
        library(front)


def test_a_missing_engine_names_its_extra(front: Front, unset: pytest.MonkeyPatch) -> None:
    unset.setitem(sys.modules, "httpx2", None)
    engine.load.cache_clear()
    try:
        with pytest.raises(ConfigurationError, match=r"alive5\[httpx2\]"):
            library(front, engine="httpx2")
    finally:
        engine.load.cache_clear()


def test_a_program_on_httpx_does_not_load_httpx2(unset: pytest.MonkeyPatch) -> None:
    code = "import sys, alive5; alive5.Alive5('k').close(); print('httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False"]


@pytest.mark.parametrize("name", [name for name, _ in engine._KINDS] + ["TimeoutException", "TransportError"])
def test_both_libraries_name_their_errors_alike(name: str) -> None:
    pytest.importorskip("httpx2")
    for library in ("httpx", "httpx2"):
        assert issubclass(getattr(importlib.import_module(library), name), Exception)
