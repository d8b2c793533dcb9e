"""Reading listings: items, pages, one page, lists and reports."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from support.front import Front
from support.scripted import Answer, Sent, raw, refusal, reply

from alive5 import (
    InvalidArgumentError,
    ListingReport,
    NotFoundError,
    Page,
    RateLimitError,
    ResponseError,
    RetryPolicy,
    ServerError,
)
from alive5.models._base import as_stored

NOON = datetime(2026, 1, 15, 12, tzinfo=timezone.utc)


def row(name: str, start: datetime | None = NOON) -> dict[str, Any]:
    return {"alive5_sessionID": name, "start_time": None if start is None else int(start.timestamp() * 1000)}


def host(pages: list[list[str]], *, base: int = 1, counted: bool = False) -> Any:
    """
    Answer as a host with these pages, which counts from *base*.
    """

    def answer(call: Sent) -> Answer:
        index = int(call.query["page"]) - base
        rows = [row(name) for name in pages[index]] if 0 <= index < len(pages) else []
        if not counted:
            return reply(rows)
        last = len(pages) - 1 + base
        return reply({"Items": rows, "page": index + base, "pages": last})

    return answer


THREE = [["a", "b"], ["c", "d"], ["e"]]


async def items(pages: Any) -> list[Any]:
    return [item.id async for item in pages]


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("prefetch", [1, 3])
def test_every_way_of_reading_gives_the_same(front: Front, base: int, counted: bool, prefetch: int) -> None:
    async def body(client: Any) -> None:
        pages = client.conversations.livechat(limit=2, prefetch=prefetch)
        assert list("abcde") == await items(pages)
        assert list("abcde") == await items(aiter(pages))
        assert list("abcde") == [chat.id for chat in await pages.list()]
        assert list("abc") == [chat.id for chat in await pages.list(max_items=3)]
        assert list("abcde") == [chat.id for chat in await pages.list(max_items=99)]
        assert "a" == (await pages.first()).id
        whole = [page async for page in pages.pages()]
        assert THREE == [[chat.id for chat in page.items] for page in whole[:3]]
        assert [1, 2, 3] == [page.number for page in whole[:3]]
        for number in (2, 1, 3):
            page = await pages.page(number)
            assert (number, THREE[number - 1]) == (page.number, [chat.id for chat in page.items])

    front.run(body, port=front.port(host(THREE, base=base, counted=counted)))


def test_nothing_is_fetched_before_it_is_read(front: Front) -> None:
    port = front.port()

    async def body(client: Any) -> None:
        pages = client.conversations.livechat(limit=2)
        pages.pages()
        assert ListingReport() == pages.report
        assert "livechat" in repr(pages)

    front.run(body, port=port)
    assert [] == port.calls


def test_each_iteration_starts_afresh_and_two_do_not_disturb_each_other(front: Front) -> None:
    async def body(client: Any) -> list[str]:
        pages = client.conversations.livechat(limit=2)
        found = []
        async for one in pages:
            async for other in pages:
                found.append(f"{one.id}{other.id}")
                if other.id == "b":
                    break
        return found

    port = front.port(host(THREE))
    assert [f"{one}{other}" for one in "abcde" for other in "ab"] == front.run(body, port=port)


def test_a_break_leaves_nothing_open(front: Front) -> None:
    async def body(client: Any) -> str:
        async for chat in client.conversations.livechat(limit=2, prefetch=3):
            return str(chat.id)
        raise AssertionError

    assert "a" == front.run(body, port=front.port(host(THREE)))


def test_the_report_grows_while_reading(front: Front) -> None:
    async def body(client: Any) -> None:
        pages = client.conversations.livechat(limit=2)
        counts = []
        async for _ in pages.pages():
            counts.append(pages.report.pages)
        assert [1, 2, 3] == counts[:3]
        assert (3, None) == (pages.report.pages, pages.report.complete)
        async for _ in pages:
            break
        assert 1 == pages.report.pages

    front.run(body, port=front.port(host(THREE)))


def test_the_base_is_remembered_for_the_client_and_its_twins(front: Front) -> None:
    port = front.port(host(THREE, base=0))

    async def body(client: Any) -> None:
        await client.conversations.livechat(limit=2).first()
        await client.with_options(timeout=5).conversations.livechat(limit=2).first()

    front.run(body, port=port)
    assert ["0", "1", "0"] == [call.query["page"] for call in port.calls]


def test_a_listing_may_start_later_and_its_pages_keep_their_numbers(front: Front) -> None:
    async def body(client: Any) -> None:
        pages = client.conversations.livechat(limit=2, page=2)
        assert list("cde") == await items(pages)
        assert [2, 3] == [page.number async for page in pages.pages()][:2]
        again = await pages.page(2)
        assert (2, ["c", "d"]) == (again.number, [chat.id for chat in again.items])

    front.run(body, port=front.port(host(THREE)))


@pytest.mark.parametrize(
    ("options", "argument"),
    [({"limit": 0}, "limit"), ({"page": 0}, "page"), ({"prefetch": 0}, "prefetch"), ({"limit": "9"}, "limit")],
)
def test_a_wrong_number_is_named(front: Front, options: dict[str, Any], argument: str) -> None:
    async def body(client: Any) -> None:
        client.conversations.livechat(**options)

    assert argument == front.fails(InvalidArgumentError, body, port=front.port()).argument


@pytest.mark.parametrize("read", [lambda pages: pages.page(0), lambda pages: pages.list(max_items=0)])
def test_a_wrong_number_of_a_reading_is_named(front: Front, read: Any) -> None:
    error = front.fails(InvalidArgumentError, lambda client: read(client.conversations.livechat()), port=front.port())
    assert error.argument in ("number", "max_items")


def test_if_pages_is_refused_with_a_sentence(front: Front) -> None:
    async def body(client: Any) -> None:
        if client.conversations.sms():
            raise AssertionError

    with pytest.raises(TypeError, match=r"no truth value.*\.first\(\) or \.list\(\)"):
        front.run(body, port=front.port())


@pytest.mark.parametrize("name", ["asyncio", "trio"])
def test_awaiting_pages_is_refused_with_a_sentence(name: str) -> None:
    async def body(client: Any) -> None:
        await client.conversations.sms()

    front = Front(name)
    with pytest.raises(TypeError, match=r"not awaited: use 'async for', or await its \.list\(\)"):
        front.run(body, port=front.port())


@pytest.mark.parametrize(
    ("empty", "complete"),
    [
        (reply([]), True),
        (reply({"Items": []}), True),
        (reply({"items": {}}), True),
        # Nothing said is an empty list, and no proof of one.
        (reply(None), None),
        (reply({"Items": None}), None),
        (reply({"items": None, "page": 1}), None),
        (raw({"code": 200, "error": None}), None),
        (refusal(404), None),
        (reply(code=404, error="Nothing"), None),
    ],
)
@pytest.mark.parametrize("kind", ["sms", "livechat", "fbm"])
@pytest.mark.parametrize("edition", ["documented", "current"])
def test_an_empty_listing_is_empty(front: Front, edition: str, kind: str, empty: Any, complete: bool | None) -> None:
    async def body(client: Any) -> None:
        pages = getattr(client.conversations, kind)()
        assert [] == await pages.list()
        assert ListingReport(complete=complete) == pages.report
        assert await pages.first() is None
        page = await pages.page(1)
        assert (1, []) == (page.number, page.items)
        assert [[]] == [page.items async for page in pages.pages()][:1]

    front.run(body, port=front.port(lambda call: empty), edition=edition)


NO_LISTS = [
    reply({"rows": [row("a")]}),
    reply({}),
    reply("nothing here"),
    reply(7),
    reply(True),
    reply({"Items": "none"}),
    reply({"Items": 7}),
    raw({"rows": [row("a")]}),
]


@pytest.mark.parametrize("answer", NO_LISTS)
@pytest.mark.parametrize("kind", ["sms", "livechat", "fbm"])
@pytest.mark.parametrize("edition", ["documented", "current"])
def test_what_is_no_list_is_no_empty_listing(front: Front, edition: str, kind: str, answer: Any) -> None:
    port = front.port(lambda call: answer)

    async def body(client: Any) -> None:
        await getattr(client.conversations, kind)().list()

    error = front.fails(ResponseError, body, port=port, edition=edition)
    assert (f"conversations.{kind}", "unreadable", 4) == (error.operation, error.reason, error.attempts)
    assert "no list where one belongs" in str(error)


@pytest.mark.parametrize("answer", NO_LISTS)
@pytest.mark.parametrize("family", ["tags", "channels"])
def test_what_is_no_list_is_no_empty_list(front: Front, family: str, answer: Any) -> None:
    port = front.port(lambda call: answer)
    error = front.fails(ResponseError, lambda client: getattr(client, family).list(), port=port)
    assert (f"{family}.list", 4, 4) == (error.operation, error.attempts, len(port.calls))
    again = front.port([answer, reply(None)])
    assert [] == front.run(lambda client: getattr(client, family).list(), port=again)


def test_a_list_that_comes_at_the_second_attempt_is_read(front: Front) -> None:
    port = front.port([reply({"rows": []}), reply([row("a")]), reply([]), reply([])])

    async def body(client: Any) -> list[str]:
        return await items(client.conversations.sms(start="2026-01-15"))

    assert ["a"] == front.run(body, port=port, edition="current", retry=RetryPolicy(initial=0))
    assert ["1", "1", "2", "3"] == [call.query["page"] for call in port.calls]


def test_a_page_that_is_not_there_is_an_error(front: Front) -> None:
    port = front.port(lambda call: raw(b"<html>Not found</html>", status=404))
    front.fails(NotFoundError, lambda client: client.conversations.sms().list(), port=port)
    front.fails(NotFoundError, lambda client: client.conversations.livechat().list(), port=port)


def test_a_listing_without_pages_is_asked_for_three_times(front: Front) -> None:
    port = front.port(lambda call: reply([row("a"), row("b")]))

    async def body(client: Any) -> None:
        pages = client.conversations.fbm(strict=True)
        assert ["a", "b"] == await items(pages)
        assert ListingReport(pages=2, duplicates=2) == pages.report

    front.run(body, port=port)
    assert ["0", "1", "2"] == sorted(call.query["page"] for call in port.calls)


@pytest.mark.parametrize("base", [0, 1])
def test_a_listing_documented_without_pages_follows_them_when_there_are(front: Front, base: int) -> None:
    def answer(call: Sent) -> Answer:
        number = int(call.query["page"])
        if not base <= number <= base + 2:
            return reply([])
        rows = [row(f"s{number + 1 - base}")]
        return reply({"items": rows, "page": number, "pages": str(base + 2)})

    port = front.port(answer)

    async def body(client: Any) -> None:
        pages = client.conversations.sms()
        assert ["s1", "s2", "s3"] == await items(pages)
        third = await pages.page(3)
        assert (3, ["s3"], False) == (third.number, [chat.id for chat in third.items], third.has_next)
        second = await pages.page(2)
        assert (2, 3, True) == (second.number, second.total_pages, second.has_next)

    front.run(body, port=port)


def test_a_second_page_of_a_listing_without_pages_is_empty(front: Front) -> None:
    port = front.port(lambda call: reply([row("a")]))
    page = front.run(lambda client: client.conversations.sms().page(2), port=port)
    assert Page(number=2, items=[], has_next=False) == page
    assert ["0", "1", "2"] == sorted(call.query["page"] for call in port.calls)


def test_first_pages_are_known_for_each_operation_and_edition(front: Front) -> None:
    """One host may count livechat from 0 and texts from 1."""
    texts, chats = host(THREE, base=1), host(THREE, base=0)

    def answer(call: Sent) -> Answer:
        return (chats if call.operation == "conversations.livechat" else texts)(call)  # type: ignore[no-any-return]

    port = front.port(answer)

    async def body(client: Any) -> list[list[str]]:
        asked = []
        twin = client.with_options(edition="current")
        for reader in (client, client, twin):
            for kind in ("livechat", "sms", "fbm"):
                before = len(port.calls)
                assert list("abcde") == await items(getattr(reader.conversations, kind)())
                asked.append([call.query["page"] for call in port.calls[before:]])
        return asked

    asked = front.run(body, port=port)
    from_0, from_1 = ["0", "1", "2", "3", "4"], ["1", "2", "3", "4", "5"]
    assert [from_0, ["0", *from_1], ["0", *from_1]] == [sorted(pages) for pages in asked[:3]]
    assert [from_0, from_1, from_1] * 2 == asked[3:]
    assert {"2.0"} == {c.version for c in port.calls if c.host == "read" and c.operation.endswith("livechat")}


def said(number: int, text: str) -> dict[str, Any]:
    return {"created_at": int(NOON.timestamp() * 1000) + number, "created_by": "Ada", "message_content": text}


def texts_of(chat: Any) -> list[str]:
    return [message.text for message in chat.messages]


ONE, OTHER = {"chat_conversation": [said(1, "one")]}, {"chat_conversation": [said(1, "one"), said(2, "two")]}


def test_two_deliveries_on_one_page_are_one_conversation(front: Front) -> None:
    rows = [{**row("a"), **ONE}, row("b"), {**row("a"), **OTHER}, row("b")]
    port = front.port(lambda call: reply(rows if call.query["page"] == "1" else []))

    async def body(client: Any) -> None:
        for kind in ("sms", "livechat", "fbm"):
            pages = getattr(client.conversations, kind)()
            first, second = await pages.list()
            assert (["a", "b"], ["one", "two"]) == ([first.id, second.id], texts_of(first))
            assert ListingReport(complete=True, pages=1, duplicates=1, dropped=1, united=1) == pages.report

    front.run(body, port=port)


def test_two_deliveries_on_two_pages_are_united_while_the_first_is_held(front: Front) -> None:
    pages_of_host = [[{**row("a"), **ONE}, row("b")], [{**row("a"), **OTHER}, row("c")], [row("d")]]

    def answer(call: Sent) -> Answer:
        number = int(call.query["page"])
        return reply(pages_of_host[number - 1] if 1 <= number <= 3 else [])

    async def body(client: Any) -> None:
        pages = client.conversations.livechat(limit=2)
        held = await pages.list()
        assert (list("abcd"), ["one", "two"]) == ([chat.id for chat in held], texts_of(held[0]))
        report = pages.report
        assert (1, 1, 0, 0, ()) == (report.united, report.dropped, report.outside, report.duplicates, report.issues)
        # Nobody holds the first when the second comes: what it had more is told, and not given.
        assert list("abcd") == await items(pages)
        report = pages.report
        assert (1, 1, 0, 0) == (report.united, report.dropped, report.outside, report.duplicates)
        assert ("a conversation came again with other content after it was given",) == report.issues
        assert report.complete is None

    front.run(body, port=front.port(answer))


def test_rows_given_twice_are_given_once_and_counted(front: Front) -> None:
    pages_of_host = [["a", "b"], ["b", "c"], ["c"]]

    async def body(client: Any) -> ListingReport:
        pages = client.conversations.livechat(limit=2)
        assert ["a", "b", "c"] == await items(pages)
        report: ListingReport = pages.report
        return report

    report = front.run(body, port=front.port(host(pages_of_host)))
    assert (2, None) == (report.duplicates, report.complete)


def test_the_deadline_is_for_each_page(front: Front) -> None:
    port = front.port(host(THREE))
    inner = port._answer

    def slow(call: Sent) -> Any:
        port.time += 8
        return inner(call)  # type: ignore[misc]

    port._answer = slow
    front.run(lambda client: client.conversations.livechat(limit=2).list(), port=port, timeout=30)
    assert {30.0} == {call.deadline - call.at for call in port.calls}
    assert port.time > 1030


@pytest.mark.parametrize("error", [RateLimitError, ServerError])
@pytest.mark.parametrize("prefetch", [1, 3])
def test_a_page_that_fails_is_raised_as_it_is(front: Front, error: Any, prefetch: int) -> None:
    inner = host([["a", "b"], ["c", "d"], ["e", "f"], ["g"]])

    def answer(call: Sent) -> Any:
        status = 429 if error is RateLimitError else 500
        return refusal(status, Retry_After="900") if call.query["page"] == "3" else inner(call)

    async def body(client: Any) -> list[str]:
        found: list[str] = []

        async def read() -> None:
            async for chat in client.conversations.livechat(limit=2, prefetch=prefetch):
                found.append(chat.id)

        with pytest.raises(error) as caught:
            await read()
        assert "conversations.livechat" == caught.value.operation
        assert (None, None) == (caught.value.__cause__, caught.value.__context__)
        return found

    port = front.port(answer)
    assert list("abcd") == front.run(body, port=port)
    assert 1 == sum(call.query["page"] == "3" for call in port.calls)


def test_messages_nobody_asks_for_are_not_decoded(front: Front) -> None:
    async def body(client: Any) -> None:
        async for chat in client.conversations.livechat(start="2026-01-15", end="2026-01-15"):
            assert [dict] * 2 == [type(one) for one in as_stored(chat, "chat_conversation")]
            assert ["one", "two"] == texts_of(chat)

    port = front.port(lambda call: reply([{**row("a"), **OTHER}] if call.query["page"] == "1" else []))
    front.run(body, port=port)
