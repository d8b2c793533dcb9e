"""
Cells no spreadsheet takes for a formula.

A cell that a spreadsheet would evaluate gets a leading apostrophe. Whole-cell
phone numbers and plain numbers are left alone: they evaluate to a number at
most, and an apostrophe would spoil them for everybody who joins on them.
OWASP's page on CSV injection lists the starters:
https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_STARTERS: Final = frozenset("=+-@\u2212")
_BREAKS: Final = frozenset("\t\r\n")
_PHONE: Final = re.compile(r"\+[0-9][0-9 ().-]{4,18}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?")
_INVISIBLE: Final = frozenset(("Zs", "Zl", "Zp", "Cf", "Cc"))
MARK: Final = "'"


def guard(text: str) -> str:
    """
    Return the cell for a text; an apostrophe leads where it could be a formula.

    A text that begins with apostrophes before such a start gets one more, so
    ``unguard`` returns every text unchanged.
    """
    if text[:1].isalnum():  # most of them
        return text
    return MARK + text if _needs_mark(text.lstrip(MARK)) else text


def unguard(cell: str) -> str:
    """
    Return the text of a cell ``guard`` made.
    """
    return cell[1:] if cell.startswith(MARK) and _needs_mark(cell.lstrip(MARK)) else cell


def _needs_mark(text: str) -> bool:
    for character in text:
        if character in _BREAKS:
            return True
        if not character.isspace() and unicodedata.category(character) not in _INVISIBLE:
            return _is_starter(character) and not (_PHONE.fullmatch(text) or _NUMBER.fullmatch(text))
    return False


def _is_starter(character: str) -> bool:
    """Full-width and small forms count: spreadsheets of East Asian locales read them alike."""
    return character in _STARTERS or unicodedata.normalize("NFKC", character)[:1] in _STARTERS
