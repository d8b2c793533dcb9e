"""Sends many texts at once over one client of a front, and keeps the word each call ended with."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import anyio
import attrs
from fronts.front import Front

from alive5 import Alive5Error

WORKERS = 20


@attrs.frozen(kw_only=True)
class Ended:
    """What one call came to."""

    token: str
    outcome: str
    attempts: int = 1
    reason: str | None = None
    seconds: float = 0.0


def text(token: str, number: int) -> dict[str, str]:
    """
    Give the arguments of a text that carries *token*, between one of many pairs of numbers.
    """
    return {
        "phone_number_from": f"+120255501{number % 100:02}",
        "phone_number_to": f"+120255501{number // 100 % 100:02}",
        "message": token,
        "channel_id": "channel-line-1",
        "user_id": "agent-maria",
    }


def send_all(front: Front, tokens: Iterable[str], **options: Any) -> list[Ended]:
    """
    Send a text for each token, twenty at a time, over one client.
    """
    pending = enumerate(tokens)
    done: list[Ended] = []
    if front.is_blocking:
        front.run(lambda client: _in_threads(client, pending, done), **options)
    else:
        front.run(lambda client: _in_tasks(client, pending, done), **options)
    return done


async def _work(client: Any, pending: Iterator[tuple[int, str]], done: list[Ended]) -> None:
    for number, token in pending:
        done.append(await _send(client, token, number))


async def _send(client: Any, token: str, number: int) -> Ended:
    started = time.monotonic()
    try:
        sent = await client.sms.send(**text(token, number))
    except Alive5Error as error:
        seconds = time.monotonic() - started
        return Ended(token=token, outcome=error.outcome, attempts=error.attempts, reason=error.reason, seconds=seconds)
    assert sent.new_thread.thread_id
    return Ended(token=token, outcome="accepted", seconds=time.monotonic() - started)


async def _in_tasks(client: Any, pending: Iterator[tuple[int, str]], done: list[Ended]) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(WORKERS):
            group.start_soon(_work, client, pending, done)


async def _in_threads(client: Any, pending: Iterator[tuple[int, str]], done: list[Ended]) -> None:
    front, wrong = Front("sync"), []
    shared = _Locked(pending)

    def work() -> None:
        try:
            front.drive(lambda: _work(client, shared, done))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


class _Locked(Iterator[Any]):
    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items
        self._lock = threading.Lock()

    def __next__(self) -> Any:
        with self._lock:
            return next(self._items)
