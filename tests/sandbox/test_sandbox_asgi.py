"""The sandbox on a real socket."""

from __future__ import annotations

import json
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from support.front import served
from support.sandbox_calls import BODIES

from alive5._facade import Alive5
from alive5.sandbox import Sandbox

KEY = {"X-A5-APIKEY": "test_key"}
Serve = Callable[[Sandbox], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda sandbox: stack.enter_context(served(sandbox))


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=5) as client:
        yield client


def test_keys(serve: Serve, http: httpx.Client) -> None:
    url = serve(Sandbox(api_key="right")) + "/public/1.0/account"
    missing = http.get(url)
    assert (401, "Authorization token not found") == (missing.status_code, missing.json()["error"])
    wrong = http.get(url, headers={"X-A5-APIKEY": "wrong"})
    assert (400, 400, "Invalid token") == (wrong.status_code, wrong.json()["code"], wrong.json()["error"])
    assert "right" == http.get(url, headers={"x-a5-apikey": "right"}).json()["data"]["api_key"]


@pytest.mark.parametrize("key", ["<your key>", "abc", "two words"])
def test_what_no_key_looks_like_is_refused(key: str, serve: Serve, http: httpx.Client) -> None:
    refused = http.get(serve(Sandbox()) + "/public/1.0/account", headers={"X-A5-APIKEY": key})
    assert (400, "Invalid token") == (refused.status_code, refused.json()["error"])


def test_the_versions_of_one_address(serve: Serve, http: httpx.Client) -> None:
    url = f"{serve(Sandbox())}/public"
    given = {
        version: http.get(f"{url}/{version}/conversations/livechat?page=1&limit=2", headers=KEY)
        for version in ("1.0", "2.0", "1.3")
    }
    assert [200, 200, 404] == [answer.status_code for answer in given.values()]
    assert "start_time" in given["1.0"].json()["data"]["Items"][0]
    assert "threadData" in given["2.0"].json()["data"]["Items"][0]
    old = http.get(f"{serve(Sandbox(edition='documented'))}/public/2.0/conversations/livechat", headers=KEY)
    assert 404 == old.status_code


def test_the_vendors_clients(serve: Serve, http: httpx.Client) -> None:
    """The requests of its n8n node, at 1.1, and of its staff's command line, without a limit."""
    sandbox = Sandbox(sms=30)
    url = f"{serve(sandbox)}/public"
    channels = http.get(f"{url}/1.1/objects/channels-and-users/list", headers=KEY).json()["data"]["Items"]
    lines = [channel for channel in channels if channel["channel_phone_number"].startswith("+")]
    body = {**BODIES["sms.send"], "channel_id": lines[0]["channel_id"], "user_id": lines[0]["agents"][0]["user_id"]}
    sent = http.post(f"{url}/1.1/conversations/sms/send", headers=KEY, json=body).json()["data"]["data"]
    assert "queued" == sent["message_status"]
    asked = {"date_start": "03-31-2026", "date_end": "04-01-2026", "page": 1, "channel_id": lines[0]["channel_id"]}
    found = http.get(f"{url}/1.0/conversations/sms", headers=KEY, params=asked).json()["data"]
    assert sent["thread_id"] == found["Items"][0]["alive5_sessionID"]
    assert {"page": 1, "totalPages": 1} == {name: found[name] for name in ("page", "totalPages")}
    days = {"datetime_from": "03-30-2026", "datetime_to": "03-31-2026", "page": 0, "timezone_offset": "+0:00"}
    chats = http.get(f"{url}/2.0/conversations/livechat", headers=KEY, params=days).json()["data"]
    assert (0, 0) == (chats["page"], chats["pages"])
    assert 0 < len(chats["Items"]) < 50


def test_an_app_may_be_logged() -> None:
    from alive5._sansio.step import step
    from alive5.sandbox.asgi import App, DroppedError

    sandbox, lines, sent = Sandbox(), [], []
    sandbox.fail("refused", on="sms.send")
    app = App(lambda call: sandbox.exchange(call, check_key=True), lines.append)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"{}"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    def scope(method: str, path: str) -> dict[str, Any]:
        headers = [(b"x-a5-apikey", b"test_key"), (b"content-type", b"application/json")]
        return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}

    step(app(scope("GET", "/public/1.0/register/webhook/sms/+12025550100"), receive, send))
    step(app(scope("GET", "/public/1.0/no/someone@example.com/202555/deadbeefdeadbeefdeadbeef0"), receive, send))
    with pytest.raises(DroppedError):
        step(app(scope("POST", "/public/1.0/conversations/sms/send"), receive, send))
    assert [
        ("GET", "/1.0/register/webhook/sms/{phone_number}", "webhooks.sms.list", 200),
        ("GET", "/1.0/no/***/***/***", "unknown", 404),
        ("POST", "/1.0/conversations/sms/send", "sms.send", None),
    ] == [(line.method, line.path, line.operation, line.status) for line in lines]


