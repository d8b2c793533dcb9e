"""
Faults by name.

A fault that *delivers* strikes after the write was applied, so the ledger of
deliveries holds what the client cannot know.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any, Final

import attrs

from ..._sansio.wire import Failure, Reply
from ..data.conversations import NOW_MS
from ..data.people import mix
from ..quirks import FaultPlan
from ..service.envelope import Result, envelope, html
from ..service.request import OPERATIONS, UNKNOWN
from ..settings import Settings

_NOW: Final = datetime.fromtimestamp(NOW_MS / 1000, timezone.utc)
_DEFAULTS: Final[dict[str, tuple[bool, dict[str, Any]]]] = {
    "rate_limited": (False, {"retry_after": 1}),
    "rate_limited_date": (False, {"retry_after": 1}),
    "client_error": (False, {"status": 422, "error": "Unprocessable"}),
    "unauthorized": (False, {}),
    "invalid_token": (False, {}),
    "server_error_before": (False, {"status": 500}),
    "server_error_after": (True, {"status": 500}),
    "error_in_200": (False, {"code": 400, "error": "Something went wrong", "when": "before"}),
    "html": (True, {"when": "after"}),
    "garbage": (True, {"when": "after"}),
    "truncated": (True, {"when": "after"}),
    "empty_body": (True, {"when": "after"}),
    "slow": (True, {"seconds": 1.0}),
    "refused": (False, {}),
    "disconnect_before": (False, {}),
    "disconnect_after": (True, {}),
    "reset_before": (False, {}),
    "reset_after": (True, {}),
}
FAULTS: Final = tuple(_DEFAULTS)
_CLOSED: Final = Failure(True, "read", "the connection was closed without an answer")
_RESET: Final = Failure(True, "read", "the connection was reset")
_LOST: Final = {
    "refused": Failure(False, "connect", "the connection was refused"),
    "disconnect_before": _CLOSED,
    "disconnect_after": _CLOSED,
    "reset_before": _RESET,
    "reset_after": _RESET,
}
_BODIES: Final = {"garbage": b'\x00\xff{"code": 200, \xfe"data"', "empty_body": b""}
_STATUSES: Final = {"unauthorized": 401, "invalid_token": 400, "rate_limited": 429, "rate_limited_date": 429}
_SENTENCES: Final = {
    "unauthorized": "Authorization token not found",
    "invalid_token": "Invalid token",
    "rate_limited": "Too many requests",
    "rate_limited_date": "Too many requests",
}


@attrs.frozen
class Fault:
    """One fault: its name, whether the request is applied all the same, and its details."""

    name: str
    delivers: bool
    details: Mapping[str, Any]


@attrs.define
class _Rule:
    fault: Fault
    times: int | None
    on: str | None
    after: int
    has_struck: bool = False


def make_fault(name: str, details: Mapping[str, Any]) -> Fault:
    """
    Return a fault, with defaults for the details not given.

    :raises ValueError: for a name or a detail that does not exist.
    """
    if name not in _DEFAULTS:
        raise ValueError(f"no such fault: {name!r}; there are {', '.join(FAULTS)}")
    delivers, defaults = _DEFAULTS[name]
    unknown = [key for key in details if key not in defaults]
    if unknown:
        raise ValueError(f"{name} has no {', '.join(unknown)}; it has {', '.join(defaults) or 'no details'}")
    merged = {**defaults, **details}
    when = merged.get("when", "after" if delivers else "before")
    if when not in ("before", "after"):
        raise ValueError(f"when must be 'before' or 'after', not {when!r}")
    return Fault(name, when == "after", merged)


def read_outcome(outcome: str | tuple[str, Mapping[str, Any]]) -> Fault | None:
    """
    Return the fault of an entry of a script, None for "ok".
    """
    name, details = (outcome, {}) if isinstance(outcome, str) else outcome
    return None if name == "ok" else make_fault(name, details)


def plain(value: Any) -> Any:
    """
    Return a value as it is compared: a number without what people write between its digits.
    """
    text = "".join(character for character in str(value) if character not in " ()-.")
    return text if text.lstrip("+").isdigit() else value


class Script:
    """The faults to come: those planned in order, those asked for, then those by chance."""

    def __init__(self, seed: int, plan: FaultPlan | None) -> None:
        self._rules: list[_Rule] = []
        self._plans: dict[str, list[Fault | None]] = {}
        self._seed = seed
        self._rate, self._chances, self._places = _read_plan(plan or {})

    def add(self, fault: Fault, times: int | None, on: str | None, after: int) -> None:
        """
        Add a fault for matching requests; *after* counts every match, also those another fault meets.
        """
        _check_place(on)
        if (times is not None and times < 1) or after < 0:
            raise ValueError("times must be at least 1, or None for ever, and after at least 0")
        self._rules.append(_Rule(fault, times, on, after))

    def plan(self, on: str, outcomes: Sequence[Fault | None]) -> None:
        """
        Add what the next matching requests meet, None for no fault.
        """
        _check_place(on)
        self._plans.setdefault(on, []).extend(outcomes)

    def clear(self) -> None:
        """
        Remove the faults planned and asked for; faults by chance stay.
        """
        self._rules.clear()
        self._plans.clear()

    def unused(self) -> list[tuple[str, str | None]]:
        """
        Return name and target of the faults asked for that have not struck once.
        """
        planned = [(fault.name, on) for on, plan in self._plans.items() for fault in plan if fault is not None]
        return [*planned, *((rule.fault.name, rule.on) for rule in self._rules if not rule.has_struck)]

    def draw(self, operation: str, path: str, number: int) -> Fault | None:
        """
        Return the fault the *number*-th request meets.
        """
        for place in (operation, path):
            if self._plans.get(place):
                return self._plans[place].pop(0)
        drawn: Fault | None = None
        for rule in list(self._rules):
            if rule.on not in (None, operation, path):
                continue
            if rule.after:
                rule.after -= 1
            elif drawn is None:
                drawn, rule.has_struck = rule.fault, True
                rule.times = None if rule.times is None else rule.times - 1
                if rule.times == 0:
                    self._rules.remove(rule)
        return drawn or self._by_chance(operation, path, number)

    def _by_chance(self, operation: str, path: str, number: int) -> Fault | None:
        if not self._rate or (self._places and not {operation, path} & set(self._places)):
            return None
        rng = random.Random(mix(self._seed, number, 21))
        if rng.random() >= self._rate:
            return None
        return self._chances[int(rng.random() * len(self._chances))]


def spoil(fault: Fault, good: Reply, settings: Settings) -> Reply | Failure:
    """
    Return what a client gets instead of *good* when the fault strikes; pure.
    """
    name = fault.name
    if name in _LOST:
        return _LOST[name]
    if name in _BODIES:
        return attrs.evolve(good, body=_BODIES[name], status=200)
    if name == "truncated":
        return attrs.evolve(good, body=good.body[: len(good.body) // 2], flaw="truncated")
    if name in ("slow", "html"):
        return good if name == "slow" else html(200, "Welcome")
    return _refusal(name, fault.details, settings)


def _refusal(name: str, details: Mapping[str, Any], settings: Settings) -> Reply:
    status: int = details.get("status", _STATUSES.get(name, 200))
    if name in ("server_error_before", "server_error_after") and status > 500:
        # From 501 on it is a gateway that responds, in HTML.
        return html(status, "Bad Gateway")
    text: str = details.get("error", _SENTENCES.get(name, "Internal error"))
    refused = envelope(Result(code=details.get("code", status), error=text, status=status), settings)
    if "retry_after" not in details:
        return refused
    return attrs.evolve(refused, headers={**refused.headers, **_pause(name, details["retry_after"])})


def _pause(name: str, seconds: float) -> dict[str, str]:
    if name == "rate_limited":
        return {"retry-after": f"{seconds:g}"}
    until = _NOW + timedelta(seconds=seconds)
    return {"date": format_datetime(_NOW, usegmt=True), "retry-after": format_datetime(until, usegmt=True)}


def _read_plan(plan: FaultPlan) -> tuple[float, tuple[Fault, ...], Sequence[str]]:
    unknown = set(plan) - {"rate", "names", "on"}
    rate, names, places = plan.get("rate", 0.0), plan.get("names", FAULTS), plan.get("on", ())
    if unknown or isinstance(names, str) or isinstance(places, str) or not names or not 0 <= rate <= 1:
        raise ValueError("faults takes rate (0 to 1), names and on (sequences of names)")
    for place in places:
        _check_place(place)
    return rate, tuple(make_fault(name, {}) for name in names), tuple(places)


def _check_place(on: str | None) -> None:
    if on is not None and on not in OPERATIONS and on != UNKNOWN and not on.startswith("/"):
        raise ValueError(f"no such operation: {on!r}; there are {', '.join(OPERATIONS)}")
