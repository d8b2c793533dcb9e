"""
A second count of the parts of a text, from the tables of GSM 03.38 by code value.

It encodes: septets with their escapes, or UTF-16 octets, are laid into parts,
and the parts are taken apart again to see that none begins in the middle of a
character. Nothing is shared with the package.
"""

from __future__ import annotations

import attrs

# Table of 6.2.1, by code from 0x00 on; 0x1B is the escape.
_TABLE = [
    *(0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5, 0xE5),
    *(0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, None, 0xC6, 0xE6, 0xDF, 0xC9),
    *(0x20, 0x21, 0x22, 0x23, 0xA4, *range(0x25, 0x40)),
    *(0xA1, *range(0x41, 0x5B), 0xC4, 0xD6, 0xD1, 0xDC, 0xA7),
    *(0xBF, *range(0x61, 0x7B), 0xE4, 0xF6, 0xF1, 0xFC, 0xE0),
]
# Table of 6.2.1.1, by its code after the escape.
_ESCAPED = {
    0x0A: 0x0C, 0x14: 0x5E, 0x28: 0x7B, 0x29: 0x7D, 0x2F: 0x5C,
    0x3C: 0x5B, 0x3D: 0x7E, 0x3E: 0x5D, 0x40: 0x7C, 0x65: 0x20AC,
}  # fmt: skip
_ESCAPE = 0x1B
SEPTETS = {code: (number,) for number, code in enumerate(_TABLE) if code is not None}
SEPTETS |= {code: (_ESCAPE, number) for number, code in _ESCAPED.items()}


@attrs.frozen
class Laid:
    """A text laid into parts."""

    encoding: str
    units: int
    parts: list[list[int]]
    strange: list[str]


def lay(text: str) -> Laid:
    """
    Lay a text into parts as a phone does.
    """
    strange = [character for character in text if ord(character) not in SEPTETS]
    if strange:
        groups = [_utf16(character) for character in text]
        alone, shared = 140 // 2, (140 - 6) // 2
    else:
        groups = [SEPTETS[ord(character)] for character in text]
        alone, shared = 140 * 8 // 7, (140 - 6) * 8 // 7
    units = sum(map(len, groups))
    room = alone if units <= alone else shared
    parts: list[list[int]] = [[]]
    for group in groups:
        if len(parts[-1]) + len(group) > room:
            parts.append([])
        parts[-1] += group
    return Laid("UCS-2" if strange else "GSM-7", units, parts, strange)


def read(laid: Laid) -> str:
    """
    Read a text back, each part by itself.
    """
    return "".join(map(_wide if laid.encoding == "UCS-2" else _narrow, laid.parts))


def _utf16(character: str) -> tuple[int, ...]:
    octets = character.encode("utf-16-be")
    return tuple(octets[at] << 8 | octets[at + 1] for at in range(0, len(octets), 2))


def _wide(part: list[int]) -> str:
    return b"".join(unit.to_bytes(2, "big") for unit in part).decode("utf-16-be")


def _narrow(part: list[int]) -> str:
    text, septets = "", iter(part)
    for septet in septets:
        code = _ESCAPED[next(septets)] if septet == _ESCAPE else _TABLE[septet]
        assert code is not None
        text += chr(code)
    return text
