"""A server that breaks what it can, and remembers what was delivered before it did."""

from __future__ import annotations

import gzip
import random
import threading
from collections import Counter, defaultdict

from ports.loopback import OK, Peer, Request, head

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
AMBIGUOUS = {"reset before reading", *AFTER}


class Faulty:
    """
    Chooses a fault for every request by a seed; the ledger counts before the fault.
    """

    def __init__(self, seed: int, *, rate: float = 0.5) -> None:
        self._chance = random.Random(seed)
        self._rate = rate
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
            faulty = self._chance.random() < self._rate
            return (self._chance.choice(BEFORE + AFTER + HARMLESS) if faulty else "none"), self._chance.random()

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
