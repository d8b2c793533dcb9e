"""Redaction of secrets and personal data in text a server sent."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

LONGEST = 500
_LOOKED_AT = 20 * LONGEST
_SHORTEST_ARGUMENT = 4
_EMAIL = re.compile(r"[^\s@<>\"',;:()]{1,64}@[^\s@<>\"',;:()]{1,253}")
_PHONE = re.compile(r"\+?\(?\d(?:[\s().\-\u2010-\u2015]{0,3}\d){6,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


class Secret:
    """A text that only :meth:`reveal` shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """
        Return the text itself.
        """
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


def scrub(text: str, *, secret: Secret | None = None, arguments: Iterable[str] = ()) -> str:
    """
    Remove the key, a call's own arguments, e-mail addresses and phone numbers, and control characters.
    """
    if secret is not None:
        for form in _forms(secret.reveal()):
            text = re.sub(re.escape(form), "[key]", text, flags=re.IGNORECASE)
    for argument in sorted({a for a in arguments if len(a) >= _SHORTEST_ARGUMENT}, key=len, reverse=True):
        text = re.sub(re.escape(argument), "[argument]", text, flags=re.IGNORECASE)
    if len(text) > _LOOKED_AT:
        # Whole words only: the end of what is cut off must not show half an address.
        text = re.sub(r"\S*\Z", "", text[:_LOOKED_AT])
    text = _EMAIL.sub("[e-mail]", text)
    text = _PHONE.sub("[number]", text)
    text = _CONTROL.sub(" ", text).strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _forms(key: str) -> set[str]:
    # In base64 a text looks different at each of three places; what its neighbours change is left out.
    coded = (b64encode(b"\0" * place + key.encode()).decode()[4 if place else 0 : -4] for place in range(3))
    return {key, quote(key, safe=""), quote_plus(key), *(form for form in coded if len(form) >= 8)}
