"""
The parts a text is sent in, which are what it costs.

By GSM 03.38 (3GPP TS 23.038) and the concatenation of TS 23.040: a text of
characters of the GSM alphabet alone is counted in septets, any other in the
16-bit units of UCS-2. Parts of a longer text carry a header of 6 octets.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs

from .validate import words

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each is an escape and a second septet.
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
# Units of a text in one part, and of each part of a longer one: 140 octets are 160 septets or 70 units, and the 6
# octets of the header leave 153 or 67.
_ALONE: Final[dict[Encoding, int]] = {"GSM-7": 160, "UCS-2": 70}
_OF_SEVERAL: Final[dict[Encoding, int]] = {"GSM-7": 153, "UCS-2": 67}
_LAST_OF_ONE_UNIT: Final = "\uffff"


@attrs.frozen(repr=False)
class Segments:
    """
    What a text is sent as: its encoding, units, parts and credits.

    ``units`` are septets of GSM-7, or 16-bit units of UCS-2. Each part costs
    one credit. ``widened_by`` are the characters the GSM alphabet lacks, in
    their order: without them the text would be GSM-7.
    """

    encoding: Encoding
    units: int
    parts: int
    credits: int
    widened_by: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # The characters are of a person's text.
        return f"<Segments {self.encoding} units={self.units} parts={self.parts}>"


def segments(message: str) -> Segments:
    """
    Return what a text is sent as, and so what it costs; no key and no request is needed.

    :raises InvalidArgumentError: when it is empty or cannot be encoded.
    """
    text = words("message", message)
    widened_by = tuple(dict.fromkeys(character for character in text if character not in _GSM))
    encoding: Encoding = "UCS-2" if widened_by else "GSM-7"
    sizes = [_size(character, encoding) for character in text]
    parts = _parts(sizes, encoding)
    return Segments(encoding, sum(sizes), parts, parts, widened_by)


_GSM: Final = _BASIC | _EXTENSION


def _size(character: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if character in _EXTENSION else 1
    return 2 if character > _LAST_OF_ONE_UNIT else 1


def _parts(sizes: list[int], encoding: Encoding) -> int:
    """Return the number of parts: an escape and a surrogate pair stay whole, so a part may end one unit early."""
    if sum(sizes) <= _ALONE[encoding]:
        return 1
    parts, used, room = 1, 0, _OF_SEVERAL[encoding]
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts
