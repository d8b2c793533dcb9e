"""The fake service all hosts talk to, and what they are asked for under load."""

from __future__ import annotations

import itertools
import json
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import attrs
import trustme

KEY = "test_key_hosts"
PAGES = 6
LIMIT = 5
_connections = itertools.count(1)


@attrs.frozen(kw_only=True)
class Asked:
    """One request: its number, the connection it came by, and the token it asked to have echoed."""

    number: int
    connection: int
    path: str
    token: str | None


@attrs.define(eq=False)
class Ledger:
    """What arrived, counted before anything is answered."""

    asked: list[Asked] = attrs.field(factory=list)
    deliveries: list[str] = attrs.field(factory=list)
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def enter(self, connection: int, path: str, token: str | None) -> int:
        """
        Note a request that came.
        """
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            self.asked.append(Asked(number=len(self.asked) + 1, connection=connection, path=path, token=token))
            return len(self.asked)

    def leave(self) -> None:
        """
        Note that a request is answered.
        """
        with self._lock:
            self._now -= 1

    def owners(self) -> dict[int, set[str]]:
        """
        Give, for each connection, the processes whose tokens came by it.
        """
        found: dict[int, set[str]] = {}
        for asked in self.asked:
            if asked.token is not None:
                found.setdefault(asked.connection, set()).add(asked.token.partition("-")[0])
        return found


class FakeAlive5:
    """
    Serves tags (a new one for each request), an echo, livechat pages, a refusal and the sending of texts.

    Every answer takes *delay* seconds, so that requests meant to overlap do;
    the certificate to trust is written into *folder*.
    """

    def __init__(self, folder: Path, *, delay: float = 0.01, tls: bool = True) -> None:
        self.ledger = Ledger()
        handler = type("Handler", (_Handler,), {"ledger": self.ledger, "delay": delay})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        authority, trusted = trustme.CA(), folder / "trusted.pem"
        authority.cert_pem.write_to_path(str(trusted))
        if tls:
            self._server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("127.0.0.1").configure_cert(self._server.tls)
        url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"
        self.variables = {"FAKE_URL": url, "SSL_CERT_FILE": str(trusted)}

    def __enter__(self) -> FakeAlive5:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        """
        Serve a connection in its own thread, the handshake included.
        """
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True) as wrapped:
            super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """
        Stay silent: a client that is killed resets its connections.
        """


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; with Nagle's algorithm the second waits 40 ms.
    disable_nagle_algorithm = True
    timeout = 60
    ledger: Ledger
    delay: float

    def setup(self) -> None:
        """
        Number the connection: its port may be another client's a second later.
        """
        super().setup()
        self.connection = next(_connections)

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        number = self.ledger.enter(self.connection, parts.path, query.get("token"))
        try:
            time.sleep(self.delay)
            status, document = self._answer(parts.path, query, body, number)
        finally:
            self.ledger.leave()
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, path: str, query: dict[str, str], body: bytes, number: int) -> tuple[int, dict[str, Any]]:
        if self.headers.get("x-a5-apikey") != KEY:
            return _refused(400, "Invalid token")
        if path == "/objects/tags/list":
            return _good([{"tag_id": f"tag-{number}", "tag_label": "Sales"}])
        if path == "/echo":
            return _good({"token": query.get("token")})
        if path == "/conversations/livechat":
            return _page(int(query["page"]))
        if path == "/conversations/sms/send":
            message = _field(body, self.headers["content-type"], "message")
            self.ledger.deliveries.append(message)
            return _good({"code": 200, "data": {"newThread": {"thread_id": f"thread of {message}"}}, "error": None})
        return _refused(400, "a field is missing")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it overrides
        """
        Write no log.
        """


def _field(body: bytes, content_type: str, name: str) -> str:
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = (part for part in form.walk() if part.get_param("name", header="content-disposition") == name)
    return str(next(parts).get_payload())


def _good(data: Any) -> tuple[int, dict[str, Any]]:
    return 200, {"code": 200, "data": data, "error": None}


def _refused(status: int, text: str) -> tuple[int, dict[str, Any]]:
    return status, {"code": status, "data": None, "error": text}


def _page(number: int) -> tuple[int, dict[str, Any]]:
    rows = [{"alive5_sessionID": f"chat-{number}-{row}"} for row in range(LIMIT)] if 1 <= number <= PAGES else []
    return _good({"Items": rows, "page": number, "totalPages": PAGES, "totalRecord": PAGES * LIMIT})


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str) -> dict[str, Any]:
    """
    Get one JSON document.
    """
    try:
        with _opener.open(url, timeout=20) as response:
            document: dict[str, Any] = json.load(response)
            return document
    except urllib.error.HTTPError as error:
        # Its traceback would hold the socket open.
        error.close()
        failure = f"{url} answered {error.code}"
    raise AssertionError(failure)


def ask_all(url: str, count: int) -> list[dict[str, Any]]:
    """
    Get *count* documents, eight at a time, some of them with a listing.
    """
    urls = [f"{url}/{'chats' if number % 10 == 0 else ''}" for number in range(count)]
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, urls))


def check(answers: Sequence[dict[str, Any]], fake: FakeAlive5) -> None:
    """
    Every caller got its own answer, each once, and no connection served two processes.
    """
    assert [answer["asked"] for answer in answers] == [answer["echoed"] for answer in answers]
    assert len(answers) == len({answer["tag"] for answer in answers})
    check_connections(fake)


def check_connections(fake: FakeAlive5) -> None:
    """
    No connection served two processes.
    """
    owners = fake.ledger.owners()
    assert owners
    assert [] == [pids for pids in owners.values() if len(pids) > 1]
