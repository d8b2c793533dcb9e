"""
Draws ``rooms.svg`` from the list of rooms in ``tests/hygiene/rooms.py`` and the imports of the package.

``python docs/rooms.py`` writes it, ``--check`` only compares. An arrow that
follows from two others is left out, and so are those to the version.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hygiene.house import arrows, reached, rooms_graph
from hygiene.rooms import ROOMS, Room

TARGET: Final = Path(__file__).with_name("rooms.svg")
# From the top down, the column of each room; a room stands above all it imports.
FLOORS: Final[tuple[dict[str, float], ...]] = (
    {"__main__": 2.5},
    {"spark": 0, "webhooks": 1, "cli": 2.5, "pytest_plugin": 5},
    {"receiving": 1, "dlt": 3.5, "sandbox": 5},
    {"_facade": 0, "export": 2.5},
    {"client": 0, "export/engine": 1.5},
    {"resources": 0, "export/fetch": 1, "export/state": 2, "export/render": 3, "export/read": 4, "sandbox/embedded": 5},
    {"sending": 0, "_key_file": 2, "export/search": 4, "export/report_page": 3, "spark/plan": 5},
    {"_core": 0, "export/plan": 1, "sending/plan": 2, "export/dataset": 3, "export/insight": 4, "sandbox/service": 5},
    {"_port": 0, "export/report": 1, "export/rows": 2, "export/disk": 3, "sandbox/quirks": 4, "sandbox/data": 5},
    {"_sansio": 0},
    {"models": 0},
    {"_zones": 0},
    {"errors": 0, "_json": 1, "version": 2},
)
PLACES: Final = {name: (column, down) for down, floor in enumerate(FLOORS) for name, column in floor.items()}
COLUMN, FLOOR, WIDE, HIGH, EDGE, TOP = 138, 86, 130, 52, 70, 66
STYLE: Final = """
text { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 11px; fill: #333; }
.name { font-weight: 600; font-size: 12px; fill: #111; }
.paper { fill: #fff; }
rect.plain { fill: #f3f4f6; stroke: #9ca3af; }
rect.pure { fill: #e5f5ea; stroke: #58a06d; }
rect.world { fill: #e7f0fb; stroke: #6b95cc; }
path { fill: none; stroke: #8b929c; }
.head { fill: #8b929c; stroke: none; }
.late { stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #c9d1d9; }
  .name { fill: #f0f3f6; }
  .paper { fill: #0d1117; }
  rect.plain { fill: #1f242c; stroke: #57606a; }
  rect.pure { fill: #12291b; stroke: #3f8a57; }
  rect.world { fill: #12233a; stroke: #4574ad; }
  path { stroke: #6e7681; }
  .head { fill: #6e7681; }
}
"""


def middle(name: str) -> tuple[float, float]:
    """
    Return the middle of a room's box.
    """
    column, down = PLACES[name]
    return EDGE + column * COLUMN, TOP + down * FLOOR


def box(room: Room) -> Iterator[str]:
    """
    Yield a room: its name, and its law on at most two lines.
    """
    x, y = middle(room.name)
    style = "pure" if room.pure else "world" if room.world else "plain"
    yield f'<rect class="{style}" x="{x - WIDE / 2:g}" y="{y - HIGH / 2:g}" width="{WIDE}" height="{HIGH}" rx="5"/>'
    law = min((textwrap.wrap(room.law, width) for width in (18, 16, 17, 19, 20)), key=len)
    if len(law) > 2:
        raise ValueError(f"the law of {room.name} does not fit its box")
    at = y - (2 if len(law) > 1 else -4) - 6
    yield f'<text class="name" x="{x:g}" y="{at:g}" text-anchor="middle">{escape(room.name)}</text>'
    for number, line in enumerate(law):
        yield f'<text x="{x:g}" y="{at + 14 + 13 * number:g}" text-anchor="middle">{escape(line)}</text>'


def line(source: str, target: str) -> str:
    """
    Return the arrow from a room to one it imports.
    """
    (x, y), (to_x, to_y) = middle(source), middle(target)
    if to_y <= y:
        raise ValueError(f"{source} imports {target}, which does not stand below it: change FLOORS")
    # Arrows of one box start beside each other.
    x += max(-1, min(1, (to_x - x) / COLUMN)) * WIDE / 4
    to_x += max(-1, min(1, (x - to_x) / COLUMN)) * WIDE / 4
    return f'<path marker-end="url(#head)" d="M{x:g} {y + HIGH / 2:g}L{to_x:g} {to_y - HIGH / 2 - 1:g}"/>'


def needed() -> list[tuple[str, str]]:
    """
    Return the arrows that do not follow from others.
    """
    graph = rooms_graph()
    return sorted(
        (source, target)
        for source, target in arrows()
        if target != "version" and not any(target in reached(graph, other) for other in graph[source])
    )


def picture() -> str:
    """
    Draw everything.
    """
    high = TOP + (len(FLOORS) - 1) * FLOOR + HIGH // 2 + 9
    (x, y), (to_x, to_y) = middle("client"), middle("export")
    late = f"M{x + WIDE / 2:g} {y - 12:g}L{to_x - WIDE / 2 - 1:g} {to_y:g}"
    legend = [("pure", "pure"), ("world", "files, network, clock"), ("plain", "neither")]
    body = [line(*pair) for pair in needed()]
    body.append(f'<path class="late" marker-end="url(#head)" d="{late}"/>')
    body += [text for room in ROOMS for text in box(room)]
    for number, (style, text) in enumerate(legend):
        body.append(f'<rect class="{style}" x="9" y="{14 + 22 * number}" width="16" height="14" rx="3"/>')
        body.append(f'<text x="32" y="{25 + 22 * number}">{text}</text>')
    body.append('<text x="791" y="25" text-anchor="end">an arrow: imports; dashed: only when export() is called</text>')
    body.append('<text x="791" y="47" text-anchor="end">left out: what follows from others, and the version</text>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {high}" width="800" height="{high}" role="img">',
        "<title>The rooms of alive5, from the ground up</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
        f'<rect class="paper" width="800" height="{high}"/>',
        *body,
        "</svg>\n",
    ])  # fmt: skip


def main() -> int:
    """
    Write the picture, or compare it.
    """
    drawn = picture()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(drawn, encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != drawn:
        sys.stderr.write("docs/rooms.svg is out of date: run python docs/rooms.py\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
