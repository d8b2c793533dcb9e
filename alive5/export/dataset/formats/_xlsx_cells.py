"""Values as cells of a sheet of Excel: what it takes, and what has to be altered for it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, tzinfo
from html import escape
from typing import Any, Final

from ..schema import Type
from ._cells import to_cell

MOST_UNITS: Final = 32_767
"""UTF-16 units of a cell; Excel calls a file damaged that has more."""
# The day after the one that Excel counts and that never was: earlier dates would be a day off.
_OLDEST: Final = datetime(1900, 3, 1)
# The last one it has; a fraction of a second more could be rounded to the year 10000.
_LATEST: Final = datetime(9999, 12, 31)
# In no text of XML, nor in any reference to a character.
_NO_XML: Final = re.compile("[\ufffe\uffff]")
_LOST: Final = "\ufffd"
# A character of a cell is written by its number, as in _x0007_, so that a text which looks like it has to be escaped.
_ESCAPE: Final = re.compile("_(?=x[0-9a-fA-F]{4})")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f]")
# Texts that XlsxWriter would take for XML, or escape in a way that Excel reads otherwise.
_MISTAKEN: Final = re.compile("(?s)<r>|.*_x[0-9a-fA-F]{4}")


def cell_of(kind: Type, value: Any, zone: tzinfo, oddities: Counter[str]) -> Any:
    """
    Return a value as a plain time of *zone*, a truth value, a number or a text, counting what was altered.
    """
    if kind in ("flag", "int"):
        return value
    if kind == "time":
        shown = _plain(value, zone)
        return to_cell(kind, value) if shown is None else shown
    return _safe(to_cell(kind, value), oddities)


def _plain(value: datetime, zone: tzinfo) -> datetime | None:
    """Return a time without its zone; None where Excel has no such date."""
    try:
        plain = value.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return None
    return plain if _OLDEST <= plain < _LATEST else None


def _safe(text: str, oddities: Counter[str]) -> str:
    text, lost = _NO_XML.subn(_LOST, text)
    oddities["xlsx_characters_replaced"] += lost
    # A text has at most two units a character: most need not be counted.
    if len(text) > MOST_UNITS // 2 and len(units := text.encode("utf-16-le")) > 2 * MOST_UNITS:
        oddities["xlsx_cells_cut"] += 1
        text = units[: 2 * MOST_UNITS].decode("utf-16-le", "ignore")  # no half of a pair is left
    return _as_xml(text) if _MISTAKEN.match(text) else text


def _as_xml(text: str) -> str:
    """Return a text as XML of a cell, which XlsxWriter leaves alone: with no underscore, it finds none to escape."""
    text = _CONTROLS.sub(lambda found: f"_x{ord(found[0]):04X}_", _ESCAPE.sub("_x005F_", text))
    return f'<r><t xml:space="preserve">{escape(text, quote=False).replace("_", "&#95;")}</t></r>'
