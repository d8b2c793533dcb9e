"""Text from strangers, made safe for a terminal."""

from __future__ import annotations

import re

# C0 and C1 with DEL (so no CSI, OSC or CR), line and paragraph separators, what turns the
# direction of writing, invisible format characters of old, and what cannot be encoded.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str) -> str:
    r"""
    Return a text on one line; whatever a terminal could obey is written ``\xXX`` or ``\uXXXX``.
    """
    return _UNSAFE.sub(_escape, text)


def clean_lines(text: str) -> str:
    """
    Return a text of several lines, cleaned; line feeds stay.
    """
    return "\n".join(clean(line) for line in text.split("\n"))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
