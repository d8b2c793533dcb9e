"""The slots of the blocking port: bounded, waited for, and never lost."""

from __future__ import annotations

import threading
import time

import pytest

from alive5._port.slots import Slots
from alive5._port.threads import BlockingVerbs, Stopped, WorkerGroup
from alive5._sansio.step import step


def soon() -> float:
    return time.monotonic() + 0.1


def later() -> float:
    return time.monotonic() + 20


def test_places_are_bounded_and_come_back() -> None:
    slots = Slots(2)
    first, second = slots.take(soon()), slots.take(soon())
    assert first is not None
    assert second is not None
    assert slots.take(soon()) is None
    slots.give(first)
    assert slots.take(soon()) is first


def test_a_lost_place_is_made_anew() -> None:
    slots = Slots(2)
    kept = slots.take(later())
    assert slots.take(later()) is not None
    found = slots.take(later())
    assert found is not None
    assert found is not kept
    assert slots.take(soon()) is None


def test_no_time_left_still_takes_what_is_free() -> None:
    slots = Slots(1)
    slot = slots.take(0.0)
    assert slot is not None
    assert slots.take(0.0) is None


def test_a_stopped_fan_out_waits_for_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    slots, crews, waiting, ends = Slots(1), [], threading.Event(), []

    class Watched(WorkerGroup):
        def __init__(self) -> None:
            super().__init__()
            crews.append(self)

    async def wait(_: int) -> None:
        waiting.set()
        slots.take(later())

    def run() -> None:
        try:
            step(BlockingVerbs().fan_out(wait, [0, 1, 2], 3))
        except Stopped:
            ends.append("stopped")

    taken = slots.take(later())
    monkeypatch.setattr("alive5._port.threads.WorkerGroup", Watched)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert waiting.wait(10)
    crews[0].stop()
    thread.join(10)
    assert (ends, taken is None) == (["stopped"], False)
