"""A page about an export, read back: its figures as values, what it holds, and what may load or run."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import attrs

# Who writes and is named so must stay text, in names, tags, numbers and messages alike.
HOSTILE = (
    "</script><script>window.ran = 1</script>",
    "</style><img src=x onerror='window.ran = 2'>",
    '" onmouseover="window.ran = 3" x="',
    "' autofocus onfocus='window.ran = 4",
    "javascript:window.ran = 5",
    "<a href='javascript:window.ran = 6'>x</a><iframe src=https://evil.example/></iframe>",
    "\u202egnp.exe\u2066 \u200f",
    "{{ 7 * 7 }}{% raw %}${7 * 7}",
    "<!-- --><svg onload='window.ran = 7'><title>]]>",
    "&lt;b&gt;&#x22;&nbsp",
    "a\x00b\x1bc\ud800d\x85",
    "x" * 100_000,
)


@attrs.define
class Seen(HTMLParser):
    """What is in a page, by walking through it once."""

    tags: list[tuple[str, dict[str, str | None]]] = attrs.field(factory=list)
    values: list[str] = attrs.field(factory=list)
    tables: dict[str, list[list[str]]] = attrs.field(factory=dict)
    text: str = ""
    _table: list[list[str]] | None = None
    _section: str = ""

    def __attrs_pre_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.tags.append((tag, found))
        if tag == "section":
            self._section = found.get("id") or ""
        elif tag == "table":
            self._table = self.tables.setdefault(found.get("id") or self._section or "formulas", [])
        elif tag == "tr" and self._table is not None:
            self._table.append([])
        elif tag in ("td", "th") and self._table is not None:
            self._table[-1].append("")
        elif tag == "data":
            self.values.append(found.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._table and self._table[-1] and self.lasttag in ("td", "th", "bdi", "span", "data"):
            self._table[-1][-1] += data.strip("\n")


def seen(html: str) -> Seen:
    found = Seen()
    found.feed(html)
    found.close()
    return found


def cards(html: str) -> dict[str, str]:
    """
    Return the figures at the top, by name, as their values for programs.
    """
    pattern = r'<p class="name">([^<]*)</p><p class="value"><data value="([^"]*)">'
    return dict(re.findall(pattern, html))


def hashes(html: str, tag: str) -> list[str]:
    """
    Return the hashes of what stands between a tag's ends.
    """
    parts = re.findall(rf"<{tag}>(.*?)</{tag}>", html, flags=re.DOTALL)
    return ["sha256-" + base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in parts]


def hostile_rows(count: int = len(HOSTILE)) -> list[tuple[str, dict[str, Any]]]:
    """
    Return a conversation for each hostile text, which is in every place a stranger can write to.
    """
    rows = []
    for number in range(count):
        text, at = HOSTILE[number % len(HOSTILE)], 1_767_625_200_000 + number * 5_000_000
        names = ("contacts_first_name", "contacts_last_name", "channel_name", "assigned_to", "contacts_email")
        said = [
            {"created_at": at + 60_000 * turn, "created_by": who, "message_content": text}
            for turn, who in enumerate(("visitor", text, text + "?"))
        ]
        rows.append((
            ("livechat", "sms", "fbm")[number % 3],
            {
                **dict.fromkeys(names, f"{number}{text}" if number >= len(HOSTILE) else text),
                "alive5_sessionID": f"s{number}",
                "start_time": at,
                "end_time": at + 600_000,
                "tags": [text, f"{text}{number}"],
                "chat_conversation": said,
            },
        ))  # fmt: skip
    return rows
