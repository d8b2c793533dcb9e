"""Listings known to be incomplete say so three ways: a warning, the report, and an error when strict."""

from __future__ import annotations

import pickle
import sys
import warnings
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import anyio
import pytest
from support.front import Front
from support.scripted import Answer, Sent, reply
from support.watch import CANARY

from alive5 import (
    Alive5,
    Alive5Warning,
    AsyncAlive5,
    IncompleteListingError,
    ListingReport,
    PageRepeatedWarning,
    WindowIgnoredWarning,
)

DAY = datetime(2026, 1, 15, 12, tzinfo=timezone.utc)
IGNORED = "the server ignored the dates; only rows of the window are returned, and more may exist"
HINT = '; try edition="current"'
WINDOW: dict[str, Any] = {"start": "2026-01-15", "end": "2026-01-16"}


def row(name: str, start: datetime = DAY) -> dict[str, Any]:
    return {"alive5_sessionID": name, "start_time": int(start.timestamp() * 1000)}


def ignoring_dates(call: Sent) -> Answer:
    rows = [row("in"), row("far", DAY + timedelta(days=60)), row("farther", DAY + timedelta(days=61))]
    return reply(rows if call.query.get("page", "1") == "1" else [])


def repeating(call: Sent) -> Answer:
    return reply([row("a"), row("b")])


def promising(call: Sent) -> Answer:
    rows = [row("a")] if call.query.get("page", "1") == "1" else []
    return reply({"Items": rows, "page": call.query.get("page", "1"), "totalPages": 1, "totalRecord": 5})


def ignoring_and_promising(call: Sent) -> Answer:
    rows = [row("in"), row("far", DAY + timedelta(days=60))] if call.query["page"] == "1" else []
    return reply({"Items": rows, "page": 1, "totalPages": 1, "totalRecord": 9})


SCENES: dict[str, tuple[Any, list[tuple[type[Alive5Warning], str]], ListingReport]] = {
    "window ignored": (
        ignoring_dates,
        [(WindowIgnoredWarning, IGNORED + HINT)],
        ListingReport(complete=False, issues=("the server ignored the dates",), pages=1, dropped=2, outside=2),
    ),
    "page repeated": (
        repeating,
        [(PageRepeatedWarning, "the server repeated a page; more conversations may exist")],
        ListingReport(complete=False, issues=("page 2 repeated an earlier one",), pages=2, duplicates=2),
    ),
    "falls short": (
        promising,
        [(Alive5Warning, "the server promised 5 rows and gave 1")],
        ListingReport(complete=False, issues=("the server promised 5 rows and gave 1",), pages=1),
    ),
    "window ignored and short": (
        ignoring_and_promising,
        [
            (WindowIgnoredWarning, IGNORED + HINT),
            (Alive5Warning, "the server promised 9 rows and gave 2; the server ignored the dates"),
        ],
        ListingReport(
            complete=False,
            issues=("the server promised 9 rows and gave 2", "the server ignored the dates"),
            pages=1,
            dropped=1,
            outside=1,
        ),
    ),
}


async def by_items(pages: Any) -> None:
    async for _ in pages:
        pass


async def by_pages(pages: Any) -> None:
    async for _ in pages.pages():
        pass


async def by_list(pages: Any) -> None:
    await pages.list()


@pytest.mark.parametrize("read", [by_items, by_pages, by_list])
@pytest.mark.parametrize("name", SCENES)
def test_a_listing_known_to_be_incomplete_warns_once_and_reports(front: Front, name: str, read: Any) -> None:
    answer, expected, report = SCENES[name]

    async def body(client: Any) -> ListingReport:
        pages = client.conversations.livechat(**WINDOW, limit=2 if name == "page repeated" else 10)
        await read(pages)
        found: ListingReport = pages.report
        return found

    with pytest.warns(Alive5Warning, match="conversations.livechat") as caught:
        assert report == front.run(body, port=front.port(answer))
    where = "conversations.livechat 2026-01-15..2026-01-16: "
    assert [(kind, where + text) for kind, text in expected] == [(w.category, str(w.message)) for w in caught]


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("read", [by_items, by_pages, by_list])
def test_a_strict_listing_raises(front: Front, name: str, read: Any) -> None:
    answer, _, report = SCENES[name]

    async def body(client: Any) -> None:
        limit = 2 if name == "page repeated" else 10
        await read(client.conversations.livechat(**WINDOW, limit=limit, strict=True))

    error = front.fails(IncompleteListingError, body, port=front.port(answer))
    assert (report, "conversations.livechat", "unknown", True) == (
        error.report,
        error.operation,
        error.outcome,
        error.safe_to_repeat,
    )
    listing = "conversations.livechat: the listing 2026-01-15..2026-01-16"
    assert f"{listing} is not complete: {'; '.join(report.issues)}" == str(error)
    assert report == pickle.loads(pickle.dumps(error)).report
    assert report.to_dict() == error.to_dict()["report"]


