"""Rows of people and a template: the texts they give, and what is wrong with them, by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any, Final

import attrs

from ..._sansio.validate import LONGEST_MESSAGE, message, refuse
from ...errors import InvalidArgumentError

NUMBER_COLUMNS: Final = ("phone_number", "phone_number_to")
# Lines an error names; more are counted.
_NAMED: Final = 20
_COLUMN: Final = re.compile(r"[^\[\].{}!:]+")


@attrs.frozen(repr=False)
class Draft:
    """A row with its text, the number as written."""

    line: int
    number: str
    message: str
    key: str


class Problems:
    """What is wrong with rows, by line; never the values."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, why: str) -> None:
        """
        Add what is wrong with a line.
        """
        self._found.append((line, why))

    def check(self) -> None:
        """
        Raise ``InvalidArgumentError`` that names all lines, when there are any.
        """
        if self._found:
            found = sorted(self._found)
            lines = "; ".join(f"line {line}: {why}" for line, why in found[:_NAMED])
            more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
            raise refuse("rows", f"cannot be sent, so nothing was: {lines}{more}", "sms.send_many")


class Template:
    """
    A text with columns in braces, such as ``Hi {first_name}``; doubled braces are braces.

    :raises InvalidArgumentError: when it is none.
    """

    def __init__(self, text: Any) -> None:
        try:
            self._pieces = [piece[:2] for piece in Formatter().parse(text) if _is_plain(*piece)]
        except (ValueError, TypeError):
            raise refuse("template", "must be a text with columns like {first_name}", "sms.send_many") from None

    @property
    def columns(self) -> list[str]:
        """The columns it names."""
        return [name for _, name in self._pieces if name is not None]

    def fill(self, row: Mapping[str, Any]) -> str:
        """
        Return the text of a row.

        :raises KeyError: of a column that is missing or empty.
        """
        return "".join(text + (_cell(row, name) if name is not None else "") for text, name in self._pieces)


def drafts(rows: Iterable[tuple[int, Any]], template: Template | None, problems: Problems) -> list[Draft]:
    """
    Return the texts of rows with their lines; what cannot be one is added to *problems*.
    """
    found = []
    for line, row in rows:
        if not isinstance(row, Mapping):
            problems.add(line, "is no row with columns")
            continue
        number = next((str(row[name]).strip() for name in NUMBER_COLUMNS if row.get(name)), "")
        if not number:
            problems.add(line, "phone_number is missing or empty")
            continue
        try:
            text = template.fill(row) if template is not None else _cell(row, "message")
            found.append(Draft(line, number, message("message", text), str(row.get("key") or "")))
        except KeyError as missing:
            problems.add(line, f"{missing.args[0]} is missing or empty")
        except InvalidArgumentError:
            problems.add(line, f"the text must have 1 to {LONGEST_MESSAGE:,} characters that can be encoded")
    return found


def _is_plain(text: str, name: str | None, form: str | None, conversion: str | None) -> bool:
    if form or conversion or (name is not None and not _COLUMN.fullmatch(name)):
        raise ValueError
    return True


def _cell(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    text = "" if value is None else str(value).strip() if name != "message" else str(value)
    if not text:
        raise KeyError(name)
    return text
