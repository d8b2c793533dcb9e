"""What may come back: whole bodies are read, broken ones are never taken for an answer."""

from __future__ import annotations

import gzip
import itertools

import pytest
from support.exchanges import attempt, read, write
from support.front import Front
from support.loopback import OK, Handle, Loopback, Peer, head

from alive5 import errors

BOMB_PART = gzip.compress(bytes(64 * 1024 * 1024), 9)


def answers(data: bytes, *, endless: bytes = b"") -> Handle:
    """
    Return a server that sends exactly these bytes after each request, and closes.
    """

    def handle(peer: Peer) -> None:
        if peer.read():
            peer.send(data)
            while endless:
                peer.send(endless)

    return handle


def body(content: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return head(status, "Connection: close", f"Content-Length: {len(content)}", *headers) + content


def chunked(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


GZIP = "Content-Encoding: gzip"
CHUNKED = "Transfer-Encoding: chunked"

WHOLE = {
    "plain": body(OK),
    "identity": body(OK, "Content-Encoding: identity"),
    "gzip": body(gzip.compress(OK), GZIP),
    "gzip in upper case": body(gzip.compress(OK), "CONTENT-ENCODING:  GZIP "),
    "x-gzip": body(gzip.compress(OK), "Content-Encoding: x-gzip"),
    "gzip in two members": body(gzip.compress(OK[:9]) + gzip.compress(OK[9:]), GZIP),
    "gzip with an empty member": body(gzip.compress(OK) + gzip.compress(b""), GZIP),
    "gzip a byte a chunk": head("200 OK", CHUNKED, GZIP)
    + b"".join(chunked(bytes([byte])) for byte in gzip.compress(OK[:9]) + gzip.compress(OK[9:]))
    + b"0\r\n\r\n",
    "chunked": head("200 OK", CHUNKED) + chunked(OK[:9]) + chunked(OK[9:]) + b"0\r\n\r\n",
    "until the end": head("200 OK", "Connection: close") + OK,
    "after some 1xx": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50 + body(OK),
    "content beyond its length": body(OK) + b"surplus",
}
BROKEN = {
    "empty": body(b""),
    "HTML": body(b"<!doctype html><title>Sign in</title>", "Content-Type: text/html"),
    "truncated gzip": body(gzip.compress(OK)[:-9], GZIP),
    "gzip without its last byte": body(gzip.compress(OK)[:-1], GZIP),
    "second member cut": body(gzip.compress(OK) + gzip.compress(OK)[:-1], GZIP),
    "gzip with a wrong checksum": body(gzip.compress(OK)[:-8] + bytes(8), GZIP),
    "said to be gzip": body(OK, GZIP),
    "gzip, gzip": body(gzip.compress(gzip.compress(OK)), "Content-Encoding: gzip, gzip"),
    "gzip twice by two headers": body(gzip.compress(gzip.compress(OK)), GZIP, GZIP),
    "br": body(b"\x0b\x02\x80hello\x03", "Content-Encoding: br"),
    "deflate": body(b"x\x9c\x03\x00\x00\x00\x00\x01", "Content-Encoding: deflate"),
    "length too long": head("200 OK", f"Content-Length: {len(OK) + 1}") + OK,
    "length too short": head("200 OK", "Connection: close", f"Content-Length: {len(OK) - 1}") + OK,
    "chunked cut in a chunk": head("200 OK", CHUNKED) + chunked(OK)[:-9],
    "chunked cut between chunks": head("200 OK", CHUNKED) + chunked(OK),
    "many values": body(gzip.compress(b"[" + b"{}," * 1_100_000 + b"{}]"), GZIP),
    "many rows": body(gzip.compress(b'{"code":200,"data":[' + b"[]," * 150_000 + b"[]]}"), GZIP),
    "chunk of no size": head("200 OK", CHUNKED) + b"zz\r\n" + OK,
}
NO_HTTP = {
    "nothing": b"",
    "garbage": b"\x00\xff\x16\x03\x01 lorem ipsum\r\n\r\n",
    "status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "head cut": head()[:-7],
    "two lengths": head("200 OK", "Content-Length: 3", "Content-Length: 4") + b"abcd",
    "flood of one header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000,
    "flood of headers": b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 30_000,
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_whole_body_is_read(front: Front, case: str) -> None:
    with Loopback(answers(WHOLE[case])) as server:
        assert attempt(front, read, server.url).value == ["support"]
        assert attempt(front, write, server.url).outcomes == ["accepted"]
        assert [request.method for request in server.requests] == ["GET", "POST"]


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_body_is_no_answer(front: Front, case: str) -> None:
    with Loopback(answers(BROKEN[case])) as server:
        result = attempt(front, read, server.url)
        assert type(result.error) is errors.ResponseError
        assert len(server.requests) == 3
        result = attempt(front, write, server.url)
        assert type(result.error) is errors.OutcomeUnknownError
        assert len(server.requests) == 4


@pytest.mark.parametrize("case", NO_HTTP)
def test_what_is_no_http_is_no_answer(front: Front, case: str) -> None:
    with Loopback(answers(NO_HTTP[case])) as server:
        result = attempt(front, read, server.url)
        assert type(result.error) is errors.TransportError
        assert len(server.requests) == 3
        result = attempt(front, write, server.url)
        assert type(result.error) is errors.OutcomeUnknownError
        assert (result.error.reason, len(server.requests)) == ("disconnected", 4)


@pytest.mark.promise("H2")
@pytest.mark.parametrize("headers", [(), (GZIP,)], ids=["plain", "gzip"])
def test_an_endless_body_is_given_up(front: Front, headers: tuple[str, ...]) -> None:
    endless = BOMB_PART if headers else b"[" * 1_000_000
    with Loopback(answers(head("200 OK", "Connection: close", *headers), endless=endless)) as server:
        result = attempt(front, write, server.url)
    assert type(result.error) is errors.OutcomeUnknownError
    assert (result.error.reason, "too_large" in str(result.error)) == ("unreadable", True)


STATUSES = {"400 Bad Request": errors.BadRequestError, "403 Forbidden": errors.PermissionDeniedError,
            "302 Found": errors.OutcomeUnknownError, "429 Too Many Requests": errors.RateLimitError}  # fmt: skip
CUTS = {
    "length": (("Content-Length: 999",), b'{"code"'),
    "gzip": (("Connection: close", GZIP), gzip.compress(OK)[:-9]),
    "gzip, gzip": (("Connection: close", "Content-Encoding: gzip, gzip"), gzip.compress(OK)),
    "chunked": ((CHUNKED,), chunked(b"x")),
    "HTML": (("Content-Length: 6",), b"<html>"),
    "bomb": (("Connection: close", GZIP), BOMB_PART),
}


@pytest.mark.parametrize(("status", "cut"), list(itertools.product(STATUSES, CUTS)))
def test_a_refusal_with_a_broken_body_stays_a_refusal(front: Front, status: str, cut: str) -> None:
    headers, content = CUTS[cut]
    location = "Location: http://127.0.0.1:1/elsewhere"
    with Loopback(answers(head(status, location, *headers) + content)) as server:
        result = attempt(front, write, server.url)
        assert type(result.error) is STATUSES[status]
        # What was sent elsewhere may have been applied there.
        outcome = "unknown" if status.startswith("302") else "rejected"
        assert (result.error.outcome, result.error.status) == (outcome, int(status[:3]))
        assert len(server.requests) == (3 if status.startswith("429") else 1)


def test_a_server_error_with_a_broken_body_leaves_a_write_unknown(front: Front) -> None:
    with Loopback(answers(head("503 Service Unavailable", "Content-Length: 999") + b"<html>")) as server:
        result = attempt(front, write, server.url)
        assert type(result.error) is errors.OutcomeUnknownError
        assert (result.error.reason, len(server.requests)) == ("server_error", 1)
        assert type(attempt(front, read, server.url).error) is errors.ServerError
        assert len(server.requests) == 4