@pytest.mark.parametrize("kind", ["sms", "fbm", "livechat"])
def test_the_current_edition_hints_at_no_other(front: Front, kind: str) -> None:
    with pytest.warns(WindowIgnoredWarning) as caught:
        front.run(
            lambda client: getattr(client.conversations, kind)(**WINDOW).list(),
            port=front.port(lambda call: ignoring_dates(call) if call.query["page"] == "1" else reply([])),
            edition="current",
        )
    assert [f"conversations.{kind} 2026-01-15..2026-01-16: {IGNORED}"] == [str(w.message) for w in caught]


@pytest.mark.parametrize("kind", ["sms", "fbm", "livechat"])
def test_a_single_page_says_it_too(front: Front, kind: str) -> None:
    async def body(client: Any) -> list[str]:
        pages = getattr(client.conversations, kind)(**WINDOW)
        found = [chat.id for chat in (await pages.page(1)).items]
        assert pages.report.complete is False
        return found

    with pytest.warns(WindowIgnoredWarning, match=f"conversations.{kind}"):
        assert ["in"] == front.run(body, port=front.port(ignoring_dates))

    async def strictly(client: Any) -> None:
        await getattr(client.conversations, kind)(**WINDOW, strict=True).page(1)

    front.fails(IncompleteListingError, strictly, port=front.port(ignoring_dates))


def test_a_complete_listing_is_silent_also_when_strict(front: Front) -> None:
    port = front.port(lambda call: reply([row("a")] if call.query.get("page", "1") == "1" else []))

    async def body(client: Any) -> None:
        for kind in ("sms", "fbm", "livechat"):
            pages = getattr(client.conversations, kind)(**WINDOW, strict=True)
            await pages.list()
            assert pages.report.complete is True

    front.run(body, port=port)


@pytest.mark.parametrize(("exact", "shown"), [(DAY, "2026-01-15T12:00:00Z.."), (None, "..")])
def test_a_warning_names_the_window(front: Front, exact: Any, shown: str) -> None:
    with pytest.warns(PageRepeatedWarning) as caught:
        front.run(lambda client: client.conversations.livechat(start=exact, limit=2).list(), port=front.port(repeating))
    assert f"conversations.livechat {shown}: " in str(caught[0].message).replace("00.000", "00")


def where_shown(main: Any) -> list[tuple[str, int]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        main()
    return [(warning.filename, warning.lineno) for warning in caught]


READINGS = ("for", "pages", "list", "first", "page")


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_warning_points_at_the_line_that_reads(backend: str, reading: str) -> None:
    line = []

    async def main() -> None:
        async with AsyncAlive5(CANARY, port=Front(backend).port(ignoring_dates)) as client:
            pages = client.conversations.livechat(**WINDOW)
            if reading == "for":
                line.append(lineno())
                async for _ in pages:
                    pass
            elif reading == "pages":
                line.append(lineno())
                async for _ in pages.pages():
                    pass
            elif reading == "list":
                line.append(lineno())
                await pages.list()
            elif reading == "first":
                line.append(lineno())
                await pages.first()
            else:
                line.append(lineno())
                await pages.page(1)

    shown = where_shown(partial(anyio.run, main, backend=backend))
    assert [(__file__, line[0] + 1)] == shown


@pytest.mark.parametrize("reading", READINGS)
def test_a_warning_points_at_the_blocking_line_that_reads(reading: str) -> None:
    line = []

    def main() -> None:
        with Alive5(CANARY, port=Front("sync").port(ignoring_dates)) as client:
            pages = client.conversations.livechat(**WINDOW)
            if reading == "for":
                line.append(lineno())
                for _ in pages:
                    pass
            elif reading == "pages":
                line.append(lineno())
                for _ in pages.pages():
                    pass
            elif reading == "list":
                line.append(lineno())
                pages.list()
            elif reading == "first":
                line.append(lineno())
                pages.first()
            else:
                line.append(lineno())
                pages.page(1)

    shown = where_shown(main)
    assert [(__file__, line[0] + 1)] == shown


def lineno() -> int:
    return sys._getframe(1).f_lineno