def test_any_base_path_and_both_body_formats(serve: Serve, http: httpx.Client) -> None:
    sandbox = Sandbox()
    url = serve(sandbox)
    assert 6 == len(http.get(f"{url}/objects/tags/list", headers=KEY).json()["data"]["Items"])
    http.post(f"{url}/gate/public/1.0/create/tag", headers=KEY, json=BODIES["tags.create"])
    files = {name: (None, value) for name, value in BODIES["sms.send"].items()}
    http.post(f"{url}/public/1.0/conversations/sms/send", headers=KEY, files=files)
    http.post(f"{url}/public/1.0/conversations/sms/push", headers=KEY, data=BODIES["sms.push"])
    assert [BODIES["tags.create"], BODIES["sms.send"], BODIES["sms.push"]] == [
        delivery.arguments for delivery in sandbox.deliveries
    ]
    assert 404 == http.get(f"{url}/elsewhere", headers=KEY).status_code


def test_gzip_for_long_bodies(serve: Serve, http: httpx.Client) -> None:
    url = serve(Sandbox())
    long = f"{url}/conversations/livechat?" + urllib.parse.urlencode({"page": 1, "limit": 50})
    zipped = http.get(long, headers={**KEY, "Accept-Encoding": "gzip"})
    assert "gzip" == zipped.headers["content-encoding"]
    plain = http.get(long, headers={**KEY, "Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == zipped.json()
    assert "content-encoding" not in http.get(f"{url}/account", headers={**KEY, "Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(
    ("fault", "error", "delivered"),
    [
        ("truncated", "without sending complete message body", 1),
        ("disconnect_after", "without sending a response", 1),
        ("disconnect_before", "without sending a response", 0),
        ("refused", "without sending a response", 0),
    ],
)
def test_transport_faults(fault: str, error: str, delivered: int, serve: Serve, http: httpx.Client) -> None:
    sandbox = Sandbox()
    sandbox.fail(fault)
    url = serve(sandbox)
    with pytest.raises(httpx.RemoteProtocolError, match=error):
        http.post(f"{url}/conversations/sms/send", headers=KEY, json=BODIES["sms.send"])
    assert delivered == len(sandbox.deliveries)
    assert 200 == http.get(f"{url}/account", headers=KEY).status_code


def test_slowness_and_strange_bodies(serve: Serve, http: httpx.Client) -> None:
    sandbox = Sandbox()
    sandbox.fail("slow", seconds=0.2)
    sandbox.fail("html")
    sandbox.fail("garbage")
    url = f"{serve(sandbox)}/account"
    started = time.monotonic()
    assert 200 == http.get(url, headers=KEY).status_code
    assert time.monotonic() - started >= 0.2
    assert http.get(url, headers=KEY).text.startswith("<!doctype html>")
    with pytest.raises(ValueError, match=r"\w"):
        json.loads(http.get(url, headers=KEY).content)


def test_retry_after_date_is_on_the_servers_clock(serve: Serve, http: httpx.Client) -> None:
    from alive5._sansio.http_times import retry_after
    from alive5._sansio.wire import Reply

    sandbox = Sandbox()
    sandbox.fail("rate_limited_date", retry_after=30)
    answer = http.get(f"{serve(sandbox)}/account", headers=KEY)
    seconds = retry_after(Reply(status=429, headers=dict(answer.headers)))
    assert seconds is not None
    assert 28 <= seconds <= 31


def test_a_real_client_over_the_socket(serve: Serve) -> None:
    sandbox = Sandbox()
    with Alive5("test_key", base_url=f"{serve(sandbox)}/public/1.0") as client:
        assert "Sandbox Ltd" == client.account.get().org_name
        assert 493 == len(client.conversations.livechat(start="2026-01-01", end="2026-03-31").list())


def test_lifespan_and_a_gone_client() -> None:
    from alive5._sansio.step import step

    app, sent = Sandbox().asgi, []
    events: list[dict[str, Any]] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Any:
        return events.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    step(app({"type": "lifespan"}, receive, send))
    assert ["lifespan.startup.complete", "lifespan.shutdown.complete"] == sent
    events.append({"type": "http.disconnect"})
    step(app({"type": "http"}, receive, send))
    assert 2 == len(sent)
