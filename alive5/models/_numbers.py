"""Phone numbers as the service writes them, which is not always as a text needs them."""

from __future__ import annotations

import re
from typing import Any, Final

DECORATION: Final = str.maketrans("", "", " ()[].-\u00a0\u2010\u2011\u2012\u2013")
"""What people write into a number and no service needs, as a table for ``str.translate``."""
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
# A country's code and a number, its plus left out; a number without a code has ten digits at most where texts are sent.
_CODED: Final = re.compile(r"[1-9][0-9]{10,14}", re.ASCII)
_SHORT: Final = re.compile(r"[0-9]{5,10}", re.ASCII)
# What two spellings of a number have in common: that of a country without its code.
_SHARED: Final = 10
_SHORT_CODE: Final = 6


def read_number(value: Any) -> str | None:
    """
    Return a number without its punctuation, with a plus where its country is known; None when it is none.
    """
    text = value.strip().translate(DECORATION) if isinstance(value, str) else ""
    if _CODED.fullmatch(text):
        return f"+{text}"
    return text if _E164.fullmatch(text) or _SHORT.fullmatch(text) else None


def line_number(value: Any) -> str | None:
    """
    Return a number texts can be sent from: one with its country, or a short code.
    """
    number = read_number(value)
    return number if number is not None and (number.startswith("+") or len(number) <= _SHORT_CODE) else None


def number_key(number: str) -> str:
    """
    Return what the spellings of a read number share.
    """
    return number.lstrip("+")[-_SHARED:]


def is_number_of(value: Any, number: str) -> bool:
    """
    Whether a value is this number in any spelling; one without its country may be of any.
    """
    found = read_number(value)
    if found is None:
        return False
    return found == number if found.startswith("+") else number_key(found) == number_key(number)
