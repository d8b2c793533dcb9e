"""Sends many texts at once over one client of a front, and keeps the word each call ended with."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import attrs
from fronts.front import Front
from promises.crowd import crowd

from alive5 import Alive5Error


@attrs.frozen(kw_only=True)
class Ended:
    """What one call came to."""

    token: str
    outcome: str
    attempts: int = 1
    reason: str | None = None
    seconds: float = 0.0


def text(token: str, number: int = 0) -> dict[str, str]:
    """
    Return the arguments of a text that carries *token*, between one of many pairs of numbers.
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
    done: list[Ended] = []

    async def send(client: Any, item: tuple[int, str]) -> None:
        done.append(await _send(client, *item))

    front.run(lambda client: crowd(front, client, send, enumerate(tokens)), **options)
    return done


async def _send(client: Any, number: int, token: str) -> Ended:
    started = time.monotonic()
    try:
        sent = await client.sms.send(**text(token, number))
    except Alive5Error as error:
        seconds = time.monotonic() - started
        return Ended(token=token, outcome=error.outcome, attempts=error.attempts, reason=error.reason, seconds=seconds)
    assert sent.new_thread.thread_id
    return Ended(token=token, outcome="accepted", seconds=time.monotonic() - started)
