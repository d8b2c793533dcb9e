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
PSEUDONYM_PREFIX: Final = "phone"
"""What a pseudonym of a number begins with: an export may have those in the place of numbers."""
_PSEUDONYM: Final = re.compile(rf"{PSEUDONYM_PREFIX}_[0-9a-f]{{16}}", re.ASCII)
# What two spellings of a number have in common: that of a country without its code.
_SHARED: Final = 10
_SHORT_CODE: Final = 6
# Codes of countries are one, two or three digits long, and none begins with another: those of two (ITU E.164).
_ONE_DIGIT: Final = ("1", "7")
_TWO_DIGITS: Final = frozenset((
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90",
    "91", "92", "93", "94", "95", "98",
))  # fmt: skip
_NORTH_AMERICA: Final = "1"
_NORTH_AMERICAN: Final = re.compile(r"[2-9][0-9]{9}", re.ASCII)
# A number within a country as people there write it, with the 0 before it or without, longer than a short code.
_NATIONAL: Final = re.compile(r"0?([1-9][0-9]{6,12})", re.ASCII)


def read_number(value: Any) -> str | None:
    """
    Return a number without its punctuation, with a plus where its country is known; None when it is none.

    A pseudonym of a number is one.
    """
    text = _undecorated(value)
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if _CODED.fullmatch(text):
        return f"+{text}"
    return text if any(form.fullmatch(text) for form in (_E164, _SHORT, _PSEUDONYM)) else None


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
    return number if _PSEUDONYM.fullmatch(number) else number.lstrip("+")[-_SHARED:]


def is_number_of(value: Any, number: str) -> bool:
    """
    Whether a value is this number in any spelling; one without its country may be of any.
    """
    found = read_number(value)
    if found is None:
        return False
    return found == number if found.startswith("+") else number_key(found) == number_key(number)


def full_number(value: Any, line: Any = None) -> str | None:
    """
    Return the one number a value stands for, with its country; None when it could be several people's, or is none.

    Without a country's code it is of the country of the account's *line*; where
    no line is known, ten digits are a number of North America, which the service
    writes so.
    """
    number, home = read_number(value), read_number(line) or ""
    if number is not None and number.startswith("+"):
        return number if _is_whole(number) else None
    code = country_code(home) if home.startswith("+") else _NORTH_AMERICA
    if code == _NORTH_AMERICA:
        return f"+1{number}" if number is not None and _NORTH_AMERICAN.fullmatch(number) else None
    national = _NATIONAL.fullmatch(_undecorated(value))
    return f"+{code}{national[1]}" if national else None


def country_code(number: str) -> str:
    """
    Return the code of the country of a number with a plus.
    """
    digits = number.removeprefix("+")
    return digits[: 1 if digits.startswith(_ONE_DIGIT) else 2 if digits[:2] in _TWO_DIGITS else 3]


def _is_whole(number: str) -> bool:
    """Whether a number has as many digits as those of its country, as far as that is the same for all of them."""
    return country_code(number) != _NORTH_AMERICA or _NORTH_AMERICAN.fullmatch(number[2:]) is not None


def _undecorated(value: Any) -> str:
    return value.strip().translate(DECORATION) if isinstance(value, str) else ""
