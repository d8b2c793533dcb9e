"""Servers of webhooks: a secret path, a bounded body, an answer before the handler, each delivery once."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from support.watch import watching

import alive5
from alive5 import InboundSms, InvalidArgumentError
from alive5.webhooks import AsgiReceiver, WsgiReceiver

PATH = "/texts/0123456789abcdef"
DELIVERY = {
    "direction": "inbound",
    "message_content": "Are you open?",
    "created_by": "+12025550123",
    "created_at": 1_772_366_400_250,
    "thread_id": "t1",
}
BODY = json.dumps(DELIVERY).encode()
Handler = Callable[[InboundSms], Any]


class Served:
    """A receiver, and what it was seen to do, in order."""

    def __init__(self, kind: str, handler: Handler | None = None, **options: Any) -> None:
        self.kind, self.seen = kind, list[str]()
        self.texts: list[InboundSms] = []
        self._also = handler
        make = WsgiReceiver if kind == "wsgi" else AsgiReceiver
        self.receiver: Any = make(self.awaited if kind == "asgi" else self.handle, path=PATH, **options)

    def handle(self, text: InboundSms) -> None:
        self.seen.append("handled")
        self.texts.append(text)
        if self._also is not None:
            self._also(text)

    async def awaited(self, text: InboundSms) -> None:
        self.handle(text)

    def post(self, body: bytes = BODY, *, path: str = PATH, method: str = "POST", root: str = "", **more: Any) -> int:
        if self.kind == "wsgi":
            return self._wsgi(body, path, method, root, **more)
        return anyio.run(self._asgi, body, path, method, root, more.get("length", len(body)))

    def _wsgi(self, body: bytes, path: str, method: str, root: str, **more: Any) -> int:
        statuses: list[int] = []
        length = more.get("length", len(body))
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": root,
            "PATH_INFO": path,
            "wsgi.input": io.BytesIO(body),
            **({} if length is None else {"CONTENT_LENGTH": str(length)}),
            **more.get("environ", {}),
        }
        answer = self.receiver(environ, lambda status, headers: statuses.append(int(status[:3])))
        b"".join(answer)
        self.seen.append("answered")
        answer.close()
        answer.close()
        return statuses[0]

    async def _asgi(self, body: bytes, path: str, method: str, root: str, length: Any) -> int:
        pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)] or [b""]
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            else:
                self.seen.append("answered")

        headers = [] if length is None else [(b"Content-Length", str(length).encode())]
        scope = {"type": "http", "method": method, "path": root + path, "root_path": root, "headers": headers}
        await self.receiver(scope, receive, send)
        return statuses[0]


@pytest.fixture(params=["asgi", "asgi in a thread", "wsgi"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_answers_and_then_hands_over_each_delivery_once(kind: str) -> None:
    served = Served(kind)
    assert [200, 200, 200] == [served.post(), served.post(), served.post(root="/app")]
    assert ["answered", "handled", "answered", "answered"] == served.seen
    assert ["Are you open?"] == [text.message for text in served.texts]


def test_equal_words_at_another_time_are_another_text(kind: str) -> None:
    served = Served(kind)
    for more in ({}, {"created_at": 1_772_366_400_251}, {"created_at": None}, {"created_at": None}):
        served.post(json.dumps({**DELIVERY, **more}).encode())
    assert 4 == len(served.texts)


def test_the_path_is_a_secret(kind: str) -> None:
    served = Served(kind)
    for path in ("/", "", PATH[:-1], PATH + "0", "/texts/0123456789abcdeF", "/texts/ö123456789abcdef"):
        assert 404 == served.post(path=path)
    assert 404 == served.post(path="/", method="GET")
    assert 405 == served.post(method="GET")
    assert [] == served.texts
    assert 200 == served.post(path="", root=PATH)


@pytest.mark.parametrize("length", ["true", "none", "less"])
def test_a_body_of_ten_megabytes_is_refused(kind: str, length: str) -> None:
    served, big = Served(kind), b'{"message_content": "' + b"a" * 10_000_000
    told = {"true": len(big), "none": None, "less": 1_000}[length]
    status = served.post(big, length=told, environ={"wsgi.input_terminated": True})
    assert (400 if kind == "wsgi" and length == "less" else 413) == status
    assert [] == served.texts
    assert 200 == served.post()


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5000, "²"])
def test_a_length_that_is_none_is_refused(kind: str, length: str) -> None:
    assert (413 if length[0] == "9" else 400) == Served(kind).post(length=length)


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"[]", b"{", b'{"message_content": 7}', b"[" * 60_000])
def test_garbage_is_refused(kind: str, body: bytes) -> None:
    served = Served(kind)
    assert 400 == served.post(body)
    assert 200 == served.post()
    assert 1 == len(served.texts)


def test_what_went_out_is_not_handed_over(kind: str) -> None:
    served = Served(kind)
    assert 200 == served.post(json.dumps({**DELIVERY, "direction": "outbound"}).encode())
    assert [] == served.texts


@pytest.mark.promise("D3")
def test_a_handler_that_raises_is_given_the_next_delivery_and_nothing_personal_is_logged(kind: str) -> None:
    failures = [ValueError("Are you open? +12025550123")]

    def fail(text: InboundSms) -> None:
        if failures:
            raise failures.pop()

    served = Served(kind, fail)
    with watching(["Are you open", "2025550123", PATH]) as watch:
        assert [200, 200, 200] == [served.post(), served.post(), served.post()]
    assert 2 == len(served.texts)
    assert [] == watch.found
    assert 1 == watch.heard["alive5"]


def test_an_interrupt_of_a_handler_stays_one(kind: str) -> None:
    def interrupt(text: InboundSms) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Served(kind, interrupt).post()


def test_what_is_remembered_is_bounded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alive5.receiving.request._REMEMBERED", 2)
    served = Served(kind)
    for at in (1, 2, 3, 3, 1):
        served.post(json.dumps({**DELIVERY, "created_at": 1_772_366_400_250 + at}).encode())
    assert 4 == len(served.texts)


@pytest.mark.parametrize(
    "options",
    [
        {"path": "/texts"},
        {"path": "texts/0123456789abcdef"},
        {"path": "/texts/ö123456789abcdef"},
        {"path": None},
        {"path": PATH, "max_bytes": 0},
        {"path": PATH, "timeout": -1},
        {"path": PATH, "handler": None},
    ],
)
def test_the_options_are_checked(options: dict[str, Any]) -> None:
    for make in (AsgiReceiver, WsgiReceiver):
        with pytest.raises(InvalidArgumentError):
            make(**{"handler": print, **options})


def test_a_slow_body_is_refused_by_asgi() -> None:
    texts: list[Any] = []
    sent: list[Any] = []

    async def drip() -> dict[str, Any]:
        await anyio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    async def main() -> None:
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
        await AsgiReceiver(texts.append, path=PATH, timeout=0.1)(scope, drip, send)

    anyio.run(main)
    assert (408, []) == (sent[0]["status"], texts)
    assert (b"connection", b"close") in sent[0]["headers"]


def test_no_header_that_http_2_forbids() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def main(version: str) -> None:
        scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "http_version": version}
        await AsgiReceiver(print, path=PATH)(scope, send, send)  # type: ignore[arg-type]

    for version in ("1.0", "2"):
        anyio.run(main, version)
    assert [True, False] == [(b"connection", b"close") in one["headers"] for one in sent if "headers" in one]


def test_the_module_and_the_family_of_a_client_are_two_things() -> None:
    from alive5 import Alive5, webhooks

    with Alive5("test_key_webhooks") as client:
        assert client.webhooks.sms is not None
    assert not hasattr(webhooks, "sms")
    assert "webhooks" not in alive5.__all__


def test_a_client_that_leaves_is_not_answered() -> None:
    texts: list[Any] = []
    sent: list[Any] = []
    messages = [{"type": "http.request", "body": BODY, "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def main() -> None:
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
        await AsgiReceiver(texts.append, path=PATH)(scope, receive, send)

    anyio.run(main)
    assert ([], []) == (sent, texts)


def test_the_other_scopes_of_asgi() -> None:
    sent: list[Any] = []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def main() -> None:
        receiver = AsgiReceiver(print, path=PATH)
        await receiver({"type": "lifespan"}, receive, send)
        await receiver({"type": "websocket"}, receive, send)

    anyio.run(main)
    assert ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"] == sent


def test_a_dripping_and_a_cut_body_are_refused_by_wsgi(monkeypatch: pytest.MonkeyPatch) -> None:
    served, clock = Served("wsgi"), iter(range(0, 1000, 4))
    assert 400 == served.post(BODY[:-5], length=len(BODY))
    assert 411 == served.post(length=None)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    served = Served("wsgi", max_bytes=60_000)
    assert 408 == served.post(b" " * 50_000)
    assert [] == served.texts


def test_an_asynchronous_handler_is_refused_by_wsgi_and_an_awaitable_awaited_by_asgi() -> None:
    texts: list[InboundSms] = []

    async def handle(text: InboundSms) -> None:
        texts.append(text)

    def later(text: InboundSms) -> Any:
        return handle(text)

    served = Served("wsgi")
    served.receiver = WsgiReceiver(handle, path=PATH)
    with watching(["TypeError"]) as watch:
        assert 200 == served.post()
    assert ["a log record of alive5"] == watch.found
    served = Served("asgi")
    served.receiver = AsgiReceiver(later, path=PATH)
    assert 200 == served.post()
    assert 1 == len(texts)
