"""
Pseudonyms for people in delivered rows: the same for the same person, by a key that is not in the export.

They are not anonymous: who has the key can try a name and see. Names, numbers
and addresses are made alike before they are replaced, as everywhere else that
compares them, so that what is said of a conversation stays so.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import attrs

from ..._sansio.validate import refuse
from ...models._addresses import read_address
from ...models._numbers import PSEUDONYM_PREFIX, number_key, read_number
from ...models._sides import UNNAMED, folded

SORTS: Final = ("names", "phones", "emails", "texts")
"""What can be replaced."""
# 64 bits: of ten million people no two share one, but for a chance of 1 in 370,000.
_DIGITS: Final = 16
# A host nobody can have (RFC 2606), so that nothing is ever sent to it.
_HOST: Final = "@pseudonym.invalid"
# What is not of a person, though names of people's values stand in it.
_KEPT: Final = "kept"
# What stands under a name, by the name in lower case, at any depth of a row; the first that matches.
_BY_NAME: Final = (
    (_KEPT, re.compile(r"tags|channel|.*channel_?(?:name|label)|org_?name|.*_type")),
    (
        "texts",
        re.compile(r".*notes?|(?:last_?)?message(?:_content)?|body|text|subject|media_url|.*question|.*comments?"),
    ),
    ("emails", re.compile(r".*e?mail.*")),
    ("phones", re.compile(r".*(?:phone|mobile|whatsapp|viber|fax).*")),
    (
        "names",
        re.compile(
            r"(?:.*_)?(?:first|last|full|middle|nick|screen|display|user|agent|contacts?|visitor|customer)_?name"
            r"|name|created_?by|assigned_?to|agent|(?:agent|user|crm)_id|from|to"
        ),
    ),
)
_LONGEST_NAME: Final = 256
# Names of some pages; those a server makes up must not fill the memory.
_REMEMBERED: Final = 4096


@attrs.frozen(repr=False)
class Pseudonyms:
    """
    The pseudonyms of one key, for some sorts of values.
    """

    key: bytes
    sorts: tuple[str, ...]
    _known: dict[str, str | None] = attrs.field(factory=dict, init=False, eq=False)

    @property
    def name(self) -> str:
        """What tells them from others, without revealing the key."""
        return f"{','.join(self.sorts)} {hmac.digest(self.key, b'alive5 pseudonyms', 'sha256').hex()[:_DIGITS]}"

    def replace(self, rows: list[Any]) -> list[Any]:
        """
        Replace what rows say of people, in place, and return them.
        """
        waiting: list[tuple[Any, str]] = [(rows, "")]
        while waiting:
            holder, above = waiting.pop()
            for place, value in [*(holder.items() if holder.__class__ is dict else enumerate(holder))]:
                own = _sort_of(place[:_LONGEST_NAME].lower()) if isinstance(place, str) else ""
                sort = above if above == _KEPT else own or above
                if value.__class__ is dict or value.__class__ is list:
                    waiting.append((value, sort))
                elif sort and (value.__class__ is str or (value.__class__ is int and sort != "texts")):
                    holder[place] = self._of(sort, value)
        return rows

    def _of(self, sort: str, value: str | int) -> str | int:
        """Return what stands for a value under a name of a sort; the value itself where that is not replaced."""
        text = str(value)
        if folded(text) in ("", "0"):  # nothing, as the service writes it
            return value
        if sort == "names":
            return self._named(text) or value
        if sort not in self.sorts:
            return value
        if sort == "texts":
            return self._text(text)
        return self._address(text) if sort == "emails" else self._number(text)

    def _named(self, text: str) -> str | None:
        """Return what :meth:`_who` does, of which a page asks for each message and few differ."""
        if text not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = self._who(text)
        return self._known[text]

    def _who(self, text: str) -> str | None:
        """Return what stands for who a text names: by a number, an address, or else a name, word by word."""
        number, address = read_number(text), read_address(text)
        if number is not None and "phones" in self.sorts:
            return self._number(text)
        if address is not None and "emails" in self.sorts:
            return self._address(text)
        if "names" not in self.sorts or number is not None or folded(text) in (address, *UNNAMED):
            return None
        return self._words(text)

    def _number(self, text: str) -> str:
        number = read_number(text)
        return self._words(text) if number is None else self._made(PSEUDONYM_PREFIX, number_key(number))

    def _address(self, text: str) -> str:
        address = read_address(text)
        return self._words(text) if address is None else self._made("email", address) + _HOST

    def _words(self, text: str) -> str:
        """Return what stands for a name, or for what should be a number or an address and is none."""
        return " ".join(self._made("name", word) for word in folded(text).split())

    def _text(self, text: str) -> str:
        """Return what stands for a text: all of it, and the power of two that is not below its length."""
        return f"{self._made('text', text)}_{1 << (len(text) - 1).bit_length()}"

    def _made(self, sort: str, text: str) -> str:
        digest = hmac.digest(self.key, f"{sort}\0{text}".encode("utf-8", "surrogatepass"), "sha256")
        return f"{sort}_{digest.hex()[:_DIGITS]}"

    def __repr__(self) -> str:
        return f"<Pseudonyms {','.join(self.sorts)}>"


def read_sorts(given: Iterable[str] | None) -> tuple[str, ...]:
    """
    Return what is to be replaced, checked and in order.
    """
    chosen = (given,) if isinstance(given, str) else tuple(given or ())
    if any(sort not in SORTS for sort in chosen):
        raise refuse("pseudonymise", f"must name some of {', '.join(SORTS)}")
    return tuple(sort for sort in SORTS if sort in chosen)


@lru_cache(maxsize=4096)  # more than all names the service was seen to use
def _sort_of(name: str) -> str:
    return next((sort for sort, pattern in _BY_NAME if pattern.fullmatch(name)), "")
