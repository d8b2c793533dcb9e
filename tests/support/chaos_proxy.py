"""
A TCP proxy that spoils exchanges by a seeded plan and knows which call it struck.

It reads a request whole, decides, lets the service have it or not, and answers
with what the fault makes of the service's answer. Everything is logged before
the client sees a byte.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from support.chaos import FAULTS, Fault, Plan, Struck
from support.chaos_answers import ACTS, PAUSE, Wire, answer, linger

_TOKEN = re.compile(rb"token-[0-9a-z-]+")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PEEKS = 500
LIMITED = FAULTS["status_429_limit"]
_ENDING = (OSError, EOFError, ssl.SSLError, asyncio.LimitOverrunError)


class Proxy:
    """Stands in front of the service on *upstream*; ``log`` has one entry for each exchange."""

    def __init__(self, upstream: int, plan: Plan, tls: ssl.SSLContext | None = None) -> None:
        self.plan = plan
        self.log: list[Struck] = []
        self.connections = 0
        self._upstream = upstream
        self._tls = tls
        self._attempts: Counter[str] = Counter()
        self._window = (0.0, 0)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        # Bound but never listening, it keeps the port while the proxy is down.
        self._keeper = _bound(0)
        self.port: int = self._keeper.getsockname()[1]
        self._accepting: asyncio.Task[None] | None = None

    async def up(self) -> None:
        """
        Listen.
        """
        listener = _bound(self.port)
        listener.listen(512)
        listener.setblocking(False)
        self._accepting = asyncio.create_task(self._accept(listener))

    async def down(self) -> None:
        """
        Refuse connections; meant for moments in which no call is under way.
        """
        if self._accepting is not None:
            self._accepting.cancel()
            await asyncio.wait((self._accepting,))
            self._accepting = None

    def forget(self) -> None:
        """
        Start the log and the counting of attempts anew.
        """
        self.log.clear()
        self._attempts.clear()

    async def settle(self) -> int:
        """
        Wait until the connections have ended; gives how many have not after ten seconds.
        """
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)
        return len(self._tasks)

    async def stop(self) -> None:
        """
        End all connections.
        """
        await self.down()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        for _, writer in self._idle:
            writer.close()
        self._keeper.close()

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with listener:
            while True:
                sock, _ = await loop.sock_accept(listener)
                self.connections += 1
                task = asyncio.create_task(self._serve(sock, self.connections))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _serve(self, sock: socket.socket, connection: int) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        spoilt = True
        with suppress(OSError):
            spoilt = await self._spoilt_at_once(sock, connection)
        if spoilt:
            sock.close()
            return
        with suppress(*_ENDING):  # from here on the socket belongs to a transport
            await self._exchanges(sock, connection)

    async def _spoilt_at_once(self, sock: socket.socket, connection: int) -> bool:
        """
        Spoil what is to be spoilt unread: a connection, or a request that lies in the socket's buffer.
        """
        if self.plan.strikes_early(connection):
            return await self._spoilt_early(sock, connection)
        if self._tls is not None or not (request := await _peek(sock, _is_whole)):
            return False
        token = _token(request)
        fault = self.plan.draw(token, self._attempts[token] + 1)
        if fault.name != "reset_before_read" or not _is_whole(request):
            return False
        self._attempts[token] += 1
        self._note(token, self._attempts[token], fault, connection)
        linger(sock)
        return True

    async def _spoilt_early(self, sock: socket.socket, connection: int) -> bool:
        name = "accept_reset" if self._tls is None else self.plan.early_name
        if self._tls is not None and not await _peek(sock, bool):
            return False
        self._note("", 0, FAULTS[name], connection)
        if name == "handshake_silent":
            while await asyncio.get_running_loop().sock_recv(sock, 1 << 16):
                pass
        elif name == "handshake_drip":
            await self._drip_record(sock)
        linger(sock)
        return True

    async def _drip_record(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for byte in b"\x16\x03\x03\x3f\xff" + bytes(2_000):
            await loop.sock_sendall(sock, bytes([byte]))
            await asyncio.sleep(PAUSE)

    async def _exchanges(self, sock: socket.socket, connection: int) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, sock, ssl=self._tls)
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        wire = Wire(reader, writer)
        try:
            while await self._exchange(wire, connection) and not await self._is_idle(reader, connection):
                pass
        finally:
            writer.close()

    async def _exchange(self, wire: Wire, connection: int) -> bool:
        request = await _read_message(wire.reader)
        token = _token(request)
        self._attempts[token] += 1
        attempt = self._attempts[token]
        fault = LIMITED if self._is_over_the_limit() else self.plan.draw(token, attempt)
        self._note(token, attempt, fault, connection)
        if fault is LIMITED:
            await wire.send(answer("429 Too Many Requests", b"", f"Retry-After: {self.plan.window:g}"))
            return True
        good = await self._forward(request) if fault.delivers else b""
        return await ACTS[fault.name](wire, good, random.Random(f"{self.plan.seed}/{token}/{attempt}/act"))

    async def _is_idle(self, reader: asyncio.StreamReader, connection: int) -> bool:
        if not self.plan.idle:
            return False
        patience = random.Random(f"{self.plan.seed}/idle/{connection}/{len(self.log)}").uniform(0, self.plan.idle)
        await asyncio.sleep(patience)
        return not reader._buffer  # type: ignore[attr-defined]

    def _is_over_the_limit(self) -> bool:
        if not self.plan.limit:
            return False
        now = asyncio.get_running_loop().time()
        if now >= self._window[0] + self.plan.window:
            self._window = (now, 0)
        start, used = self._window
        self._window = (start, used + 1)
        return used >= self.plan.limit

    def _note(self, token: str, attempt: int, fault: Fault, connection: int) -> None:
        self.log.append(Struck(token=token, attempt=attempt, fault=fault.name, connection=connection))

    async def _forward(self, request: bytes) -> bytes:
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self._upstream)
        writer.write(request)
        good = await _read_message(reader)
        self._idle.append((reader, writer))
        return good


def _bound(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    return sock


def _token(request: bytes) -> str:
    found = _TOKEN.search(request)
    return found.group().decode() if found else ""


def _size(head: bytes) -> int:
    found = _LENGTH.search(head)
    return int(found.group(1)) if found else 0


def _is_whole(data: bytes) -> bool:
    head, end, body = data.partition(b"\r\n\r\n")
    return bool(end) and len(body) >= _size(head)


async def _peek(sock: socket.socket, enough: Callable[[bytes], bool]) -> bytes:
    """
    Wait until *enough* lies in the socket's buffer, without taking it; b"" when the client goes.

    An end behind half a request cannot be seen this way, so the waiting is bounded.
    """
    data = b""
    for _ in range(_PEEKS):
        with suppress(BlockingIOError):
            data = sock.recv(1 << 18, socket.MSG_PEEK)
            if not data or enough(data):
                return data
        await asyncio.sleep(0.001)
    return data


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return head + await reader.readexactly(_size(head))
