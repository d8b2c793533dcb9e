"""SMS and Messenger listings, documented without pages: pages are followed when an answer speaks of them."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from support.front import Front
from support.paging_hosts import INSIDE, WINDOW, Host, answer
from support.scripted import Sent

from alive5 import Alive5Warning, ListingReport, Reply, WindowIgnoredWarning

KINDS = pytest.mark.parametrize("kind", ["sms", "fbm"])


def read(kind: str, host: Any, front: Front) -> tuple[list[str], ListingReport, list[type[Warning]]]:
    async def body(client: Any) -> tuple[list[str], ListingReport]:
        pages = getattr(client.conversations, kind)(**WINDOW)
        rows = [row.contacts_notes async for row in pages]
        return rows, pages.report

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows, report = front.run(body, port=front.port(host))
    return rows, report, [warning.category for warning in caught]


@pytest.mark.promise("H5")
@KINDS
@pytest.mark.parametrize(
    ("host", "requests", "complete"),
    [
        (Host(total=7, size=1000), 1, True),
        (Host(total=0), 1, True),
        (Host(total=0, past="404"), 1, True),
        # A round number of rows may have been cut there.
        (Host(total=50, size=1000), 1, None),
        (Host(total=200, size=1000), 1, None),
        (Host(total=7, size=1000, meta="pages"), 1, True),
        (Host(total=7, size=1000, meta="totals"), 1, True),
        (Host(total=7, size=1000, meta="pages", base=0), 1, True),
        (Host(meta="pages"), 10, None),
        (Host(meta="pages", base=0), 10, None),
        (Host(meta="totals"), 10, None),
        (Host(meta="pages", beside=True, as_text=True), 10, None),
        (Host(meta="pages", hole="empty"), 11, None),
        (Host(meta="pages", nameless=True), 11, None),
        (Host(meta="pages", nameless=True, base=0), 10, None),
        (Host(meta="pages", lies=1.3, past="last"), 11, None),
        (Host(meta="pages", lies=1.3, past="404"), 12, None),
    ],
)
def test_all_rows_in_few_requests(host: Host, requests: int, complete: bool | None, kind: str, front: Front) -> None:
    del host.calls[:]
    rows, report, warned = read(kind, host, front)
    assert (host.expected(), complete, []) == (rows, report.complete, warned)
    assert requests == len(host.calls)
    assert "page" not in host.calls[0].query
    assert all("limit" not in call.query for call in host.calls)


@pytest.mark.promise("H5")
@KINDS
def test_a_promise_that_is_not_kept_is_loud(kind: str, front: Front) -> None:
    host = Host(meta="totals", total=15, ignores_page=True)
    rows, report, warned = read(kind, host, front)
    assert (host.expected()[:10], False, 1) == (rows, report.complete, len(warned))


@KINDS
def test_ignored_dates_are_loud(kind: str, front: Front) -> None:
    host = Host(total=7, size=1000, spelling="none", outside=3)
    rows, report, warned = read(kind, host, front)
    assert (host.expected(), False, 3, [WindowIgnoredWarning]) == (rows, report.complete, report.dropped, warned)


def silent_in_the_middle(sent: Sent) -> Reply:
    """
    Serve three pages, of which the second says nothing of pages, or nothing at all.
    """
    number = int(sent.query.get("page", "1"))
    if number == 2:
        return answer(None, code=404)
    rows = [{"alive5_sessionID": f"s{number}", "start_time": INSIDE, "contacts_notes": f"row {number}"}]
    return answer({"Items": rows, "page": number, "pages": 3})


@KINDS
def test_a_silent_page_in_the_middle_is_no_end(kind: str, front: Front) -> None:
    rows, report, _ = read(kind, silent_in_the_middle, front)
    assert (["row 1", "row 3"], None) == (rows, report.complete)


@KINDS
def test_two_silent_pages_end_a_listing_that_is_not_called_complete(kind: str, front: Front) -> None:
    def host(sent: Sent) -> Reply:
        return silent_in_the_middle(sent) if "page" not in sent.query else answer([])

    rows, report, _ = read(kind, host, front)
    assert (["row 1"], None) == (rows, report.complete)


@KINDS
def test_a_page_of_a_listing_without_pages(kind: str, front: Front) -> None:
    host = Host(total=7, size=1000)

    async def body(client: Any) -> Any:
        pages = getattr(client.conversations, kind)(**WINDOW)
        return await pages.page(1), await pages.page(2)

    first, second = front.run(body, port=front.port(host))
    assert (host.expected(), False) == ([row.contacts_notes for row in first.items], first.has_next)
    assert (2, [], False) == (second.number, second.items, second.has_next)


@KINDS
def test_warnings_name_operation_and_window(kind: str, front: Front) -> None:
    async def body(client: Any) -> Any:
        return await getattr(client.conversations, kind)(**WINDOW).list()

    with pytest.warns(Alive5Warning) as caught:
        front.run(body, port=front.port(Host(total=7, size=1000, spelling="none", outside=1)))
    (warning,) = caught
    assert f"conversations.{kind} 2026-01-05..2026-01-15" in str(warning.message)


def test_the_first_row_and_the_first_rows(front: Front) -> None:
    host = Host(meta="totals")

    async def body(client: Any) -> Any:
        pages = client.conversations.livechat(**WINDOW, limit=10)
        nothing = client.conversations.sms(start="2030-01-01")
        return await pages.first(), await pages.list(max_items=12), await nothing.first()

    port = front.port(lambda sent: host(sent) if "page" in sent.query else answer([]))
    first, some, nothing = front.run(body, port=port)
    assert ("row 0", host.expected()[:12], None) == (first.contacts_notes, [r.contacts_notes for r in some], nothing)
