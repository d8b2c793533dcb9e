"""A key is needed at the first call, not when a client is made; and ``ALIVE5_SANDBOX`` needs none at all."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, reply
from support.watch import CANARY
from support.wire_server import WireServer

from alive5 import Alive5, Alive5Error, ConfigurationError, InvalidArgumentError, Ledger, RetryPolicy, plan_slices
from alive5.sandbox import Sandbox
from alive5.sandbox.embedded import ambient

KEY, SANDBOX = "ALIVE5_API_KEY", "ALIVE5_SANDBOX"
TAGS = reply([])
WANTED = "pass api_key or set ALIVE5_API_KEY"

CALLS: dict[str, Callable[[Any], Any]] = {
    "tags.list": lambda client: client.tags.list(),
    "conversations.livechat": lambda client: client.conversations.livechat().list(),
    "sms.send": lambda client: client.sms.send(**TEXT),
    "tags.create": lambda client: client.tags.create(name="Billing", email="ada@example.com"),
    "call": lambda client: client.call("GET", "objects/tags/list"),
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (KEY, SANDBOX, "ALIVE5_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def without_key(front: Front, body: Callable[[Any], Any], **options: Any) -> Any:
    async def main() -> Any:
        async with front.bare_client(**options) as client:
            return await body(client)

    return front.drive(main)


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("missing", [None, ""])
def test_without_any_key_the_first_call_says_so(
    front: Front, monkeypatch: pytest.MonkeyPatch, missing: str | None, operation: str
) -> None:
    if missing is not None:
        monkeypatch.setenv(KEY, missing)
    with WireServer() as server:
        with pytest.raises(ConfigurationError, match=WANTED) as caught:
            without_key(front, CALLS[operation], base_url=server.url)
        assert b"" == server.bytes_seen
    error = caught.value
    assert (operation, "not_sent", False) == (error.operation, error.outcome, error.worth_repeating)


def test_an_export_without_a_key_touches_no_disk(front: Front, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=WANTED):
        without_key(front, lambda client: client.export(tmp_path / "out", start="2026-01-01"))
    assert [] == list(tmp_path.iterdir())


def test_a_ledger_keeps_no_key_that_could_not_be_sent(front: Front, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "texts.ledger")
    with pytest.raises(ConfigurationError, match=WANTED):
        without_key(front, lambda client: client.sms.send(**TEXT, ledger=ledger, key="order-4711"))
    assert ledger.entry("order-4711") is None


@pytest.mark.parametrize("edition", ["documented", "current"])
def test_a_key_set_before_the_first_call_is_used(front: Front, monkeypatch: pytest.MonkeyPatch, edition: str) -> None:
    """As by a settings module that loads a file of variables after its imports."""

    async def main(server: WireServer) -> None:
        client = front.bare_client(base_url=server.url, read_url=server.url, edition=edition)
        monkeypatch.setenv(KEY, CANARY)
        twin = client.with_options(timeout=5)
        async with client:
            await client.tags.list()
            monkeypatch.setenv(KEY, "test_key_too_late")
            await twin.tags.list()

    with WireServer() as server:
        front.drive(lambda: main(server))
    assert [CANARY] * 2 == [heard.headers["x-a5-apikey"] for heard in server.heard]


def test_slices_may_be_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """They run on a port beside the client's own, which must know the key, too."""
    with WireServer() as server, Alive5(base_url=server.url, retry=RetryPolicy.none()) as client:
        monkeypatch.setenv(KEY, CANARY)
        with suppress(Alive5Error):
            plan_slices(client, start="2026-01-01", end="2026-01-31", slices=2)
    assert {CANARY} == {heard.headers.get("x-a5-apikey") for heard in server.heard}


def test_a_client_made_before_without_a_key_is_redirected(front: Front) -> None:
    client = front.bare_client()
    with Sandbox(livechat=3).patch() as sandbox:
        assert 3 == len(front.drive(lambda: client.conversations.livechat().list()))
        assert {"conversations.livechat"} == {request.operation for request in sandbox.requests}

        async def close() -> None:
            await client.aclose()

        front.drive(close)


def test_the_environment_puts_a_sandbox_in_place_of_the_service(
    front: Front, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(SANDBOX, "1")
    monkeypatch.setattr(ambient, "_shared", {})
    label = without_key(front, CALLS["tags.create"]) and "Billing"
    tags = without_key(front, CALLS["tags.list"], api_key=CANARY)
    assert label in [tag.tag_label for tag in tags]
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert ["ALIVE5_SANDBOX is set: an embedded sandbox answers, nothing reaches Alive5"] == warnings


def test_a_port_of_ones_own_goes_before_the_environment(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SANDBOX, "1")
    port = front.port(lambda call: TAGS)
    assert [] == without_key(front, CALLS["tags.list"], port=port)
    assert 1 == len(port.calls)


def test_a_word_that_says_neither_is_refused(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SANDBOX, "maybe")
    with pytest.raises(ConfigurationError, match="ALIVE5_SANDBOX must be 1 or 0"):
        front.bare_client()
    for off in ("0", "", "no"):
        monkeypatch.setenv(SANDBOX, off)
        with pytest.raises(ConfigurationError, match=WANTED):
            without_key(front, CALLS["tags.list"])


def test_the_other_arguments_are_still_checked_when_a_client_is_made(front: Front) -> None:
    with pytest.raises(InvalidArgumentError):
        front.bare_client(tz="Nowhere/City")
    with pytest.raises(ConfigurationError, match="api_key is empty"):
        front.bare_client(api_key=None)


def test_one_line_on_stderr_says_that_the_sandbox_answers() -> None:
    code = "import alive5\nfor _ in 'ab':\n    with alive5.Alive5() as c: print(len(c.tags.list()) > 0)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, env={SANDBOX: "1"}
    )
    assert (["True", "True"], 1) == (ran.stdout.split(), len(ran.stderr.splitlines()))
