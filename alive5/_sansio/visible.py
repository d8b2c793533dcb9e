"""Text from strangers, made safe to be shown: on a terminal and on a page."""

from __future__ import annotations

import re

# C0 and C1 with DEL (so no CSI, OSC or CR), line and paragraph separators, and what cannot be encoded.
_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
# Category Cf and Default_Ignorable_Code_Point of Unicode 16: what turns the direction of writing, and what shows
# nothing, so that two texts look alike or one hides another: zero widths, soft hyphen, fillers, selectors, tags.
_UNSEEN = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# An emoji, perhaps of several joined: joiners and selectors show something there, and hide nothing between pictures.
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_SIGN = f"{_PICTURE}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
_EMOJI = f"{_SIGN}(?:\u200d{_SIGN})*|[0-9#*]\ufe0f\u20e3"
_STRANGE = re.compile(f"({_EMOJI})|[{_CONTROLS}{_UNSEEN}]")


def clean(text: str) -> str:
    r"""
    Return a text on one line; what a terminal could obey or not show is written ``\xXX``, ``\uXXXX`` or ``\UXXXXXXXX``.
    """
    return _STRANGE.sub(_escape, text)


def clean_lines(text: str) -> str:
    """
    Return a text of several lines, cleaned; line feeds stay.
    """
    return "\n".join(clean(line) for line in text.split("\n"))


def clean_json(document: str) -> str:
    r"""
    Return JSON with what a terminal could obey or not show as JSON writes it, ``\uXXXX``; it means the same.
    """
    return _STRANGE.sub(_escape_json, document)


def _escape_json(match: re.Match[str]) -> str:
    character = match.group()
    if match.group(1) is not None or character == "\n":  # line feeds of a text are escaped already
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _escape(match: re.Match[str]) -> str:
    if match.group(1) is not None:
        return match.group(1)
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
