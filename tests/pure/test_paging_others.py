"""SMS and Messenger listings: pages are asked for and followed, and a host without pages gives all rows as each."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from support.front import Front
from support.paging_hosts import INSIDE, WINDOW, Host, answer
from support.scripted import Sent

from alive5 import Alive5Warning, ListingReport, PageRepeatedWarning, Reply, WindowIgnoredWarning

KINDS = pytest.mark.parametrize("kind", ["sms", "fbm"])


def read(kind: str, host: Any, front: Front, **options: Any) -> tuple[list[str], ListingReport, list[type[Warning]]]:
    async def body(client: Any) -> tuple[list[str], ListingReport]:
        pages = getattr(client.conversations, kind)(**WINDOW)
        rows = [row.contacts_notes async for row in pages]
        return rows, pages.report

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows, report = front.run(body, port=front.port(host), **options)
    return rows, report, [warning.category for warning in caught]


@pytest.mark.promise("H5")
@KINDS
@pytest.mark.parametrize(
    ("host", "requests", "complete"),
    [
        (Host(total=7, size=1000), 4, True),
        (Host(total=7, size=1000, base=0), 3, True),
        (Host(total=0), 3, True),
        (Host(total=0, past="404"), 3, True),
        # A round number of rows may have been cut there.
        (Host(total=50, size=1000), 4, None),
        (Host(total=200, size=1000), 4, None),
        (Host(total=7, size=1000, meta="pages"), 2, None),
        (Host(total=7, size=1000, meta="totals"), 2, None),
        (Host(total=7, size=1000, meta="pages", base=0), 2, None),
        # A host without pages gives all as each page: the same list came twice, and no more was asked.
        (Host(total=7, size=1000, ignores_page=True), 3, None),
        (Host(total=200, size=1000, ignores_page=True), 3, None),
        (Host(total=7, size=1000, ignores_page=True, ids=False), 3, None),
        (Host(total=7, size=1000, ignores_page=True, meta="totals"), 2, None),
        (Host(cap=10), 13, None),
        (Host(cap=10, base=0), 12, None),
        (Host(cap=10, refuses_zero=400), 13, None),
        (Host(cap=10, meta="pages"), 11, None),
        (Host(cap=10, meta="pages", base=0), 10, None),
        (Host(cap=10, meta="totals"), 11, None),
        (Host(cap=10, meta="pages", beside=True, as_text=True), 11, None),
        (Host(cap=10, meta="pages", hole="empty"), 12, None),
        (Host(cap=10, meta="pages", nameless=True), 11, None),
        (Host(cap=10, meta="pages", nameless=True, base=0), 10, None),
        (Host(cap=10, meta="pages", lies=1.3, past="last"), 12, None),
        (Host(cap=10, meta="pages", lies=1.3, past="404"), 13, None),
        (Host(total=250, meta="totals"), 4, None),
    ],
)
def test_all_rows_in_few_requests(host: Host, requests: int, complete: bool | None, kind: str, front: Front) -> None:
    del host.calls[:]
    rows, report, warned = read(kind, host, front)
    assert (host.expected(), complete, []) == (rows, report.complete, warned)
    assert requests == len(host.calls)
    asked = [call.query["page"] for call in host.calls]
    assert ["0", "1"] == sorted(asked[:2])
    assert len(asked) == len(set(asked))
    assert {"100"} == {call.query["limit"] for call in host.calls}


@pytest.mark.promise("H5")
@KINDS
def test_the_current_edition_counts_from_1(kind: str, front: Front) -> None:
    host = Host(cap=10, meta="totals")
    rows, report, warned = read(kind, host, front, edition="current")
    assert (host.expected(), None, []) == (rows, report.complete, warned)
    assert [str(number) for number in range(1, 11)] == [call.query["page"] for call in host.calls]
    assert {"100"} == {call.query["limit"] for call in host.calls}


@pytest.mark.promise("H5")
@KINDS
@pytest.mark.parametrize("edition", ["documented", "current"])
def test_pages_of_the_size_asked_for_that_are_all_alike_were_cut(kind: str, edition: str, front: Front) -> None:
    host = Host(total=150, ignores_page=True)
    rows, report, warned = read(kind, host, front, edition=edition)
    assert (host.expected()[:100], False, [PageRepeatedWarning]) == (rows, report.complete, warned)


@pytest.mark.promise("H5")
@KINDS
def test_a_page_that_repeats_is_a_flaw_where_pages_are_required(kind: str, front: Front) -> None:
    host = Host(total=7, size=1000, ignores_page=True)
    rows, report, warned = read(kind, host, front, edition="current")
    assert (host.expected(), False, [PageRepeatedWarning]) == (rows, report.complete, warned)


@pytest.mark.promise("H5")
@KINDS
def test_a_promise_that_is_not_kept_is_loud(kind: str, front: Front) -> None:
    host = Host(meta="totals", total=15, cap=10, ignores_page=True)
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
    number = int(sent.query["page"])
    if number == 2:
        return answer(None, code=404)
    if not number:
        return answer([])
    rows = [{"alive5_sessionID": f"s{number}", "start_time": INSIDE, "contacts_notes": f"row {number}"}]
    return answer({"Items": rows, "page": number, "pages": 3})


@KINDS
def test_a_silent_page_in_the_middle_is_no_end(kind: str, front: Front) -> None:
    rows, report, _ = read(kind, silent_in_the_middle, front)
    assert (["row 1", "row 3"], None) == (rows, report.complete)


@KINDS
def test_two_silent_pages_end_a_listing_that_is_not_called_complete(kind: str, front: Front) -> None:
    def host(sent: Sent) -> Reply:
        return silent_in_the_middle(sent) if sent.query["page"] == "1" else answer([])

    rows, report, _ = read(kind, host, front)
    assert (["row 1"], None) == (rows, report.complete)


@KINDS
@pytest.mark.parametrize("ignores_page", [False, True])
def test_a_page_of_a_listing_that_is_whole(kind: str, ignores_page: bool, front: Front) -> None:
    host = Host(total=7, size=1000, ignores_page=ignores_page)

    async def body(client: Any) -> Any:
        pages = getattr(client.conversations, kind)(**WINDOW)
        return await pages.page(1), await pages.page(2)

    first, second = front.run(body, port=front.port(host))
    # Only a second page shows that all are alike, and that there is no next.
    assert (host.expected(), None) == ([row.contacts_notes for row in first.items], first.has_next)
    assert (2, [], False if ignores_page else None) == (second.number, second.items, second.has_next)


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

    port = front.port(lambda sent: host(sent) if sent.operation == "conversations.livechat" else answer([]))
    first, some, nothing = front.run(body, port=port)
    assert ("row 0", host.expected()[:12], None) == (first.contacts_notes, [r.contacts_notes for r in some], nothing)
