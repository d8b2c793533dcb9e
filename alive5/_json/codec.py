"""
JSON: the one place that reads and writes it, by msgspec where it can and by the standard library where it refuses.

Bodies are a stranger's: nothing in them may lose a row. Lines and documents are
ours: what was written is what is read, and the same value gives the same bytes
whatever has been installed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from .deep import deep_json, read_deep
from .parser import LEAST, MOST, parser

if TYPE_CHECKING:
    import msgspec

_UNWRITTEN: Final = (TypeError, ValueError, OverflowError, RecursionError)
# Lists and mappings within each other that are written as UTF-8: whatever is deeper always was written as ASCII.
_DEEPEST_WRITTEN: Final = 254
# Digits as zeros, and what may follow a number as a comma: so that long numbers and exponents show as they are.
_SHAPE: Final = bytes(
    ord("0") if chr(byte) in "0123456789" else ord(",") if chr(byte) in "]}" else byte for byte in range(256)
)
# The shortest run of digits that may exceed 64 bits.
_LONG_NUMBER: Final = b"0" * 19
_EXPONENTS: Final = (b"0e00,", b"0e000,")
_PART: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e-?\d+)?', re.DOTALL)


class Body(NamedTuple):
    """
    What a body holds; ``usual`` says that its numbers are small and it is not deep, so that it is written without care.
    """

    value: Any
    usual: bool


def read_body(body: bytes) -> Body:
    """
    Return the value of a stranger's JSON, or of what is nearly JSON.

    An integer of more than 64 bits becomes a real, as in most readers. What is
    strictly no JSON for a lone surrogate, bytes that are no UTF-8, NaN, a number
    out of range or a raw control character is read without a loss: numbers of no
    finite value become text.

    :raises ValueError: when it is not JSON.
    :raises RecursionError: when it is nested too deep.
    """
    try:
        return Body(parser().usual.decode(body), True)
    except (*parser().refused, RecursionError):
        pass
    try:
        return Body(_narrowed(_exact(body)), False)
    except (*parser().refused, ValueError, OverflowError, RecursionError):
        # Strict readers stop at surrogates, bad UTF-8, NaN and huge numbers; such a row must not be lost.
        return Body(_TOLERANT.decode(body.decode("utf-8", "replace").lstrip("\ufeff")), False)


def loads(text: bytes | str) -> Any:
    """
    Return the value of JSON that was written here, exactly.

    :raises ValueError: when it is not JSON.
    """
    try:
        return _exact(text)
    except parser().refused:
        return json.loads(text)


def dumps(value: Any) -> bytes:
    """
    Write compact JSON.

    :raises TypeError: for a lone surrogate, an integer of more than 64 bits, and what is nested too deep.
    """
    written = _written(parser().plain, value)
    if written is None:
        raise TypeError("JSON of UTF-8 cannot hold it")
    return written


def dumps_given(value: Any) -> bytes:
    """
    Write compact JSON of what a caller gave: times in ISO 8601, members of an enumeration as their values.

    :raises TypeError: for what JSON cannot hold.
    """
    try:
        return dumps(_plain(value))
    except RecursionError:
        raise TypeError("it is nested too deep") from None


def text_of(value: Any) -> str:
    """
    Return a value as text of JSON.
    """
    written = _written(parser().plain, value)
    return json.dumps(value) if written is None else written.decode()


def canonical(value: Any, *, usual: bool = False) -> bytes:
    """
    Write JSON with sorted keys; what UTF-8 cannot carry is escaped.

    *Usual* is of a body that was: checking what is written takes longer than writing.
    """
    if usual:
        return parser().sorted.encode(value)
    written = _written(parser().sorted, value)
    if written is not None:
        return written
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
    except RecursionError:
        return deep_json(value, sort_keys=True).encode("ascii")


# Documents of ours, and what is digested: always the standard library's bytes.
document: Final = json.dumps


def _exact(text: bytes | str) -> Any:
    try:
        return parser().exact.decode(text)
    except RecursionError:
        return read_deep(text if isinstance(text, str) else text.decode())


def _narrowed(value: Any) -> Any:
    """
    Replace integers of more than 64 bits by reals, in place.
    """
    box = [value]
    left: list[Any] = [box]
    while left:
        item = left.pop()
        for place, inner in _places(item):
            if inner.__class__ is int and not LEAST <= inner <= MOST:
                item[place] = float(inner)
            elif inner.__class__ is dict or inner.__class__ is list:
                left.append(inner)
    return box[0]


def _places(item: Any) -> Iterator[tuple[Any, Any]]:
    yield from item.items() if item.__class__ is dict else enumerate(item)


def _integer(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # more digits than Python reads
        return digits


def _real(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits


_TOLERANT: Final = json.JSONDecoder(strict=False, parse_constant=str, parse_int=_integer, parse_float=_real)


def _written(encoder: msgspec.json.Encoder, value: Any) -> bytes | None:
    """
    Return compact JSON in UTF-8, None for what is written otherwise.
    """
    try:
        written = encoder.encode(value)
    except _UNWRITTEN:
        return None
    try:
        # Reading it takes half as long as looking through the bytes.
        parser().usual.decode(written)
    except parser().refused:
        return _checked(value, written)
    return written


def _checked(value: Any, written: bytes) -> bytes | None:
    shape = (written + b",").translate(_SHAPE)
    if _LONG_NUMBER in shape and any(not LEAST <= number <= MOST for number in _integers(written)):
        return None
    if any(exponent in shape for exponent in _EXPONENTS):
        written = _PART.sub(_with_sign, written)
    if written.count(b"[") + written.count(b"{") > _DEEPEST_WRITTEN and _is_deep(value):
        return None
    return written


def _integers(written: bytes) -> Iterator[int]:
    for part in _PART.findall(written):
        if len(part) >= len(_LONG_NUMBER) and part.lstrip(b"-").isdigit():
            yield int(part)


def _with_sign(part: re.Match[bytes]) -> bytes:
    # Exponents as Python writes them.
    found: bytes = part[0]
    return found if found.startswith(b'"') or b"e-" in found else found.replace(b"e", b"e+")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST_WRITTEN + 1):
        level = [item for item in level if isinstance(item, (dict, list, tuple))]
        if not level:
            return False
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return True


def _plain(value: Any) -> Any:
    if value is None:
        return None
    for kind, write in _GIVEN:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"JSON cannot hold a {type(value).__name__}")


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError("JSON has names that are texts only")
    return str.__str__(name)


# In this order: a member of an enumeration may be a text, and a boolean is an integer.
_GIVEN: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (Enum, lambda member: _plain(member.value)),
    (bool, bool),
    (str, str.__str__),
    (int, int),
    (float, float),
    ((datetime, date, time), lambda moment: moment.isoformat()),
    (UUID, str),
    (Mapping, lambda values: {_name(name): _plain(inner) for name, inner in values.items()}),
    ((list, tuple), lambda values: [_plain(inner) for inner in values]),
)
