"""Asking a host's own server over plain HTTP, and what its answers have to look like."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hosts.server import FakeAlive5

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
