"""One conversation as a page to be printed: one file that loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from ..._sansio.visible import clean

_STYLE: Final = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: #ffffff; color: #1b1f27;
  font: 1rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { margin: 0 0 .75rem; font-size: 1.3rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1rem; margin: 0 0 1rem;
  padding-bottom: .75rem; border-bottom: 1px solid #d8dce3; }
dt, .who { color: #565e6c; }
dd, p { margin: 0; }
dd, .who, .text { overflow-wrap: anywhere; }
.who { font-size: .85rem; }
.said { margin: .5rem 0; padding: .2rem .7rem; border-left: .25rem solid #8b929c; }
.customer { border-left-color: #b86e00; margin-right: 15%; }
.agent, .bot { border-left-color: #1f6fb8; margin-left: 15%; }
.text { white-space: pre-wrap; unicode-bidi: isolate; }
@page { size: A4; margin: 16mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .said { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEAD: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; \
form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
"""


def page_of(name: str, header: Mapping[str, str], said: Iterable[tuple[str, str, str, Sequence[str]]]) -> str:
    """
    Return the page of a conversation: its name, what is known of it, and messages as time, author, side and lines.
    """
    title = f"Conversation {_shown(name)}"
    known = [f"<dt>{_shown(what)}</dt><dd><bdi>{_shown(value)}</bdi></dd>" for what, value in header.items()]
    parts = [
        f"{_HEAD}<title>{title}</title>\n<style>{_STYLE}</style>\n</head>",
        f"<body>\n<h1>Conversation <bdi>{_shown(name)}</bdi></h1>",
        "<dl>",
        *known,
        "</dl>",
        "<main>",
        *(_message(*one) for one in said),
        "</main>\n</body>\n</html>",
    ]
    return "\n".join(parts) + "\n"


def _message(at: str, author: str, side: str, lines: Sequence[str]) -> str:
    who = f'<p class="who"><bdi>{_shown(author)}</bdi> ({_shown(side)}), {_shown(at)}</p>'
    text = "\n".join(map(_shown, lines))
    return f'<article class="said {_shown(side)}">{who}<p class="text" dir="auto">{text}</p></article>'


def _shown(text: str) -> str:
    return escape(clean(text))
