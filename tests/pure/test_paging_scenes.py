"""Listings of every kind of host: the exact rows, or a loud report; never a row twice, never too many requests."""

from __future__ import annotations

import warnings
from typing import Any

import attrs
import pytest
from support.front import Front
from support.paging_hosts import WINDOW, Host

from alive5 import Alive5Warning, IncompleteListingError, ListingReport, PageRepeatedWarning

EXACT, LOUD, BOTH = "exact", "loud", "exact and loud"
# Pages, a base and metadata that agree; then everything that does not.
SCENES: dict[str, tuple[Host, str]] = {
    "plain": (Host(), EXACT),
    "from zero": (Host(base=0), EXACT),
    "pages": (Host(meta="pages"), EXACT),
    "pages from zero": (Host(meta="pages", base=0), EXACT),
    "pages as text": (Host(meta="pages", as_text=True), EXACT),
    "pages as text from zero": (Host(meta="pages", as_text=True, base=0), EXACT),
    "pages beside the data": (Host(meta="pages", beside=True), EXACT),
    "totals": (Host(meta="totals"), EXACT),
    "totals from zero": (Host(meta="totals", base=0), EXACT),
    "totals as text beside the data": (Host(meta="totals", as_text=True, beside=True), EXACT),
    "pages promised high": (Host(meta="pages", lies=1.3), EXACT),
    "pages promised high from zero": (Host(meta="pages", lies=1.3, base=0), EXACT),
    "totals promised high": (Host(meta="totals", lies=1.3), BOTH),
    "pages promised low": (Host(meta="pages", lies=0.5), EXACT),
    "pages promised low from zero": (Host(meta="pages", lies=0.5, base=0), EXACT),
    "totals promised low": (Host(meta="totals", lies=0.5), EXACT),
    "clamped limit": (Host(cap=5, total=50), EXACT),
    "clamped limit and pages": (Host(cap=5, total=47, meta="pages"), EXACT),
    "clamped limit and totals from zero": (Host(cap=5, total=47, meta="totals", base=0), EXACT),
    "ignored limit": (Host(size=25), EXACT),
    "ignored limit and pages": (Host(size=25, meta="pages"), EXACT),
    "ignored limit, all at once": (Host(size=1000), EXACT),
    "ignored limit, all at once, for every page": (Host(size=1000, past="last", meta="pages"), EXACT),
    "ignored page": (Host(ignores_page=True), LOUD),
    "ignored page and pages": (Host(ignores_page=True, meta="pages"), LOUD),
    "ignored page and totals": (Host(ignores_page=True, meta="totals"), LOUD),
    "ignored page of one page": (Host(ignores_page=True, total=7), BOTH),
    "ignored page of one promised page": (Host(ignores_page=True, total=7, meta="pages"), EXACT),
    "last page for ever": (Host(past="last"), EXACT),
    "last page for ever and pages": (Host(past="last", meta="pages"), EXACT),
    "last page for ever, promised high": (Host(past="last", meta="totals", lies=1.3), BOTH),
    "last page for ever from zero": (Host(past="last", base=0), EXACT),
    "cyclic": (Host(past="cycle"), BOTH),
    "cyclic from zero": (Host(past="cycle", base=0), BOTH),
    "first page past the end": (Host(past="first"), BOTH),
    "404 past the end": (Host(past="404"), EXACT),
    "HTTP 404 past the end": (Host(past="http404", meta="pages", lies=1.3), EXACT),
    "HTTP 404 past the end from zero": (Host(past="http404", base=0), EXACT),
    "each page overlaps": (Host(overlap=3), EXACT),
    "each page overlaps, with totals": (Host(overlap=3, meta="totals"), EXACT),
    "rows arrive meanwhile": (Host(grows=1), EXACT),
    "rows arrive meanwhile, with totals": (Host(grows=2, meta="totals"), EXACT),
    "page 0 flaky": (Host(base=0, page_zero=(503,)), EXACT),
    "page 0 flaky twice": (Host(base=0, page_zero=(500, 502)), EXACT),
    "page 0 refused": (Host(refuses_zero=400), EXACT),
    "page 0 not found": (Host(refuses_zero=404, meta="pages"), EXACT),
    "page 0 unprocessable": (Host(refuses_zero=422, meta="totals"), EXACT),
    "page 0 always failing": (Host(page_zero=(500,) * 9), EXACT),
    "page 0 is page 1": (Host(), EXACT),
    "empty page in the middle": (Host(hole="empty", meta="pages"), EXACT),
    "empty page in the middle, unannounced": (Host(hole="empty"), EXACT),
    "404 in the middle": (Host(hole="404", meta="totals", base=0), EXACT),
    "short page in the middle": (Host(hole="short", meta="pages"), EXACT),
    "short page in the middle, unannounced": (Host(hole="short", base=0), EXACT),
    "dates with hyphens": (Host(spelling="hyphen", outside=200), EXACT),
    "dates with underscores": (Host(spelling="underscore", outside=200), EXACT),
    "dates ignored": (Host(spelling="none", outside=20), BOTH),
    "no ids": (Host(ids=False), EXACT),
    "no ids, from zero, with pages": (Host(ids=False, base=0, meta="pages"), EXACT),
    "no ids, last page for ever": (Host(ids=False, past="last"), EXACT),
    "no ids, ignored page": (Host(ids=False, ignores_page=True), LOUD),
    "no ids, cyclic": (Host(ids=False, past="cycle"), BOTH),
    "nothing": (Host(total=0), EXACT),
    "nothing, as 404": (Host(total=0, past="404"), EXACT),
    "nothing, promised": (Host(total=0, meta="totals"), EXACT),
    "one row": (Host(total=1), EXACT),
    "one row from zero": (Host(total=1, base=0, meta="pages"), EXACT),
    "one full page": (Host(total=10, meta="totals"), EXACT),
    "two full pages from zero": (Host(total=20, base=0), EXACT),
}


