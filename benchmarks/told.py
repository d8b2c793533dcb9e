"""What was measured, as a page for a reader who chooses a library and as a chart: ``told.py`` writes both again."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any, TypeAlias

from chart import Group, draw
from reasons import reasons

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
CHART = HERE.parent / "docs" / "speed.svg"
Row: TypeAlias = dict[str, Any]
# What has a column of its own, or stands elsewhere.
COLUMNS = {"row", "work", "median", "min", "max", "pairs", "bar", "met", "on", "with", "beside"}
TITLES = {
    "B5": "20,000 chats in 200 pages of 50 ms to disk, time",
    "B6": "200,000 chats in 2,000 pages of 5 ms to disk, time",
    "B12": "one read, 32 in flight and no delay, time",
}


def tell(rows: list[Row]) -> None:
    """Write the page and the chart."""
    page, picture = told(rows)
    RESULTS.write_text(page, encoding="utf-8")
    CHART.write_text(picture, encoding="utf-8")


def told(rows: list[Row]) -> tuple[str, str]:
    """
    Return the page and the chart.
    """
    first = {row["row"]: row for row in reversed(rows)}
    groups = [Group(TITLES[name], first[name]["beside"]) for name in TITLES if first.get(name, {}).get("beside")]
    page = f"""# Results

<!-- --8<-- [start:told] -->
{lead(first)}

What this does not show: a real host. All of it runs against a server of prepared answers on the same machine, which
answers after a set delay; a host far away is slower, and then its delay decides for every client. Rows here have 30
values and 12 messages. Nothing here says how fast Alive5 answers, or how much it lets a key ask for.
<!-- --8<-- [end:told] -->

![Times beside others, by the rows B5, B6 and B12](../docs/speed.svg)

<!-- --8<-- [start:rows] -->
Written by `nox -s bench`. Every figure compares two programs run in turn in one process tree on one machine
(A B A B ..., the median of the pairs' ratios); absolute times are left out because they belong to the machine. Bars are
what is aimed at; what is not met stays in the table.

{table(rows)}

{when(rows)}

## Where a bar is not met

{reasons(list(dict.fromkeys(row["row"] for row in rows if not row["met"])))}
<!-- --8<-- [end:rows] -->
"""
    return page, draw(groups)


def lead(first: dict[str, Row]) -> str:
    """Say in two sentences against whom and how much."""
    wall, more, memory = first["B5"], first["B12"], first["B7"]
    parts = [
        f"A bulk export takes **{wall['median']:.2f} of the time** and {wall['cpu']['median']:.2f} of the CPU of dlt",
        f"at its best setting, {times(wall, 'a loop of requests')} of the time of a loop that asks page by page,",
        f"and memory that does not grow with its size ({memory['median']:.2f} times as much for ten times the rows).",
        f"Single calls cost what bare httpx costs ({first['B1']['median']:.2f} blocking,",
        f"{first['B2']['median']:.2f} asynchronous), and many at once go {more['median']:.2f} times as fast.",
    ]
    return textwrap.fill(" ".join(parts), 120)


def times(row: Row, other: str) -> str:
    """How much of another's time ours is."""
    return f"{1 / row['beside'][other]:.2f}"


def table(rows: list[Row]) -> str:
    lines = ["| row | work | median | min .. max | pairs | bar | met | notes |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        notes = [f"{name.replace('_', ' ')} {value}" for name, value in row.items() if name not in {*COLUMNS, "cpu"}]
        met = "yes" if row["met"] else "**no**"
        cells = [row["row"], row["work"], f"{row['median']:.2f}", f"{row['min']:.2f} .. {row['max']:.2f}"]
        lines.append(f"| {' | '.join([*cells, str(row['pairs']), row['bar'], met, ', '.join(notes)])} |")
    return "\n".join(lines)


def when(rows: list[Row]) -> str:
    """Say on which days, and with what."""
    days: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        named = days.setdefault((row["on"], row["with"]), [])
        named += [row["row"]] if row["row"] not in named else []
    return "\n\n".join(f"{', '.join(named)}: {on}, {told}." for (on, told), named in days.items())


if __name__ == "__main__":
    tell(json.loads((HERE / "results.json").read_text()))
