"""JSON without recursion: for what is nested deeper than Python goes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

# As deep as lines were read ever since: what was once exported can be read again.
_DEEPEST: Final = 1024
_BLANKS: Final = (" ", "\t", "\n", "\r")


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


def read_deep(text: str) -> Any:
    """
    Return the value of strict JSON of up to 1,024 levels.

    :raises ValueError: when it is none, or is deeper.
    """
    root: list[Any] = []
    outer: list[Any] = [root]
    at = _end(text, _begin(text, _after_blanks(text, 0), outer), outer)
    while len(outer) > 1:
        at = _end(text, _begin(text, at, outer), outer)
    return root[0] if at == len(text) else _refuse()


def _begin(text: str, at: int, outer: list[Any]) -> int:
    """
    Read up to the end of the next value that is no container, or into an empty one, and return where that is.
    """
    while True:
        name, at = _named(text, at, outer[-1])
        sign = text[at : at + 1]
        if sign not in ("[", "{"):
            value, at = _scalar(text, at)
            _put(outer[-1], name, value)
            return _after_blanks(text, at)
        made: Any = [] if sign == "[" else {}
        _put(outer[-1], name, made)
        outer.append(made)
        if len(outer) > _DEEPEST + 1:
            _refuse()
        at = _after_blanks(text, at + 1)
        if text[at : at + 1] == _closing(made):
            return at


def _end(text: str, at: int, outer: list[Any]) -> int:
    """
    Close what ends here, and return where the next value begins: or the end of all.
    """
    while len(outer) > 1:
        sign = text[at : at + 1]
        if sign == ",":
            return _after_blanks(text, at + 1)
        if sign != _closing(outer[-1]):
            _refuse()
        outer.pop()
        at = _after_blanks(text, at + 1)
    return at


def _named(text: str, at: int, holder: Any) -> tuple[str | None, int]:
    if holder.__class__ is list:
        return None, at
    name, at = _scalar(text, at)
    at = _after_blanks(text, at)
    if name.__class__ is not str or text[at : at + 1] != ":":
        _refuse()
    return name, _after_blanks(text, at + 1)


def _put(holder: Any, name: str | None, value: Any) -> None:
    if holder.__class__ is list:
        holder.append(value)
    else:
        holder[name] = value


def _closing(made: Any) -> str:
    return "]" if made.__class__ is list else "}"


def _scalar(text: str, at: int) -> tuple[Any, int]:
    if text[at : at + 1] in ("[", "{"):
        _refuse()
    try:
        value, end = _STRICT.scan_once(text, at)
    except StopIteration:
        _refuse()
    return value, end


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in _BLANKS:
        at += 1
    return at


def _refuse(*_: Any) -> NoReturn:
    raise ValueError("not JSON")


_STRICT: Final[Any] = json.JSONDecoder(parse_constant=_refuse)
