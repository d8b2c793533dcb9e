"""The ways in which a server may write again what it was sent, each of them seen to pass a search for the text."""

from __future__ import annotations

import base64
import html
import json
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, quote_plus

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "lower": str.lower,
    "HTML": html.escape,
    "HTML numbers": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "HTML for signs": lambda text: "".join(c if c.isalnum() else f"&#x{ord(c):x};" for c in text),
    "percent": lambda text: quote(text, safe=""),
    "percent in lower case": lambda text: quote(text, safe="").lower(),
    "form": quote_plus,
    "percent for all": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON for all": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"text": text})),
    "Python": ascii,
    "cut": lambda text: text[: max(3, len(text) * 2 // 3)],
    "without its start": lambda text: text[2:],
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "NFKD": lambda text: unicodedata.normalize("NFKD", text),
    "other blanks": lambda text: text.replace(" ", "\u00a0"),
    "more blanks": lambda text: text.replace(" ", " \n "),
    "no blanks": lambda text: "".join(text.split()),
    "zero widths": "\u200b".join,
    "wide": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of a header": lambda text: base64.b64encode(f"X-A5-APIKEY: {text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "backwards": lambda text: text[::-1],
    "quoted-printable": lambda text: "".join(f"={byte:02X}" for byte in text.encode()),
}


def parts(text: str, size: int = 6) -> list[str]:
    """
    Return all parts of a text of that size, in lower case: none of them may be seen where it was withheld.
    """
    text = text.lower()
    return [text[at : at + size] for at in range(max(1, len(text) - size + 1))]