def fresh(host: Host) -> Host:
    return attrs.evolve(host, calls=[])


def read(host: Host, front: Front, **options: Any) -> tuple[list[str], ListingReport, list[type[Warning]]]:
    """
    Read a listing whole; gives its rows, report and warnings.
    """

    async def body(client: Any) -> tuple[list[str], ListingReport]:
        pages = client.conversations.livechat(**WINDOW, limit=10, **options)
        rows = [row.contacts_notes async for row in pages]
        return rows, pages.report

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows, report = front.run(body, port=front.port(host))
    return rows, report, [warning.category for warning in caught]


PATIENCE = 3


def test_there_are_scenes_enough() -> None:
    assert len(SCENES) >= 23


@pytest.mark.promise("H5")
@pytest.mark.parametrize("prefetch", [1, 2, 5])
@pytest.mark.parametrize("scene", SCENES)
def test_the_exact_rows_or_a_loud_report(scene: str, prefetch: int, front: Front) -> None:
    host, verdict = fresh(SCENES[scene][0]), SCENES[scene][1]
    rows, report, warned = read(host, front, prefetch=prefetch)
    assert len(set(rows)) == len(rows)
    arrived = [row for row in rows if row.startswith("row -")]
    expected = host.expected()
    if verdict != LOUD:
        assert expected == [row for row in rows if row not in arrived]
    else:
        assert expected[: len(rows)] == rows
    assert ("loud" in verdict) is (report.complete is False)
    # What cannot be known is warned of too: a host that counts from 0 would have rows on page 0.
    doubted = len(host.page_zero) > PATIENCE
    assert ("loud" in verdict or doubted) is any(issubclass(kind, Alive5Warning) for kind in warned)
    assert len(warned) <= 2
    failed = len(host.page_zero)
    failures = min(failed, sum(call.query["page"] == "0" for call in host.calls))
    assert len(host.calls) - failures <= host.pages + 3 + (prefetch if prefetch > 1 else 0)
    assert report.complete is not True or host.pages <= 1


