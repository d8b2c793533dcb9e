"""Quirks, faults and times of waiting as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import NoneType
from typing import Any, Final, Literal, NamedTuple, get_args, get_origin, get_type_hints

from .._sansio.endpoints import ENDPOINTS
from .embedded.faults import FAULTS
from .quirks import Quirks

_SWITCHES: Final = {
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}
_LATENCY: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s)", re.ASCII)
_APART: Final = {"faults": "--fault", "latency": "--latency"}


class PlannedFault(NamedTuple):
    """A fault to ask a sandbox for: where, which, and how often (None: always)."""

    on: str | None
    name: str
    times: int | None


def read_quirk(text: str) -> tuple[str, Any]:
    """
    Read ``NAME=VALUE`` as a keyword of a sandbox.

    :raises ValueError: with a sentence for whoever typed it.
    """
    name, found, value = text.partition("=")
    name = name.strip().replace("-", "_")
    hints = {quirk: hint for quirk, hint in get_type_hints(Quirks).items() if quirk not in _APART}
    if name in _APART:
        raise ValueError(f"{name} has an option of its own: {_APART[name]}")
    if name not in hints:
        raise ValueError(f"no such quirk: {name!r}; there are {', '.join(hints)}")
    if not found:
        raise ValueError(f"{name} needs a value: {name}=VALUE, {_wanted(hints[name])}")
    try:
        return name, _value(hints[name], value.strip())
    except ValueError:
        raise ValueError(f"{name} must be {_wanted(hints[name])}, not {value!r}") from None


def read_fault(text: str) -> PlannedFault:
    """
    Read ``OPERATION=NAME[:TIMES]``; the operation may be "any", and the times "always".

    :raises ValueError: with a sentence for whoever typed it.
    """
    on, found, rest = text.partition("=")
    name, counted, times = rest.partition(":")
    good = times == "always" or (times.isascii() and times.isdigit() and int(times) > 0)
    if not (on.strip() and found and name) or (counted and not good):
        raise ValueError(f"write it as sms.send=reset_after:2 or any=slow:always, not {text!r}")
    place = None if on.strip() == "any" else on.strip()
    return PlannedFault(place, name.strip(), None if times == "always" else int(times or 1))


def read_latency(text: str) -> float:
    """
    Read a time of waiting such as "50ms" or "1.5s" as seconds.

    :raises ValueError: with a sentence for whoever typed it.
    """
    match = _LATENCY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"write it with its unit, as 50ms or 1.5s, not {text!r}")
    return float(match.group(1)) / (1000 if match.group(2) == "ms" else 1)


def spell_quirks() -> list[str]:
    """
    Return what may be typed as a quirk: with each value where those are few, else to be continued after "=".
    """
    hints = {quirk: hint for quirk, hint in get_type_hints(Quirks).items() if quirk not in _APART}
    return [f"{quirk}={value}" for quirk, hint in hints.items() for value in _few(hint) or [""]]


def spell_faults(typed: str) -> list[str]:
    """
    Return what may be typed as a fault: the operations that begin as *typed*, with each fault once it is one.
    """
    begun, found, _ = typed.partition("=")
    named = ["any", *(endpoint.operation for endpoint in ENDPOINTS)]
    places = [place for place in named if (place == begun if found else place.startswith(begun))]
    return [f"{place}={fault}" for place in places for fault in (FAULTS if len(places) == 1 else [""])]


def _few(hint: Any) -> list[str]:
    if get_origin(hint) is Literal:
        return _choices(hint)
    if hint is bool:
        return ["true", "false"]
    return [value for part in get_args(hint) for value in _few(part)] if get_origin(hint) is None else []


def _value(hint: Any, text: str) -> Any:
    if get_origin(hint) is Literal:
        return {str(choice): choice for choice in get_args(hint)}[text] if text in _choices(hint) else _refuse()
    if get_origin(hint) is not None and get_origin(hint) in (Mapping, dict):
        return _mapping(get_args(hint)[1], text)
    if get_args(hint):
        return _first(get_args(hint), text)
    if hint is NoneType:
        return None if text.lower() == "none" else _refuse()
    if hint is bool:
        return _SWITCHES[text.lower()] if text.lower() in _SWITCHES else _refuse()
    return hint(text)


def _first(hints: tuple[Any, ...], text: str) -> Any:
    """Read *text* as the first kind of value that takes it; None goes before text."""
    for hint in sorted(hints, key=lambda hint: hint is not NoneType):
        try:
            return _value(hint, text)
        except ValueError:
            continue
    return _refuse()


def _mapping(hint: Any, text: str) -> dict[str, Any]:
    pairs = [entry.partition(":") for entry in text.split(",")]
    if not all(found for _, found, _ in pairs):
        _refuse()
    return {name.strip(): _value(hint, value.strip()) for name, _, value in pairs}


def _choices(hint: Any) -> list[str]:
    return [str(choice) for choice in get_args(hint)]


def _refuse() -> Any:
    raise ValueError


def _wanted(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return " or ".join(_choices(hint))
    if get_origin(hint) is not None and get_origin(hint) in (Mapping, dict):
        return f"each kind's, as in livechat:{_choices(get_args(hint)[1])[0]},sms:1"
    if get_args(hint):
        return " or ".join(_wanted(part) for part in get_args(hint))
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "text", NoneType: "none"}
    return names.get(hint, "a value")
