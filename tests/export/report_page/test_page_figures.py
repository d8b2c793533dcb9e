"""What the page shows is what the metrics say, counted here once more from their rows."""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.counts import count, seed
from support.insight import AGENTS, data_set
from support.render import export
from support.report_pages import cards, seen

from alive5 import open_export
from alive5.export.insight.figures import ConversationMetrics

KNOWN = {"bots": ["Robo"], "agents": AGENTS}
ENDS = [60, 300, 900, 3600, 14400, 86400, math.inf]


def told(value: float | None) -> str:
    """Return a value as the page has it for programs: to the millisecond."""
    return "" if value is None else str(Decimal(str(round(value, 3))).normalize() + 0)


def middle(values: list[float]) -> float | None:
    return median(values) if values else None


def ninety(values: list[float]) -> float | None:
    return sorted(values)[math.ceil(len(values) * 0.9 - 1e-9) - 1] if values else None


def first(rows: list[ConversationMetrics], *, business: bool = False) -> list[float]:
    name = "first_response_business_seconds" if business else "first_response_seconds"
    return [value for row in rows if (value := getattr(row, name)) is not None]


def unanswered(rows: list[ConversationMetrics]) -> int:
    return sum(row.unanswered is True for row in rows)


def expected_cards(rows: list[ConversationMetrics]) -> dict[str, str]:
    contacts = Counter(row.contact_key for row in rows if row.contact_key)
    values: dict[str, float | None] = {
        "Conversations": len(rows),
        "Messages": sum(row.n_messages for row in rows),
        "First response": middle(first(rows)),
        "First response, 90 %": ninety(first(rows)),
        "First response in business hours": middle(first(rows, business=True)),
        "First response in business hours, 90 %": ninety(first(rows, business=True)),
        "Answered within 5 minutes": sum(value < 300 for value in first(rows)),
        "Unanswered": unanswered(rows),
        "Began in business hours": sum(bool(row.in_business_hours) for row in rows),
        "Duration": middle([row.duration_seconds for row in rows if row.duration_seconds is not None]),
        "Contacts": len(contacts),
        "Contacts that came again": sum(number > 1 for number in contacts.values()),
        "Unknown authors": sum(row.from_unknown for row in rows),
    }
    return {name: told(value) for name, value in values.items()}


def expected_groups(rows: list[ConversationMetrics], name: Any) -> dict[str, list[str]]:
    groups: dict[str, list[ConversationMetrics]] = {}
    for row in rows:
        groups.setdefault(name(row), []).append(row)
    return {
        name: [
            str(len(group)), told(middle(first(group))), told(ninety(first(group))),
            told(middle(first(group, business=True))), str(unanswered(group)),
        ]
        for name, group in groups.items()
    }  # fmt: skip


def values_of(html: str, where: str) -> dict[str, list[str]]:
    """Return the rows of a table, whose values for programs follow the name."""
    _, _, rest = html.partition(f'id="{where}"')
    body = rest[: rest.index("</table>")].partition("<tbody>")[2]
    rows = [text.partition("</th>") for text in body.split("</tr>") if "<tr>" in text]
    return {seen(name).text.strip(): seen(cells).values for name, _, cells in rows}


@pytest.mark.promise("I1")
def test_every_figure_on_the_page_is_that_of_the_metrics(tmp_path: Path) -> None:
    number = seed()
    for turn in range(count(ci=3, full=50)):
        rows, zone, hours = data_set(number + turn)
        path = tmp_path / str(turn)
        export(path, rows, "jsonl")
        reader = open_export(path)
        found = list(reader.metrics(tz=zone, hours=hours, **KNOWN))
        html = reader.report(tz=zone, hours=hours, **KNOWN).html
        assert expected_cards(found) == cards(html), number + turn
        channels = expected_groups(found, lambda row: row.channel_name or row.channel_id or "no channel")
        assert channels == values_of(html, "channels")
        people = expected_groups(found, lambda row: row.answered_by or row.assigned_to or "nobody")
        assert people == values_of(html, "people")
        check_charts(found, html, zone)


def check_charts(found: list[ConversationMetrics], html: str, zone: str) -> None:
    where = ZoneInfo(zone)
    tables = seen(html).tables
    starts = [(row.kind, row.started.astimezone(where)) for row in found if row.started]
    weeks = Counter(((at.date() - timedelta(at.weekday())).isoformat(), kind) for kind, at in starts)
    names = [{"Live chat": "livechat", "SMS": "sms", "Messenger": "fbm"}[name] for name in tables["volume"][0][1:]]
    shown = {
        (line[0], kind): int(cell) for line in tables["volume"][1:] for kind, cell in zip(names, line[1:], strict=True)
    }
    assert dict(weeks) == {key: number for key, number in shown.items() if number}
    hours = Counter((at.isoweekday(), at.hour) for _, at in starts)
    cells = {(day, hour): int(tables["week"][hour + 1][day]) for day in range(1, 8) for hour in range(24)}
    assert dict(hours) == {key: number for key, number in cells.items() if number}
    responses = list(values_of(html, "responses").values())
    asked = sum(row.waits > 0 for row in found)
    buckets = [
        [sum(low <= value < high for value in first(found, business=business)) for business in (False, True)]
        for low, high in zip([0, *ENDS], ENDS, strict=False)
    ]
    assert buckets == [[int(value) for value in values] for values in responses[:-2]]
    assert asked == sum(int(values[0]) for values in responses)
    tags = Counter(tag for row in found for tag in {*(row.tags or ())})
    lines = {name: int(values[0]) for name, values in values_of(html, "tags").items()}
    assert {**tags, "no tag": sum(not row.tags for row in found)} == lines
    repeats = Counter(
        min(number, 5) for number in Counter(row.contact_key for row in found if row.contact_key).values()
    )
    assert [repeats[number] for number in range(1, 6)] == [int(v[0]) for v in values_of(html, "repeats").values()]


def test_without_hours_nothing_is_said_of_them(tmp_path: Path) -> None:
    rows, zone, _ = data_set(5)
    export(tmp_path, rows, "jsonl")
    page = open_export(tmp_path).report(tz=zone)
    assert "business" not in page.html
    assert "Times are in " + zone in page.html


def test_every_figure_says_its_formula(tmp_path: Path) -> None:
    rows, zone, hours = data_set(5)
    export(tmp_path, rows, "jsonl")
    found = seen(open_export(tmp_path).report(tz=zone, hours=hours).html)
    formulas = {line[0]: line[1] for line in found.tables["formulas"][1:]}
    titles = {attributes["title"] for _, attributes in found.tags if "title" in attributes}
    assert 20 == len(formulas)
    assert {*formulas.values()} - titles == set()


def test_an_export_without_rows_is_a_page(tmp_path: Path) -> None:
    export(tmp_path, [], "jsonl")
    html = open_export(tmp_path).report(hours="mon-fri 9-17", transcripts=5).html
    assert "No conversation with a known start." in html
    assert ("0", "") == (cards(html)["Conversations"], cards(html)["First response"])
