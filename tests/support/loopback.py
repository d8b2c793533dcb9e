"""A server on a loopback socket whose behaviour, byte for byte, is one function per connection."""

from __future__ import annotations

import json
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

import attrs

OK = b'{"code":200,"data":[{"tag_label":"support"}],"error":null}'


@attrs.frozen
class Request:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def token(self) -> str:
        """
        The word by which a test recognises its request, wherever it stands.
        """
        found = re.search(rb"token-[0-9a-z-]+", self.target.encode() + b" " + self.body)
        return found.group().decode() if found else ""


class Peer:
    """One accepted connection, seen from the server."""

    def __init__(self, sock: socket.socket, server: Loopback) -> None:
        self.sock = sock
        self.server = server
        self._left = b""

    def read(self) -> Request | None:
        """
        Read one request; None when the client is gone.
        """
        while b"\r\n\r\n" not in self._left:
            if not self._receive():
                return None
        head, _, rest = self._left.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = int(headers.get("content-length", "0"))
        self._left = rest
        while len(self._left) < size:
            if not self._receive():
                return None
        body, self._left = self._left[:size], self._left[size:]
        request = Request(method, target, headers, body)
        self.server.note(request)
        return request

    def _receive(self) -> bool:
        data = self.sock.recv(65536)
        self._left += data
        return bool(data)

    def send(self, data: bytes) -> None:
        """
        Send bytes as they are.
        """
        self.sock.sendall(data)

    def answer(self, body: bytes = OK, status: str = "200 OK", *headers: str) -> None:
        """
        Send a whole answer.
        """
        self.send(head(status, f"Content-Length: {len(body)}", *headers) + body)

    def answer_data(self, data: Any) -> None:
        """
        Send data in a good envelope.
        """
        self.answer(json.dumps({"code": 200, "data": data, "error": None}).encode())

    def drip(self, parts: Iterable[bytes], pause: float) -> None:
        """
        Send the parts with a pause after each, until the server stops or the client is gone.
        """
        for part in parts:
            self.send(part)
            if self.server.stopping.wait(pause):
                return

    def hang(self) -> None:
        """
        Say nothing more, but stay connected until the client goes or the server stops.
        """
        self.sock.settimeout(0.1)
        while not self.server.stopping.is_set():
            try:
                if not self.sock.recv(65536):
                    return
            except TimeoutError:
                continue

    def reset(self) -> None:
        """
        Close with RST.
        """
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


def head(status: str = "200 OK", *headers: str) -> bytes:
    """
    Write the head of an answer.
    """
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: application/json", *headers, "", ""]).encode()


Handle = Callable[[Peer], object]


def serve_ok(peer: Peer) -> None:
    """
    Answer every request of a connection well, with its token as the data.
    """
    while request := peer.read():
        peer.answer_data([{"tag_label": request.token, "message": request.token}])


class Loopback:
    """
    Runs *handle* in a thread for every connection; counts connections and requests.

    With *early* the function sees the connection before the TLS handshake.
    """

    def __init__(self, handle: Handle = serve_ok, *, tls: ssl.SSLContext | None = None, early: bool = False) -> None:
        self._handle = handle
        self._tls = tls
        self._early = early
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}"
        self.stopping = threading.Event()
        self.connections = 0
        self.requests: list[Request] = []
        self.wrong: list[BaseException] = []

    def note(self, request: Request) -> None:
        """
        Enter a request into the ledger.
        """
        with self._lock:
            self.requests.append(request)

    def tokens(self) -> list[str]:
        """
        List the tokens that arrived, in order.
        """
        with self._lock:
            return [request.token for request in self.requests]

    @property
    def open_connections(self) -> int:
        """
        How many connections have not ended.
        """
        with self._lock:
            return len(self._open)

    def __enter__(self) -> Loopback:
        self._spawn(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        with self._lock:
            waiting, threads = list(self._open), list(self._threads)
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes the accepting thread
        for sock in waiting:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in threads:
            thread.join(10)
        self._listener.close()
        if self.wrong and error is None:
            raise self.wrong[0]

    def _spawn(self, target: Callable[..., object], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self.stopping.is_set():
                sock.close()
                return
            sock.settimeout(30)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._open.add(sock)
            self._spawn(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        used = sock
        try:
            if self._tls is not None and not self._early:
                used = self._tls.wrap_socket(sock, server_side=True)
            with self._lock:
                self._open.discard(sock)
                self._open.add(used)
            self._handle(Peer(used, self))
        except OSError:
            pass
        except BaseException as error:
            self.wrong.append(error)
        finally:
            with self._lock:
                self._open -= {sock, used}
            sock.close()
            used.close()
