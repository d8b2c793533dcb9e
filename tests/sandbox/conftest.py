"""Asking a sandbox without a client: one call in, the parsed answer out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.sandbox_calls import BODIES, make_call

from alive5._port import redirect
from alive5._port.threads import BlockingVerbs
from alive5._sansio.step import step
from alive5._sansio.wire import Call, Failure, Reply
from alive5.sandbox import Sandbox
from alive5.sandbox.embedded.port import SandboxPort

Ask = Callable[..., Any]


@pytest.fixture
def send() -> Ask:
    def send(
        sandbox: Sandbox, operation: str, _format: str = "json", _edition: Any = "documented", **arguments: Any
    ) -> Reply | Failure:
        body = {**BODIES.get(operation, {}), **arguments}
        return sandbox.exchange(make_call(operation, body, _format, edition=_edition)).answer

    return send


@pytest.fixture
def ask(send: Ask) -> Ask:
    def ask(sandbox: Sandbox, operation: str, _format: str = "json", **arguments: Any) -> Any:
        return json.loads(send(sandbox, operation, _format, **arguments).body)

    return ask


@pytest.fixture
def rows(ask: Ask) -> Ask:
    """Return the rows of a list."""

    def rows(sandbox: Sandbox, operation: str, **arguments: Any) -> Any:
        return rows_of(ask(sandbox, operation, **arguments)["data"])

    return rows


def rows_of(data: Any) -> Any:
    return data if isinstance(data, list) else data["Items"]


@pytest.fixture
def page(ask: Ask) -> Ask:
    """Return a livechat page's rows."""

    def page(sandbox: Sandbox, number: int, limit: int = 10, **arguments: Any) -> Any:
        return rows_of(ask(sandbox, "conversations.livechat", page=number, limit=limit, **arguments)["data"])

    return page


@pytest.fixture
def ids(page: Ask) -> Ask:
    """Return a livechat page's ids."""

    def ids(sandbox: Sandbox, number: int, limit: int = 10, **arguments: Any) -> list[str]:
        return [row["alive5_sessionID"] for row in page(sandbox, number, limit, **arguments)]

    return ids


@pytest.fixture
def newest() -> Callable[..., list[str]]:
    """Return the true ids, newest first."""

    def newest(sandbox: Sandbox, kind: str = "livechat") -> list[str]:
        return [row["alive5_sessionID"] for row in sandbox.conversations(kind)][::-1]

    return newest


@pytest.fixture
def through_port() -> Callable[..., Reply | Failure]:
    """Send one call through a blocking sandbox port."""

    def through(sandbox: Sandbox, call: Call, seconds: float = 5.0) -> Reply | Failure:
        port = SandboxPort(sandbox.exchange, BlockingVerbs())
        return step(port.send(call, port.now() + seconds))

    return through


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    before = list(redirect._wrappers)
    yield
    assert before == redirect._wrappers
