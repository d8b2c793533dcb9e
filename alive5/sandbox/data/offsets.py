"""Offsets from UTC as hosts spell them."""

from __future__ import annotations

import re
from typing import Final

_OFFSET: Final = re.compile(r"([+-]?)(\d{1,2}):?([0-5]\d)", re.ASCII)
_FARTHEST_HOURS: Final = 14


def read_offset(text: str) -> int | None:
    """
    Return the milliseconds of an offset such as "+0:00", "-05:30" or "-500"; None for anything else.
    """
    match = _OFFSET.fullmatch(text.strip())
    if match is None or int(match.group(2)) > _FARTHEST_HOURS:
        return None
    minutes = int(match.group(2)) * 60 + int(match.group(3))
    return (-minutes if match.group(1) == "-" else minutes) * 60_000
