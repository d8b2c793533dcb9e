"""JSON without recursion, for values nested deeper than Python and its JSON writers go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def deep_json(value: Any, *, sort_keys: bool = False) -> str:
    """
    Return compact JSON of any depth.
    """
    written: list[str] = []
    left: list[tuple[bool, Any]] = [(False, value)]
    while left:
        is_text, item = left.pop()
        if is_text:
            written.append(item)
        elif isinstance(item, Mapping):
            names = sorted(item) if sort_keys else item
            pairs = [((True, f"{json.dumps(name)}:"), (False, item[name]), (True, ",")) for name in names]
            parts = [part for pair in pairs for part in pair][:-1]
            left += [(True, "}"), *reversed(parts), (True, "{")]
        elif isinstance(item, list):
            parts = [part for inner in item for part in ((False, inner), (True, ","))][:-1]
            left += [(True, "]"), *reversed(parts), (True, "[")]
        else:
            written.append(json.dumps(item))
    return "".join(written)
