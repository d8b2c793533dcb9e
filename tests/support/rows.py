"""Rows as documented, the models they belong to, and what a value of any kind must be read as."""

from __future__ import annotations

import json
import typing
from datetime import datetime, timezone
from typing import Any

from alive5 import Model, models
from alive5._sansio.endpoints import ENDPOINTS
from support import later_facts
from support.facts import OBSERVED, OPERATIONS, RENAMED, Operation

MODELS = {endpoint.operation: endpoint.returns for endpoint in ENDPOINTS}


def model_at(model: type[Model], place: str) -> type[Model]:
    """
    Follow the type hints to the model that sits at a place.
    """
    for step in filter(None, place.split(".")):
        hint = typing.get_type_hints(model)[step]
        candidates = [hint, *typing.get_args(hint)]
        (model,) = [c for c in candidates if isinstance(c, type) and issubclass(c, Model)]
    return model


def sample(name: str) -> Any:
    """
    Make a value of a documented name, by the rules of how values are read.
    """
    if name in ("tags", "channel_ids", "widget_ids"):
        return [f"{name}-1", f"{name}-2"]
    if name in COUNTS:
        return 7
    if name in ("visible_to_channel", "system_generated"):
        return True
    if name in FREE:
        return {"any": ["thing", 1, None]}
    if is_time(name):
        return 1767225600000
    return "open||1767225600000" if name == "status_timestamp" else f"value of {name}"


def row(operation: Operation) -> dict[str, Any]:
    """
    Write a row with every documented value of an operation.
    """
    nested = {"agents": [{}], "chat_conversation": [{}], "newThread": {}, "crmData": {}}
    whole: dict[str, Any] = {}
    for place, values in operation.values.items():
        at = whole
        for step in filter(None, place.split(".")):
            inner = at[{RENAMED[w]: w for w in RENAMED}.get(step, step)]
            at = inner[0] if isinstance(inner, list) else inner
        for name in values.split():
            at[name] = json.loads(json.dumps(nested[name])) if name in nested else sample(name)
    if operation.call == "sms.send":
        whole["error"] = None
    return whole


MISSING = object()
TEXTS = ("tags", "channel_ids", "widget_ids")
MANY = ("agents", "chat_conversation", "channelsReport", "agentsReport", "interceptors", "interceptor")
ONE = ("newThread", "crmData", "channelUpdate", "Attributes")
FLAGS = ("visible_to_channel", "system_generated")
FREE = ("qr_config", "window_settings", "widget_auto_msg", "tagsReport")
COUNTS = (
    *(f"{who}_{where}" for who in ("visitors", "contacts") for where in ("web", "fbm", "sms")),
    *("total", "total_completed", "total_missed"),
)

WRONG: dict[str, Any] = {
    "missing": MISSING,
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "negative": -7,
    "fraction": 3.5,
    "vast": 1e300,
    "long": 10**400,
    "lossy": 1.2345678901234568e24,
    "blank": "",
    "text": "some text",
    "digits": "12",
    "moment": "2026-01-02T03:04:05Z",
    "nothing listed": [],
    "numbers": [1, 2],
    "nulls": [None],
    "mixed": ["a", {"created_at": 1}, None, 5],
    "objects": [{"surprise": 1}],
    "empty object": {},
    "object": {"surprise": [1, {"deep": None}]},
    "nested lists": [[[1]]],
}


def documented() -> dict[type[Model], list[str]]:
    """
    Return the wire names of each model, nested ones included: documented ones, then those that were observed.
    """
    found: dict[type[Model], list[str]] = {}
    for operation in OPERATIONS:
        for place, values in operation.values.items():
            names = found.setdefault(model_at(MODELS[operation.call], place), [])
            names += [name for name in values.split() if name not in names]
    found |= {getattr(models, name): values.split() for name, values in later_facts.MODELS.items()}
    return {model: [*names, *OBSERVED.get(model.__name__, "").split()] for model, names in found.items()}


def full_row(names: list[str]) -> dict[str, Any]:
    """
    Write a row with a readable value for each name.
    """
    return {name: [{}] if name in MANY else {} if name in ONE else sample(name) for name in names}


def is_time(name: str) -> bool:
    return name in ("timestamp", "bot_timestamp") or name.endswith(("_at", "_time"))


def problem(made: Model, name: str, raw: Any) -> str | None:
    """
    Say what is wrong with how *raw* was read, None when it is as the rules say.
    """
    value, extra = getattr(made, RENAMED.get(name, name)), made.extra
    if raw is MISSING or raw is None:
        expected = [] if name in (*TEXTS, *MANY) else None
        return None if value == expected and name not in extra else f"{value!r} of nothing"
    kept = name in extra and extra[name] == raw
    if name in FREE:
        return None if value == raw and name not in extra else f"{value!r} is not {raw!r}"
    if name in (*TEXTS, *MANY, *ONE):
        return _nested_problem(name, raw, value, kept)
    readable = _read(name, raw)
    if readable is MISSING:
        return None if value is None and kept else f"{raw!r} is neither read nor kept: {value!r}"
    return (
        None if value == readable and type(value) is type(readable) and name not in extra else f"{value!r} of {raw!r}"
    )


def _nested_problem(name: str, raw: Any, value: Any, kept: bool) -> str | None:
    if name in ONE:
        good = isinstance(value, Model) and not kept if isinstance(raw, dict) else value is None and kept
    elif name in TEXTS:
        wanted = len([item for item in raw if item is not None]) if isinstance(raw, list) else 0
        good = len(value) == wanted and all(isinstance(item, str) for item in value)
        good = good and kept is not isinstance(raw, list)
    else:
        objects = [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
        good = len(value) == len(objects) and all(isinstance(item, Model) for item in value)
        good = good and kept is not (isinstance(raw, list) and len(objects) == len(raw))
    return None if good else f"{value!r} of {raw!r}"


def _read(name: str, raw: Any) -> Any:
    number = isinstance(raw, (int, float)) and not isinstance(raw, bool)
    if is_time(name):
        return _read_time(raw) if number or isinstance(raw, str) else MISSING
    if name in FLAGS:
        return raw if isinstance(raw, bool) else bool(raw) if number and raw in (0, 1) else MISSING
    if name in COUNTS:
        if number and raw == int(raw):
            return int(raw)
        return int(raw) if isinstance(raw, str) and raw.isdecimal() else MISSING
    if number:
        return str(raw) if isinstance(raw, int) or abs(raw) < 2**63 else MISSING
    return raw if isinstance(raw, str) else MISSING


def _read_time(raw: Any) -> Any:
    texts = {"": None, "12": 12, "2026-01-02T03:04:05Z": 1767323045}
    if raw == 0 or (isinstance(raw, str) and raw not in texts):
        return None if raw == 0 else MISSING
    number = texts[raw] if isinstance(raw, str) else raw
    if number is None or not 0 < number < 253402300800000:
        return number if number is None else MISSING
    return datetime.fromtimestamp(number if number < 10**11 else number / 1000, tz=timezone.utc)
