"""Rows as documented, and the models they belong to."""

from __future__ import annotations

import json
import typing
from typing import Any

from contract.facts import RENAMED, Operation

from alive5 import Model
from alive5._sansio.endpoints import ENDPOINTS

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
    if name.startswith(("visitors_", "contacts_")) and name.endswith(("_web", "_fbm", "_sms")):
        return 7
    if name in ("visible_to_channel", "system_generated"):
        return True
    if name in ("qr_config", "window_settings", "widget_auto_msg"):
        return {"any": ["thing", 1, None]}
    if name == "timestamp" or name.endswith(("_at", "_time")):
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
