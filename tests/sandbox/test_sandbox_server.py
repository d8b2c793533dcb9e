"""The sandbox object: determinism, truth, patching, threads, clients and fixtures."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from typing import Any

import anyio
import pytest
from support.sandbox_calls import BODIES, make_call

import alive5
from alive5._facade import Alive5
from alive5._sansio.options import KEY_VARIABLE
from alive5.client import AsyncAlive5
from alive5.sandbox import Sandbox

DIGESTS = {
    "livechat": "12de4c2e1c248b5e78b0f5bdf5c2f0df44aeb6dfebe2186feb2bb557d5ea30e0",
    "sms": "ff8f256656fa9c33cecb19829f78248c7a1baef8b04e63292d34ba25c6f0be17",
    "fbm": "fd6e2213df24490e84cd08e10ab27d285365a91bf797fb189cf48c4f0003ab54",
}


@pytest.mark.parametrize("kind", DIGESTS)
def test_the_same_seed_gives_the_same_rows_everywhere(kind: str) -> None:
    rows = Sandbox(livechat=200, sms=100, fbm=100).conversations(kind)
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True)
    assert DIGESTS[kind] == hashlib.sha256(text.encode()).hexdigest()
    assert rows != Sandbox(seed=2, livechat=200, sms=100, fbm=100).conversations(kind)


def test_nobody_real_is_in_the_rows() -> None:
    sandbox = Sandbox()
    text = json.dumps([sandbox.conversations(kind) for kind in ("livechat", "sms", "fbm")])
    assert all(re.fullmatch(r"\+120255501\d\d", number) for number in re.findall(r"\+\d{11}", text))
    assert {"example.com", "example.org"} == set(re.findall(r"@([\w.]*\w)", text))
    networks = set(re.findall(r'"(\d+\.\d+\.\d+)\.\d+"', text))
    assert {"192.0.2", "198.51.100", "203.0.113"} == networks


def test_the_rows_are_many_sided() -> None:
    rows = Sandbox().conversations("livechat")
    text = json.dumps(rows, ensure_ascii=False)
    for sample in ("ñ", "ß", "ç", "注", "م", "ह", "ש", "🙏", "\\n", "\\r\\n", '\\"'):
        assert sample in text
    days = {row["start_time"] // 86_400_000 for row in rows}
    assert set(range(20362, 20543)) <= days | {20542, 20543}
    assert any(not row["end_time"] for row in rows)
    assert len(rows) == len({row["alive5_sessionID"] for row in rows})


def test_a_huge_sandbox_costs_only_the_pages_read(page: Any) -> None:
    sandbox = Sandbox(livechat=200_000)
    assert 100 == len(page(sandbox, 700, 100, date_start="01-01-2026", date_end="03-31-2026"))


def test_truth_can_change(ids: Any, newest: Any) -> None:
    sandbox = Sandbox(livechat=20)
    truth = newest(sandbox)
    sandbox.remove("livechat", truth[3])
    row = sandbox.change("livechat", truth[5], end_time=0)
    assert 0 == row["end_time"]
    added = sandbox.add("livechat", start_time=row["start_time"] + 1, channel_name="Lobby")
    expected = [*truth[:3], truth[4], added["alive5_sessionID"], *truth[5:]]
    assert expected == newest(sandbox) == ids(sandbox, 1, 100)
    with pytest.raises(KeyError):
        sandbox.remove("livechat", truth[3])
    sandbox.remove("livechat", added["alive5_sessionID"])
    assert [*truth[:3], *truth[4:]] == newest(sandbox)
    with pytest.raises(ValueError, match="no such kind"):
        sandbox.conversations("fax")


def test_on_request_may_change_the_truth(ids: Any) -> None:
    sandbox = Sandbox(livechat=20)
    sandbox.on_request = lambda asked: sandbox.remove("livechat", ids_before.pop())
    ids_before = [row["alive5_sessionID"] for row in sandbox.conversations("livechat")]
    assert ids_before[-1] != ids(sandbox, 1, 5)[0]


def test_requests_are_numbered_and_counted_as_attempts(send: Any) -> None:
    sandbox = Sandbox()
    for operation in ("account.get", "tags.list", "account.get"):
        send(sandbox, operation)
    noted = [(request.number, request.operation, request.attempt) for request in sandbox.requests]
    assert [(1, "account.get", 1), (2, "tags.list", 1), (3, "account.get", 2)] == noted


def test_values_show_nothing_personal(send: Any) -> None:
    sandbox = Sandbox()
    send(sandbox, "sms.send")
    shown = repr((sandbox, sandbox.requests, sandbox.deliveries))
    assert BODIES["sms.send"]["phone_number_to"] not in shown


def test_sixty_four_threads() -> None:
    sandbox = Sandbox(livechat=50, sms=10)
    barrier = threading.Barrier(64)

    def work() -> None:
        barrier.wait()
        for _ in range(5):
            sandbox.exchange(make_call("sms.send", BODIES["sms.send"]))
            sandbox.exchange(make_call("conversations.sms", {}))

    threads = [threading.Thread(target=work) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 320 == len(sandbox.deliveries)
    assert list(range(1, 641)) == [request.number for request in sandbox.requests]
    assert 320 == len(sandbox.conversations("sms")[-1]["chat_conversation"])


def test_patch_redirects_existing_clients_and_restores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    outer, inner = Sandbox(), Sandbox()
    with outer.patch() as given, Alive5() as client:
        assert given is outer
        assert "Sandbox Ltd" == client.account.get().org_name
        with inner.patch():
            client.tags.list()
        client.channels.list()
    assert KEY_VARIABLE not in os.environ
    assert ["account.get", "channels.list"] == [request.operation for request in outer.requests]
    assert ["tags.list"] == [request.operation for request in inner.requests]


def test_patch_restores_after_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "own")

    def fail_inside() -> None:
        with Sandbox().patch():
            assert "own" == os.environ[KEY_VARIABLE]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_inside()
    assert "own" == os.environ[KEY_VARIABLE]


def test_patch_serves_asynchronous_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)

    async def main() -> str | None:
        async with AsyncAlive5() as client:
            return (await client.account.get()).org_name

    with Sandbox().patch():
        assert ["Sandbox Ltd"] * 2 == [anyio.run(main, backend=backend) for backend in ("asyncio", "trio")]


@pytest.mark.parametrize("body_format", ["json", "multipart"])
def test_a_client_of_ones_own(body_format: Any) -> None:
    sandbox = Sandbox()
    with sandbox.client(body_format=body_format) as client:
        sent = client.sms.send(**BODIES["sms.send"])
        assert "+12025550123" == sent.phone_mobile
        listed = client.conversations.livechat(start="2026-01-01", end="2026-01-31", limit=50)
        january = listed.list()
    truth = [r for r in sandbox.conversations("livechat") if 1767225600000 <= r["start_time"] < 1769904000000]
    assert {row["alive5_sessionID"] for row in truth} == {chat.id for chat in january}
    assert ["sms.send"] == [delivery.operation for delivery in sandbox.deliveries]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_asynchronous_client_of_ones_own(backend: str) -> None:
    async def main() -> int:
        async with Sandbox().async_client() as client:
            return len(await client.conversations.livechat(limit=100, prefetch=3).list())

    assert 1000 == anyio.run(main, backend=backend)


def test_fixtures(alive5_sandbox: Sandbox, alive5_client: Alive5, async_alive5_client: AsyncAlive5) -> None:
    assert "Sandbox Ltd" == alive5_client.account.get().org_name
    assert 6 == len(anyio.run(async_alive5_client.tags.list))
    with alive5.Alive5() as other:
        other.tags.list()
    operations = [request.operation for request in alive5_sandbox.requests]
    assert ["account.get", "tags.list", "tags.list"] == operations


@pytest.mark.alive5(seed=2, livechat=3)
def test_marker(alive5_sandbox: Sandbox) -> None:
    assert (2, 3) == (alive5_sandbox.seed, len(alive5_sandbox.conversations("livechat")))