@pytest.mark.promise("H5")
@pytest.mark.parametrize("scene", [name for name, (_, verdict) in SCENES.items() if "loud" in verdict])
def test_what_is_loud_is_an_error_when_strict(scene: str, front: Front) -> None:
    host = fresh(SCENES[scene][0])
    with pytest.raises(IncompleteListingError) as caught:
        read(host, front, strict=True)
    assert (False, "conversations.livechat") == (caught.value.report.complete, caught.value.operation)


def test_one_page_alone_is_proven_complete_by_empty_ones_after_it(front: Front) -> None:
    for host in (Host(total=0), Host(total=7), Host(total=7, base=0)):
        assert read(host, front)[1].complete is True
    for host in (Host(total=7, meta="pages"), Host(total=7, meta="totals", base=0)):
        assert read(host, front)[1].complete is None


@pytest.mark.promise("H5")
def test_rows_that_leave_meanwhile_are_never_called_complete(front: Front) -> None:
    for host in (Host(shrinks=1), Host(shrinks=1, meta="totals"), Host(shrinks=1, meta="pages", base=0)):
        assert read(host, front)[1].complete is not True


def test_page_0_that_keeps_failing_is_warned_of(front: Front) -> None:
    for base in (0, 1):
        _, report, warned = read(Host(base=base, page_zero=(500,) * 9), front)
        assert (None, 1, [Alive5Warning]) == (report.complete, len(report.issues), warned)


def test_a_base_is_asked_for_once(front: Front) -> None:
    for base in (0, 1):
        host = Host(base=base, total=15, meta="totals")

        async def body(client: Any, host: Host = host) -> list[str]:
            await client.conversations.livechat(**WINDOW, limit=10).list()
            del host.calls[:]
            await client.conversations.livechat(**WINDOW, limit=10).list()
            return [call.query["page"] for call in host.calls]

        asked = front.run(body, port=front.port(host))
        assert [str(base), str(base + 1)] == asked[:2]


@pytest.mark.promise("H5")
@pytest.mark.parametrize("base", [0, 1])
def test_one_page_that_comes_for_ever_proves_no_base(base: int, front: Front) -> None:
    one, many = Host(base=base, total=7, past="last"), Host(base=base, total=35, past="last")

    async def body(client: Any) -> list[str]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PageRepeatedWarning)
            await client.conversations.livechat(**WINDOW, limit=10).list()
        return [row.contacts_notes for row in await client.conversations.livechat(**WINDOW, limit=10).list()]

    def host(sent: Any) -> Any:
        return many(sent) if len(one.calls) == 3 else one(sent)

    assert many.expected() == front.run(body, port=front.port(host))


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("number", [1, 2, 3, 10])
def test_pages_are_counted_from_1_whatever_the_host_does(number: int, base: int, front: Front) -> None:
    host = Host(base=base, meta="pages")

    async def body(client: Any) -> Any:
        pages = client.conversations.livechat(**WINDOW, limit=10)
        return await pages.page(number), pages.report

    page, report = front.run(body, port=front.port(host))
    assert (number, 10, number < 10) == (page.number, page.total_pages, page.has_next)
    assert host.expected()[10 * number - 10 : 10 * number] == [row.contacts_notes for row in page.items]
    assert report.complete is None


@pytest.mark.parametrize("base", [0, 1])
def test_reading_can_begin_at_a_later_page(base: int, front: Front) -> None:
    host = Host(base=base, meta="totals")
    rows, report, warned = read(host, front, page=9)
    assert (host.expected()[80:], None, []) == (rows, report.complete, warned)


def test_the_server_order_is_kept_with_many_pages_in_flight(front: Front) -> None:
    host = Host(total=495, meta="totals")
    rows, _, _ = read(host, front, prefetch=8)
    assert host.expected() == rows
