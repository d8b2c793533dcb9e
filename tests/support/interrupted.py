"""
A program that sends text after text until it is stopped, again and again.

It is given moments, each a front, a way of stopping and the seconds until then,
and tells for each what came out, how soon, and what the events and the warning
lines said by then.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import anyio
import trio

from alive5 import Alive5, AsyncAlive5, Event
from support.crowd import text

LINGER = 0.15


class Lines(logging.Handler):
    """Counts warning lines."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


class Moment:
    """One run that is stopped after some seconds."""

    def __init__(self, number: int, delay: float, options: dict[str, Any]) -> None:
        self.number = number
        self.options = options
        self.events: list[str] = []
        self.stop: Callable[[], object] = lambda: None
        self._delay = delay
        self._stopped_at = 0.0

    def token(self, place: str) -> str:
        return f"token-{os.getpid()}-{self.number}-{place}"

    def note(self, event: Event) -> None:
        self.events.append(event.outcome)

    def arm(self, stop: Callable[[], object]) -> None:
        self.stop = stop
        threading.Thread(target=self._fire, daemon=True).start()

    def _fire(self) -> None:
        time.sleep(self._delay)
        self._stopped_at = time.monotonic()
        self.stop()

    def report(self, error: BaseException | None, lines: int) -> dict[str, Any]:
        seconds = time.monotonic() - self._stopped_at
        told = list(self.events)
        time.sleep(LINGER)
        return {
            "number": self.number,
            "ended": type(error).__name__,
            "seconds": seconds,
            "told": told,
            "told_later": self.events[len(told) :],
            "warnings": lines,
        }


def run_sync(moment: Moment, way: str) -> None:
    number = getattr(signal, way)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Alive5("test_key_stopped", on_event=moment.note, **moment.options) as client:
        moment.arm(lambda: os.kill(os.getpid(), number))
        for place in range(1_000):
            client.sms.send(**text(moment.token(str(place))))


def run_async(moment: Moment, way: str, backend: str) -> None:
    async def main() -> None:
        async with AsyncAlive5("test_key_stopped", on_event=moment.note, **moment.options) as client:
            with anyio.CancelScope() as scope:
                arm(scope)
                if backend == "trio":  # a nursery would put the interrupt into a group
                    await work(client, 0)
                async with anyio.create_task_group() as group:
                    for worker in range(3):
                        group.start_soon(work, client, worker)
            if scope.cancelled_caught:
                raise InterruptedError

    def arm(scope: anyio.CancelScope) -> None:
        number = getattr(signal, way, None)
        if number is not None:
            if way == "SIGTERM":
                asyncio.get_running_loop().add_signal_handler(number, stopper())
            moment.arm(lambda: os.kill(os.getpid(), number))
        elif backend == "trio":
            token = trio.lowlevel.current_trio_token()
            moment.arm(lambda: token.run_sync_soon(scope.cancel))
        else:
            loop, stop = asyncio.get_running_loop(), stopper()
            moment.arm(lambda: loop.call_soon_threadsafe(stop))

    def stopper() -> Callable[[], object]:
        task = asyncio.current_task()
        assert task is not None
        return task.cancel

    async def work(client: AsyncAlive5, worker: int) -> None:
        for place in range(1_000):
            await client.sms.send(**text(moment.token(f"{worker}-{place}")))

    if backend == "trio":
        trio.run(main)
    else:
        asyncio.run(main())  # as users do


def main(url: str, moments: list[tuple[str, str, float]]) -> list[dict[str, Any]]:
    reports = []
    for number, (front, way, delay) in enumerate(moments):
        lines, moment, caught = Lines(), Moment(number, delay, {"base_url": url}), None
        logging.getLogger("alive5").addHandler(lines)
        try:
            run_sync(moment, way) if front == "sync" else run_async(moment, way, front)
        except BaseException as error:
            caught = error
        reports.append(moment.report(caught, lines.count))
        logging.getLogger("alive5").removeHandler(lines)
    return reports


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(**json.loads(sys.argv[1]))))
