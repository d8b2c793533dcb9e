"""The places of the blocking port: bounded, waited for, and never lost."""

from __future__ import annotations

import threading
import time

import pytest

from alive5._port.places import Places
from alive5._port.threads import BlockingVerbs, Crew, Stopped
from alive5._sansio.step import step


def soon() -> float:
    return time.monotonic() + 0.1


def later() -> float:
    return time.monotonic() + 20


def test_places_are_bounded_and_come_back() -> None:
    places = Places(2)
    first, second = places.take(soon()), places.take(soon())
    assert first is not None
    assert second is not None
    assert places.take(soon()) is None
    places.give(first)
    assert places.take(soon()) is first


def test_a_lost_place_is_made_anew() -> None:
    places = Places(2)
    kept = places.take(later())
    assert places.take(later()) is not None
    found = places.take(later())
    assert found is not None
    assert found is not kept
    assert places.take(soon()) is None


def test_no_time_left_still_takes_what_is_free() -> None:
    places = Places(1)
    place = places.take(0.0)
    assert place is not None
    assert places.take(0.0) is None


def test_a_stopped_fan_out_waits_for_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    places, crews, waiting, ends = Places(1), [], threading.Event(), []

    class Watched(Crew):
        def __init__(self) -> None:
            super().__init__()
            crews.append(self)

    async def wait(_: int) -> None:
        waiting.set()
        places.take(later())

    def run() -> None:
        try:
            step(BlockingVerbs().fan_out(wait, [0, 1, 2], 3))
        except Stopped:
            ends.append("stopped")

    taken = places.take(later())
    monkeypatch.setattr("alive5._port.threads.Crew", Watched)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert waiting.wait(10)
    crews[0].stop()
    thread.join(10)
    assert (ends, taken is None) == (["stopped"], False)
