"""JSON of any value: with sorted keys, and without recursion for what is nested deeper than Python goes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import orjson


def deep_json(value: Any, *, sort_keys: bool = False, without: Callable[[str], bool] | None = None) -> str:
    """
    Return compact JSON of any depth, of mappings without the names that *without* says.
    """
    written: list[str] = []
    left: list[tuple[bool, Any]] = [(False, value)]
    while left:
        is_text, item = left.pop()
        if is_text:
            written.append(item)
        elif isinstance(item, Mapping):
            names = [name for name in item if without is None or not without(name)]
            names = sorted(names) if sort_keys else names
            pairs = [((True, f"{json.dumps(name)}:"), (False, item[name]), (True, ",")) for name in names]
            parts = [part for pair in pairs for part in pair][:-1]
            left += [(True, "}"), *reversed(parts), (True, "{")]
        elif isinstance(item, list):
            parts = [part for inner in item for part in ((False, inner), (True, ","))][:-1]
            left += [(True, "]"), *reversed(parts), (True, "[")]
        else:
            written.append(json.dumps(item))
    return "".join(written)


def canonical(value: Any) -> bytes:
    """
    Write JSON with sorted keys; what UTF-8 cannot carry is escaped.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a lone surrogate, an integer of more than 64 bits, or nested too deep
        pass
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
    except RecursionError:
        return deep_json(value, sort_keys=True).encode("ascii")
