"""Numbers, durations and strangers' names as the page shows them."""

from __future__ import annotations

import re
from typing import Final

# What a page cannot hold, and the controls no browser shows; tabs and line feeds stay.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# A name of a hostile length must not make a page of any size.
_LONGEST_NAME: Final = 80
_MINUTE, _HOUR, _DAY = 60, 3_600, 24 * 3_600
NOTHING: Final = "-"
"""Where there is no value."""
KINDS: Final = {"livechat": "Live chat", "sms": "SMS", "fbm": "Messenger"}


def visible(text: str) -> str:
    """
    Return a text with a sign where a character cannot be shown.
    """
    return _UNSEEN.sub("\ufffd", text)


def name_of(text: str | None, nobody: str) -> str:
    """
    Return a name on one line, cut when it is very long; *nobody* for none.
    """
    line = " ".join(visible(text or "").split())
    return (line[: _LONGEST_NAME - 1] + "…" if len(line) > _LONGEST_NAME else line) or nobody


def span(seconds: float | None) -> str:
    """
    Return a duration as people say it.
    """
    if seconds is None:
        return NOTHING
    for limit, unit, word in ((90, 1, "s"), (90 * _MINUTE, _MINUTE, "min"), (48 * _HOUR, _HOUR, "h")):
        if seconds < limit:
            return f"{seconds / unit:,.{int(word == 'h')}f} {word}"
    return f"{seconds / _DAY:,.1f} days"


def share(part: float, whole: float) -> str:
    """
    Return a part in percent; nothing of nothing is a dash.
    """
    return f"{100 * part / whole:.0f} %" if whole else NOTHING


def number(value: float) -> str:
    """
    Return a count with its thousands apart.
    """
    return f"{value:,}"


def exact(value: float | None) -> str:
    """
    Return a value for programs, with milliseconds.
    """
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")
