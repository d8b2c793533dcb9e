"""E-mail addresses as people and programs write them."""

from __future__ import annotations

import re
from typing import Any, Final

_ADDRESS: Final = re.compile(r"[^@\s<>()\[\],;:\"]+@[^@\s<>()\[\],;:\"]+")
# A name before an address in angle brackets, and a remark after one.
_NAMED: Final = re.compile(r"[^<>]*<([^<>]*)>")
_REMARK: Final = re.compile(r"\s*\([^()]*\)$")
_SCHEME: Final = "mailto:"


def read_address(value: Any) -> str | None:
    """
    Return an address as it is compared; None when it is none, or more than one.

    A name before it, "mailto:" and case do not count. Lower case and no case
    folding, which would make one of two people's addresses (ß and ss).
    """
    text = _REMARK.sub("", value.strip()) if isinstance(value, str) else ""
    named = _NAMED.fullmatch(text)
    plain = (named[1] if named else text).strip().lower().removeprefix(_SCHEME).rstrip(".")
    return plain if _ADDRESS.fullmatch(plain) else None
