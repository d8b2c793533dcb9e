"""How each fault looks on the wire: bytes written to the client in place of the good answer."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

PAUSE: Final = 0.05
_JSON: Final = "Content-Type: application/json"
_HTML: Final = "Content-Type: text/html"
_PAGE: Final = b"<!doctype html><title>Sign in</title>"


class Wire:
    """The client's side of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        """
        Send bytes now.
        """
        if self.reader.at_eof() or self.writer.is_closing():  # TLS of asyncio goes on writing into the void
            raise ConnectionResetError("the client is gone")
        self.writer.write(data)
        await self.writer.drain()

    async def drip(self, data: bytes) -> None:
        """
        Send a byte at a time, with a pause after each.
        """
        for byte in data:
            await self.send(bytes([byte]))
            await asyncio.sleep(PAUSE)

    async def until_gone(self) -> None:
        """
        Say nothing until the client goes.
        """
        with suppress(OSError):
            await self.reader.read()

    def reset(self) -> None:
        """
        Close with RST.
        """
        linger(self.writer.get_extra_info("socket"))
        self.writer.transport.abort()


def linger(sock: socket.socket) -> None:
    """
    Let the coming close be a reset.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer(status: str, body: bytes, *headers: str) -> bytes:
    """
    Write a whole answer.
    """
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def envelope(code: int, text: str) -> bytes:
    """
    Write a refusal as the service does.
    """
    return json.dumps({"code": code, "data": None, "error": text}).encode()


Act = Callable[[Wire, bytes, random.Random], Awaitable[bool]]


def _fixed(status: str, body: bytes, *headers: str) -> Act:
    async def act(wire: Wire, good: bytes, rng: random.Random) -> bool:
        await wire.send(answer(status, body, *headers))
        return True

    return act


async def _none(wire: Wire, good: bytes, rng: random.Random) -> bool:
    await wire.send(good)
    return True


async def _slices(wire: Wire, good: bytes, rng: random.Random) -> bool:
    for byte in good:
        await wire.send(bytes([byte]))
    return True


async def _interim(wire: Wire, good: bytes, rng: random.Random) -> bool:
    await wire.send(b"HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\n" * rng.randint(1, 20) + good)
    return True


async def _reset(wire: Wire, good: bytes, rng: random.Random) -> bool:
    wire.reset()
    return False


async def _fin(wire: Wire, good: bytes, rng: random.Random) -> bool:
    return False


async def _truncated(wire: Wire, good: bytes, rng: random.Random) -> bool:
    await wire.send(good[: rng.randrange(len(good))])
    if rng.random() < 0.5:
        wire.reset()
    return False


async def _delayed(wire: Wire, good: bytes, rng: random.Random) -> bool:
    await wire.until_gone()
    return False


async def _drip(wire: Wire, good: bytes, rng: random.Random) -> bool:
    head, split, body = good.partition(b"\r\n\r\n")
    # The head alone takes longer than any call of the tests may.
    await wire.drip(head + b"\r\nX-Slow: " + b"s" * 1000 + split + body)
    return False


async def _drip_body(wire: Wire, good: bytes, rng: random.Random) -> bool:
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
    await wire.drip(b"[" + b" " * 9998)
    return False


async def _garbage(wire: Wire, good: bytes, rng: random.Random) -> bool:
    start = rng.choice(
        [b"\x00\xff\x16\x03", b"HTTP/1.1 abc OK", b"SSH-2.0-x", b"HTTP/9 200", b"200 OK", b"H" * 200_000]
    )
    await wire.send(start + b"\r\n\r\n" + rng.randbytes(rng.randrange(200)))
    return False


async def _flood(wire: Wire, good: bytes, rng: random.Random) -> bool:
    while True:
        await wire.send(b"HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\n" * 10)
        await asyncio.sleep(PAUSE / 5)


async def _broken_gzip(wire: Wire, good: bytes, rng: random.Random) -> bool:
    packed = gzip.compress(good.partition(b"\r\n\r\n")[2])
    spoilt = rng.choice([packed[: rng.randrange(1, len(packed))], packed[:-8] + bytes(8), rng.randbytes(len(packed))])
    await wire.send(answer("200 OK", spoilt, _JSON, "Content-Encoding: gzip"))
    return True


ACTS: Final[dict[str, Act]] = {
    "none": _none,
    "slices": _slices,
    "interim": _interim,
    "reset_before_read": _reset,
    "reset_after_read": _reset,
    "fin_after_read": _fin,
    "reset_after_delivery": _reset,
    "truncated": _truncated,
    "delayed": _delayed,
    "drip": _drip,
    "drip_body": _drip_body,
    "garbage": _garbage,
    "flood": _flood,
    "broken_gzip": _broken_gzip,
    "status_500": _fixed("500 Internal Server Error", envelope(500, "Internal error"), _JSON),
    "status_502": _fixed("502 Bad Gateway", _PAGE, _HTML),
    "status_503": _fixed("503 Service Unavailable", _PAGE, _HTML),
    "status_504": _fixed("504 Gateway Timeout", _PAGE, _HTML),
    "html": _fixed("200 OK", _PAGE, _HTML),
    "error_500_in_200": _fixed("200 OK", envelope(500, "Internal error"), _JSON),
    "status_422": _fixed("422 Unprocessable Entity", envelope(422, "Unprocessable"), _JSON),
    "error_400_in_200": _fixed("200 OK", envelope(400, "Something is missing"), _JSON),
    "status_429": _fixed("429 Too Many Requests", envelope(429, "Too many requests"), _JSON),
    "status_429_waiting": _fixed("429 Too Many Requests", b"", "Retry-After: 0.02"),
    "status_429_day": _fixed("429 Too Many Requests", b"", "Retry-After: 86400"),
    "error_429_in_200": _fixed("200 OK", envelope(429, "Too many requests"), _JSON),
}
