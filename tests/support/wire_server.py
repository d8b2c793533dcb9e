"""A server on this machine that records what it is sent, byte by byte, and answers as told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType

import attrs

GOOD = b'{"code": 200, "data": [{"tag_id": "1"}], "error": null}'


@attrs.frozen(kw_only=True)
class Heard:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes
    raw: bytes


Answerer = Callable[[Heard], bytes | None]


def http(body: bytes = GOOD, status: str = "200 OK", *headers: str) -> bytes:
    """
    Write an HTTP answer.
    """
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Last(bytes):
    """An answer after which the connection is closed."""


class WireServer:
    """
    Answers each request with what *answer* gives; None closes without an answer.
    """

    def __init__(self, answer: Answerer = lambda heard: http()) -> None:
        self.answer = answer
        self.heard: list[Heard] = []
        self.bytes_seen = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = [self._listener]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self.port}/public/1.0"

    def __enter__(self) -> WireServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for held in self._held:
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            held.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._held.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while (heard := self._read(connection)) is not None:
                    self.heard.append(heard)
                    answer = self.answer(heard)
                    if answer is None:
                        return
                    connection.sendall(answer)
                    if isinstance(answer, Last):
                        return
            except OSError:
                return

    def _read(self, connection: socket.socket) -> Heard | None:
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = connection.recv(65536)
            self.bytes_seen += chunk
            if not chunk:
                return None
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        line, *rest = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (text.partition(":") for text in rest)}
        while len(body) < int(headers.get("content-length", 0)):
            chunk = connection.recv(65536)
            self.bytes_seen += chunk
            body += chunk
        return Heard(line=line, headers=headers, body=body, raw=head + b"\r\n\r\n" + body)
