"""Whatever breaks: a write is delivered at most once, and the word about it is true."""

from __future__ import annotations

import gzip
import random
import threading
import time
from collections import Counter, defaultdict
from typing import Any

import pytest
from support.counts import Seeded
from support.exchanges import QUICK, attempt, client_context, read, server_context, write_as
from support.front import Front
from support.loopback import OK, Loopback, Peer, Request, head

from alive5 import RetryPolicy, Timeout, errors
from alive5._port.threads import BlockingVerbs
from alive5._port.verbs import AsyncVerbs

BEFORE = ("reset before reading", "429", "400", "400 inside 200", "403 cut")
AFTER = (
    "reset after reading",
    "end after reading",
    "truncated",
    "silence",
    "garbage",
    "flood of 1xx",
    "broken gzip",
    "500",
    "502",
    "503",
    "504",
    "500 inside 200",
    "error inside 200",
    "HTML",
)
HARMLESS = ("sliced", "some 1xx", "dripped")
FAULTS = BEFORE + AFTER + HARMLESS
AMBIGUOUS = {"reset before reading", *AFTER}


class Faulty:
    """
    Deals a fault for every request by a seed, each before one comes again; the ledger counts before the fault.
    """

    def __init__(self, seed: int, *, rate: float = 0.5) -> None:
        self._chance = random.Random(seed)
        self._rate = rate
        self._deck: list[str] = []
        self._lock = threading.Lock()
        self.delivered: Counter[str] = Counter()
        self.faults: defaultdict[str, list[str]] = defaultdict(list)

    def __call__(self, peer: Peer) -> None:
        """
        Serve one connection.
        """
        while True:
            fault, at = self._choose()
            if fault == "reset before reading":
                peer.sock.recv(1)
                peer.reset()
                return
            request = peer.read()
            if request is None:
                return
            with self._lock:
                self.faults[request.token].append(fault)
                if fault not in BEFORE:
                    self.delivered[request.token] += 1
            if not self._answer(peer, request, fault, at):
                return

    def _choose(self) -> tuple[str, float]:
        with self._lock:
            at = self._chance.random()
            if self._chance.random() >= self._rate:
                return "none", at
            if not self._deck:
                self._deck = self._chance.sample(FAULTS, len(FAULTS))
            return self._deck.pop(), at

    def _answer(self, peer: Peer, request: Request, fault: str, at: float) -> bool:
        whole = head("200 OK", f"Content-Length: {len(OK)}") + OK
        if fault in ("none", "some 1xx"):
            peer.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" * (20 if fault == "some 1xx" else 0) + whole)
        elif fault in ("sliced", "dripped"):
            peer.drip((whole[place : place + 1] for place in range(len(whole))), 0.0001 if fault == "dripped" else 0)
        elif fault in ("429", "400", "500", "502", "503", "504"):
            peer.answer(b'{"code":%s,"data":null,"error":"no"}' % fault.encode(), f"{fault} No")
        elif fault.endswith("inside 200"):
            word = fault.split(maxsplit=1)[0]
            code, error = ("200", '"odd"') if word == "error" else (word, "{}")
            peer.answer(f'{{"code":{code},"data":null,"error":{error}}}'.encode())
        else:
            self._break(peer, fault, whole, at)
            return False
        return True

    def _break(self, peer: Peer, fault: str, whole: bytes, at: float) -> None:
        if fault == "reset after reading":
            peer.reset()
        elif fault == "truncated":
            peer.send(whole[: 1 + int(at * (len(whole) - 1))])
        elif fault == "silence":
            peer.hang()
        elif fault == "garbage":
            peer.send(b"\x15\x03\x01 lorem\r\n\r\n")
        elif fault == "flood of 1xx":
            peer.send(b"HTTP/1.1 102 Processing\r\n\r\n" * 200)
        elif fault == "broken gzip":
            peer.answer(gzip.compress(OK)[:-5], "200 OK", "Content-Encoding: gzip", "Connection: close")
        elif fault == "403 cut":
            peer.send(head("403 Forbidden", "Content-Length: 999") + b"{")
        elif fault == "HTML":
            peer.answer(b"<html>", "200 OK", "Connection: close")


SENDS = 200


def in_parallel(front: Front, scenario: Any, items: list[Any], limit: int, url: str, **options: Any) -> list[Any]:
    """
    Run the scenario for each item over one client, *limit* at once.
    """
    verbs = BlockingVerbs() if front.is_blocking else AsyncVerbs()

    async def all_of(client: Any) -> Any:
        return await verbs.fan_out(lambda item: scenario(client, item), items, limit)

    result = attempt(front, all_of, url, **options)
    assert result.error is None
    found: list[Any] = result.value
    return found


async def send(client: Any, token: str) -> tuple[str, str]:
    try:
        await write_as(token)(client)
    except errors.Alive5Error as error:
        return f"token-{token}", error.outcome
    return f"token-{token}", "accepted"


@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
@pytest.mark.parametrize("turn", range(3))
def test_every_word_about_a_write_is_true(front: Front, turn: int, tls: bool, seeded: Seeded) -> None:
    faulty = Faulty(seeded.randrange(1_000_000) + turn)
    count = SENDS // 2
    with Loopback(faulty, tls=server_context() if tls else None) as server:
        options = {
            "retry": QUICK,
            "timeout": Timeout(total=20.0, read=1.0),  # a loaded machine takes a while
            "max_connections": 6,
            "ssl_context": client_context(),
        }
        words = in_parallel(front, send, [str(number) for number in range(count)], 8, server.url, **options)
    assert len(words) == count
    assert max(faulty.delivered.values()) == 1
    for token, word in words:
        faults, delivered = faulty.faults[token], faulty.delivered[token]
        if word == "accepted":
            assert delivered == 1
        elif word in ("rejected", "not_sent"):
            assert delivered == 0
        else:
            assert word == "unknown"
            # A reset before reading comes before the token is known, at the first attempt or after a 429.
            assert not faults or faults[-1] in {*AMBIGUOUS, "429"}
        if faults and faults[-1] in ("none", "sliced", "some 1xx", "dripped"):
            assert word == "accepted"
    assert {word for _, word in words} == {"accepted", "rejected", "unknown"}


def impatient(seed: int) -> Any:
    chance = random.Random(seed)

    def handle(peer: Peer) -> None:
        while request := peer.read():
            peer.answer_data([{"tag_label": request.token}])
            if chance.random() < 0.5:
                time.sleep(chance.random() * 0.002)
                return

    return handle


def test_a_server_that_drops_idle_connections_is_no_trouble(front: Front, seeded: Seeded) -> None:
    async def call(client: Any, number: int) -> str:
        if number % 2:
            await read(client)
            return "read"
        return (await send(client, str(number)))[1]

    with Loopback(impatient(seeded.seed_value)) as server:
        options = {"retry": RetryPolicy(attempts=8, initial=0.001, maximum=0.002, budget=5000), "max_connections": 4}
        words = in_parallel(front, call, list(range(600)), 4, server.url, **options)
    assert ["accepted", "read"] * 300 == words
    tokens = [request.token for request in server.requests if request.method == "POST"]
    assert len(set(tokens)) == len(tokens) == 300
