"""Times as bars, in one SVG that follows the reader's light or dark page and names no other host."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

WIDTH, LABEL, LINE, BAR = 720, 190, 26, 16  # pixels: the column of a README
ROOM = WIDTH - LABEL - 70
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 } .value { fill: #59636e }
.ours { fill: #0a7d4f } .other { fill: #afb8c1 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .value { fill: #9198a1 } .ours { fill: #3fb27f } .other { fill: #57606a }
}"""


class Group(NamedTuple):
    """A chart's bars: times by name, as multiples of ours; shorter is better."""

    title: str
    times: dict[str, float]


def draw(groups: list[Group]) -> str:
    """
    Return the picture: a group each, ours at its place among the others.
    """
    parts, y = list[str](), 8
    for group in groups:
        parts.append(f'<text class="title" x="0" y="{y + 14}">{escape(group.title)}</text>')
        y += LINE
        times = {"alive5": 1.0, **group.times}
        longest = max(times.values())
        for name, value in sorted(times.items(), key=lambda item: item[1]):
            parts += bar(name, value, longest, y)
            y += LINE
        y += LINE // 2
    size = f'width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}"'
    title = "<title>Times beside others, as multiples of alive5's: shorter is better</title>"
    body = "\n".join(parts)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">{title}'
    return f"{head}\n<style>{STYLE}\n</style>\n{body}\n</svg>\n"


def bar(name: str, value: float, longest: float, y: int) -> list[str]:
    width = max(2, round(ROOM * value / longest))
    kind = "ours" if name == "alive5" else "other"
    return [
        f'<text x="{LABEL - 10}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{width}" height="{BAR}" rx="3"/>',
        f'<text class="value" x="{LABEL + width + 8}" y="{y + 13}">{value:.2f}</text>',
    ]
