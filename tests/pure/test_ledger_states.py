"""What a state of a key allows, and the fate of a send that was interrupted."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, get_args

import pytest

from alive5 import Event, LedgerEntry
from alive5.sending.plan.states import State, fate_of, step_of


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("planned", "leave"),
        ("leaving", "refuse"),
        ("accepted", "known"),
        ("rejected", "leave"),
        ("not_sent", "leave"),
        ("unknown", "unknown"),
    ],
)
def test_what_a_state_allows(state: Any, step: str) -> None:
    assert step == step_of(state)


def test_every_state_is_in_the_table() -> None:
    assert all(step_of(state) for state in get_args(State))


def event(outcome: str, retry_delay: float | None = None) -> Event:
    return Event(
        operation="sms.send",
        attempt=1,
        status=None,
        code=None,
        seconds=0.1,
        outcome=outcome,
        retry_delay=retry_delay,
    )


@pytest.mark.parametrize(
    ("events", "at_a_wait", "fate"),
    [
        # No attempt was begun, as far as a wait can tell.
        ([], True, "not_sent"),
        ([], False, "unknown"),
        # The interrupted attempt said what became of it.
        ([event("unknown")], True, "unknown"),
        ([event("not_sent")], True, "not_sent"),
        ([event("not_sent")], False, "not_sent"),
        ([event("rejected")], False, "rejected"),
        ([event("accepted")], False, "accepted"),
        ([event("something new")], True, "unknown"),
        # Interrupted during a backoff, or, by Ctrl-C, between the next answer and its event.
        ([event("rejected", 2.0)], True, "not_sent"),
        ([event("rejected", 2.0)], False, "unknown"),
        ([event("not_sent", 2.0), event("unknown")], True, "unknown"),
    ],
)
def test_the_fate_of_an_interrupted_send(events: list[Event], at_a_wait: bool, fate: str) -> None:
    assert fate == fate_of(events, at_a_wait=at_a_wait)


def test_an_entry_shows_nobody() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    entry = LedgerEntry(key="k", state="unknown", changed_at=at, phone_number_to="+12025550123", message="Hello")
    assert "<LedgerEntry unknown 2026-03-01 12:00:00>" == repr(entry)
