"""
Evidence that a write was accepted: a code that says so, or a documented value of its answer.

HTTP 200 alone is none: gateways and proxies answer with ``{}``, with a
``message``, or with a status of their own in the body.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..models._base import WIRE, Model
from .envelope import Opened

# The words of envelopes and of failures, documented values of some answers too, prove nothing.
_SAID_BY_FAILURES: Final = frozenset(("code", "data", "error", "success", "message"))
_BLANK: Final[tuple[Any, ...]] = (None, "", [], {})


def values_of(model: type[Model]) -> frozenset[str]:
    """
    Return the wire names of a model's values, of which one is evidence.
    """
    names = (field.metadata[WIRE] or field.name for field in attrs.fields(model) if field.metadata)
    return frozenset(names) - _SAID_BY_FAILURES


def is_evident(opened: Opened, values: frozenset[str]) -> bool:
    """
    Whether an answer without a failure says that a write was accepted; its codes decide where it has any.
    """
    if opened.approved is not None:
        return opened.approved
    rows = opened.data if isinstance(opened.data, list) else [opened.data]
    return any(row.get(name) not in _BLANK for row in rows if isinstance(row, dict) for name in values)
