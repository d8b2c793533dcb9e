"""
What may be seen of what a server sent: never its own text.

A text may hold what the call was given in any spelling: escaped, encoded, cut,
normalised. So nothing is searched for. What is shown is one of a list of
sentences, in our spelling, and how much was withheld.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from email.utils import formatdate
from typing import Final

from .http_times import http_date
from .sentences import SENTENCES
from .wire import Call

# Longer than any known sentence with the quotes and blanks round its words; the rest of a text is only counted.
LOOKED_AT: Final = 200
_QUOTES: Final = str.maketrans("", "", "\"'`")
_BREAK: Final = re.compile(r"[:;,(]|[.!] ")
_SECONDS: Final = re.compile(r"\d{1,6}(?:\.\d{1,3})?", re.ASCII)  # eleven days; more digits may be a telephone number
_YEAR_10000: Final = 253_402_300_800  # no date can be written from there on, nor on every system before 1970
_IDENTITY: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
# A part of an id or a key shorter than this says little, and as much stands in a random id by chance.
_SHARED: Final = 8
_MEDIA: Final = (
    *("application/json", "application/problem+json", "application/xml", "application/octet-stream"),
    *("text/html", "text/plain", "text/xml"),
)
_SERVERS: Final = (
    *("nginx", "openresty", "apache", "cloudflare", "cloudfront", "awselb", "amazons3", "envoy", "istio-envoy"),
    *("varnish", "caddy", "gunicorn", "uvicorn", "express", "microsoft-iis", "akamaighost", "gws", "alive5-sandbox"),
)


class Secret:
    """A text that only :meth:`reveal` shows; *source* says where it was found."""

    __slots__ = ("_text", "source")

    def __init__(self, text: str, source: str = "") -> None:
        self._text = text
        self.source: str = source

    def reveal(self) -> str:
        """
        Return the text itself.
        """
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


def shown_text(texts: Iterable[str]) -> str:
    """
    Return what may be seen of a server's texts: sentences known beforehand, and how many characters are withheld.
    """
    shown, withheld = dict[str, None](), 0
    for text in texts:
        sentence, rest = _known(text.strip())
        shown |= {sentence: None} if sentence else {}
        withheld += rest
    return "; ".join([*shown, *([f"server text of {withheld} characters withheld"] if withheld else [])])


def _known(text: str) -> tuple[str, int]:
    """Return the sentence a text is or begins with, and how many characters there are beside it."""
    head = " ".join(text[:LOOKED_AT].translate(_QUOTES).split())
    whole = len(text) <= LOOKED_AT
    for end in (len(head), *(match.start() for match in reversed([*_BREAK.finditer(head)]))):
        sentence = SENTENCES.get(head[:end].rstrip(" .!").lower())
        if sentence is not None:
            return sentence, 0 if whole and end == len(head) else len(text) - end
    return "", len(text)


def shown_headers(headers: Mapping[str, str], call: Call, key: Secret | None) -> dict[str, str]:
    """
    Return the few headers that help to find a fault, those whose values can be nobody's.
    """
    found = {name: read(headers[name][:LOOKED_AT].strip()) for name, read in _READERS.items() if name in headers}
    for name in ("x-request-id", "request-id"):
        if found.get(name) and _is_echo(found[name].replace("-", ""), _sent(call, key)):
            found[name] = ""
    return {name: value for name, value in found.items() if value}


def _sent(call: Call, key: Secret | None) -> str:
    texts = (key.reveal() if key else "", call.path, *map("=".join, call.query), call.content.decode("latin-1"))
    return " ".join(texts).lower().replace("-", "")


def _is_echo(identity: str, sent: str) -> bool:
    return any(identity[at : at + _SHARED] in sent for at in range(len(identity) - _SHARED + 1))


def _pause(value: str) -> str:
    return value if _SECONDS.fullmatch(value) else _date(value)


def _date(value: str) -> str:
    moment = http_date(value)
    return formatdate(moment, usegmt=True) if moment is not None and 0 <= moment < _YEAR_10000 else ""


def _identity(value: str) -> str:
    value = value.lower()
    return value if _IDENTITY.fullmatch(value) else ""


def _among(names: tuple[str, ...], end: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        name = value.partition(end)[0].strip().lower()
        return name if name in names else ""

    return read


_READERS: Final[dict[str, Callable[[str], str]]] = {
    "retry-after": _pause,
    "date": _date,
    "content-type": _among(_MEDIA, ";"),
    "x-request-id": _identity,
    "request-id": _identity,
    "server": _among(_SERVERS, "/"),
}
