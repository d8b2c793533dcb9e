"""What a window asks of the server, and which rows it gives."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from support.front import Front
from support.scripted import refusal, reply

from alive5 import InvalidArgumentError, ListingReport, NotFoundError

NOON = datetime(2026, 1, 15, 12, tzinfo=timezone.utc)


def row(name: str, start: datetime | None = NOON) -> dict[str, Any]:
    return {"alive5_sessionID": name, "start_time": None if start is None else int(start.timestamp() * 1000)}


def once(rows: list[dict[str, Any]]) -> Any:
    """
    Answer with these rows as page 1, which is the first.
    """
    return lambda call: reply(rows if call.query["page"] == "1" else [])


async def items(pages: Any) -> list[Any]:
    return [item.id async for item in pages]


@pytest.mark.parametrize(
    ("start", "end", "asked"),
    [
        ("2026-01-05", "2026-01-07", {"date-start": "01-04-2026", "date-end": "01-09-2026"}),
        (datetime(2026, 1, 5).date(), None, {"date-start": "01-04-2026"}),
        (None, "2026-01-07", {"date-end": "01-09-2026"}),
        ("2026-01-05T10:00:00Z", "2026-01-07T10:00:00+02:00", {"date-start": "01-04-2026", "date-end": "01-09-2026"}),
        (None, None, {}),
    ],
)
def test_a_window_is_asked_in_both_spellings(front: Front, start: Any, end: Any, asked: dict[str, str]) -> None:
    port = front.port(lambda call: reply([]))
    front.run(lambda client: client.conversations.sms(start=start, end=end).list(), port=port)
    both = {**asked, **{name.replace("-", "_"): value for name, value in asked.items()}}
    queries = [dict(call.query) for call in port.calls]
    assert ["0", "1", "2"] == sorted(query.pop("page") for query in queries)
    assert [{**both, "limit": "100"}] * 3 == queries


@pytest.mark.parametrize(
    ("kind", "names", "pages"),
    [
        ("sms", ("date_start", "date_end"), {"limit": "100"}),
        ("fbm", ("date_start", "date_end"), {"limit": "100"}),
        ("livechat", ("datetime_from", "datetime_to"), {"timezone_offset": "+0:00"}),
    ],
)
def test_a_window_is_asked_in_the_one_spelling_of_the_current_edition(
    front: Front, kind: str, names: tuple[str, str], pages: dict[str, str]
) -> None:
    port = front.port(lambda call: reply([]))

    async def body(client: Any) -> None:
        await getattr(client.conversations, kind)(start="2026-01-05", end="2026-01-07").list()

    front.run(body, port=port, edition="current")
    asked = dict(zip(names, ("01-04-2026", "01-09-2026"), strict=True))
    first = int(kind != "livechat")
    assert [{**asked, **pages, "page": str(first + n)} for n in range(2)] == [call.query for call in port.calls]


def test_instants_are_exact(front: Front) -> None:
    start, end = NOON, NOON + timedelta(hours=1)
    moments = {
        "before": start - timedelta(milliseconds=1),
        "first": start,
        "last": end,
        "after": end + timedelta(milliseconds=1),
        "undated": None,
    }
    port = front.port(once([row(name, moment) for name, moment in moments.items()]))

    async def body(client: Any) -> ListingReport:
        pages = client.conversations.sms(start=start, end=end)
        assert ["first", "last", "undated"] == await items(pages)
        report: ListingReport = pages.report
        return report

    assert ListingReport(complete=True, pages=1, dropped=2, outside=2) == front.run(body, port=port)


def test_a_zone_makes_days_exact(front: Front) -> None:
    midnight = datetime(2026, 1, 15, 5, tzinfo=timezone.utc)  # in New York
    moments = [midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=24, seconds=-1)]
    rows = [row(str(number), moment) for number, moment in enumerate([*moments, midnight + timedelta(hours=24)])]
    port = front.port(once(rows))

    async def body(client: Any) -> None:
        day: dict[str, Any] = {"start": "2026-01-15", "end": "2026-01-15"}
        assert ["1", "2"] == await items(client.conversations.sms(**day))
        # Without a zone they are days of UTC, which ends five hours before.
        assert list("01") == await items(client.with_options(tz=None).conversations.sms(**day))
        naive = client.conversations.sms(start=datetime(2026, 1, 15), end=datetime(2026, 1, 15, 23, 59, 59))
        assert ["1", "2"] == await items(naive)

    front.run(body, port=port, tz="America/New_York")
    asked = {"date-start": "01-14-2026", "date-end": "01-18-2026"}
    assert asked == {name: port.calls[0].query[name] for name in asked}


@pytest.mark.parametrize("bounds", [("2026-01-08", "2026-01-07"), ("soon", None), (None, 7), ("2026-13-01", None)])
def test_a_window_that_cannot_be_is_refused_before_anything_is_asked(front: Front, bounds: Any) -> None:
    port = front.port()
    for kind in ("sms", "livechat", "fbm", "summary"):

        async def body(client: Any, kind: str = kind) -> None:
            await getattr(client.conversations, kind)(start=bounds[0], end=bounds[1])

        assert front.fails(InvalidArgumentError, body, port=port).argument in ("start", "end")
    assert [] == port.calls


def test_a_summary_counts_whole_days(front: Front) -> None:
    port = front.port([reply({"visitors_web": "3", "contacts_sms": 1})])

    async def body(client: Any) -> Any:
        return await client.conversations.summary(start=NOON, end=NOON + timedelta(days=1))

    summary = front.run(body, port=port)
    assert (3, 1, None) == (summary.visitors_web, summary.contacts_sms, summary.visitors_fbm)
    assert ("01-15-2026", "01-16-2026") == (port.calls[0].query["date-start"], port.calls[0].query["date_end"])


def test_a_summary_is_no_listing(front: Front) -> None:
    front.fails(NotFoundError, lambda client: client.conversations.summary(), port=front.port([refusal(404)]))
