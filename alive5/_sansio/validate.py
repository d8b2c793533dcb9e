"""Checks of arguments before anything is sent; errors name the argument, never its value."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import InvalidArgumentError
from ..models._numbers import DECORATION

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(r"[0-9]{5,6}")
LONGEST_MESSAGE = 1600
_LONGEST = 1e9


def refuse(argument: str, why: str, operation: str = "") -> InvalidArgumentError:
    """
    Return the error for an argument; it never shows the value.
    """
    return InvalidArgumentError(f"{argument} {why}", argument=argument, operation=operation)


def positive(kind: type, *, zero: bool = False, of: str = "seconds") -> Callable[[Any, Any, Any], None]:
    """
    Return an attrs validator for a whole number, or for a number *of* something, above (or from) zero.
    """

    def check(_: Any, attribute: Any, value: Any) -> None:
        fits = isinstance(value, kind if kind is int else (int, float)) and not isinstance(value, bool)
        # The upper end keeps every clock and every wait within what the platform can count.
        if not fits or not 0 <= value <= (sys.maxsize if kind is int else _LONGEST) or (value == 0 and not zero):
            wanted = "a whole number" if kind is int else f"a number of {of}"
            raise refuse(attribute.name, f"must be {wanted}, {'0 or more' if zero else 'above 0'}")

    return check


def count(argument: str, value: Any) -> int:
    """
    Return a whole number from 1, checked.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= sys.maxsize:
        raise refuse(argument, "must be a whole number from 1")
    return value


def words(argument: str, value: Any) -> str:
    """
    Return a text, checked to be neither empty nor unencodable.
    """
    if not isinstance(value, str):
        raise refuse(argument, "must be a text")
    if not value.strip():
        raise refuse(argument, "must not be empty")
    if not _encodable(value):
        raise refuse(argument, "holds a character that cannot be encoded (a lone surrogate or NUL)")
    return value


def identifier(argument: str, value: Any) -> str:
    """
    Return an id without surrounding blanks, checked to hold no control characters.
    """
    text = words(argument, value).strip()
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise refuse(argument, "must not hold control characters")
    return text


def organisation(org_name: Any) -> str | None:
    """
    Check an organisation's name; None stays None.
    """
    return None if org_name is None else identifier("org_name", org_name)


def identifiers(argument: str, value: Any) -> str:
    """
    Return one id, or several joined with commas, checked.
    """
    if isinstance(value, str):
        return identifier(argument, value)
    if not isinstance(value, Sequence) or isinstance(value, (bytes, bytearray)) or not value:
        raise refuse(argument, "must be a text or a sequence of texts, not empty")
    return ",".join(identifier(argument, item) for item in value)


def phone(argument: str, value: Any, *, short_code: bool = False) -> str:
    """
    Return an E.164 number without spaces and punctuation, checked.
    """
    number = value.translate(DECORATION) if isinstance(value, str) else ""
    if _E164.fullmatch(number) or (short_code and _SHORT_CODE.fullmatch(number)):
        return number
    hint = " or a short code of 5 or 6 digits" if short_code else ""
    raise refuse(argument, f"must be a number like +12025550123{hint}")


def message(argument: str, value: Any) -> str:
    """
    Return a text message, checked to have 1 to 1,600 characters that can be encoded.
    """
    text = words(argument, value)
    if len(text) > LONGEST_MESSAGE:
        raise refuse(argument, f"must have at most {LONGEST_MESSAGE:,} characters, not {len(text):,}")
    return text


def path(value: Any) -> str:
    """
    Return the path of a free call, checked to stay below the base URL and to have no query.
    """
    text = words("path", value)
    segments = text.strip("/").split("/")
    if not text.isascii() or any(ord(c) <= 32 or ord(c) == 127 or c in "?#\\%;" for c in text):
        raise refuse("path", "must be plain ASCII without spaces, '?', '#', '%', ';' or '\\'")
    if any(segment in ("", ".", "..") for segment in segments):
        raise refuse("path", "must not hold '.', '..' or empty segments")
    return "/" + "/".join(segments)


def _encodable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
