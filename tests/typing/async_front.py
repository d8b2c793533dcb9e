"""What type checkers see of ``AsyncAlive5``; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, TypeVar

from alive5 import (
    Account,
    Agent,
    AsyncAlive5,
    AsyncPages,
    Botchain,
    Call,
    Channel,
    Contact,
    CrmData,
    Event,
    Failure,
    FaqArticle,
    FaqCategory,
    FbmConversation,
    Ledger,
    ListingReport,
    LivechatConversation,
    Message,
    Page,
    Port,
    PushedSms,
    Reply,
    RetryPolicy,
    Segments,
    SentSms,
    SmsConversation,
    Summary,
    Tag,
    TextResult,
    Thread,
    Timeout,
    Widget,
)

if TYPE_CHECKING:
    from typing import assert_type

T = TypeVar("T")
R = TypeVar("R")


def watch(event: Event) -> None:
    assert_type(event.operation, str)
    assert_type(event.attempt, int)
    assert_type(event.status, int | None)
    assert_type(event.seconds, float)
    assert_type(event.retry_delay, float | None)


class OwnPort:
    """A port as a user writes one."""

    def now(self) -> float:
        return 0.0

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        assert_type(call.query, tuple[tuple[str, str], ...])
        assert_type(call.is_write, bool)
        call.departure.left = True
        return Reply(status=200, body=b"{}") if deadline else Failure(True, "read_timeout", "no answer came in time")

    async def sleep(self, seconds: float) -> None:
        return None

    async def fan_out(self, fn: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int) -> list[R]:
        return [await fn(item) for item in items]

    async def aclose(self) -> None:
        return None


async def making() -> None:
    port: Port = OwnPort()
    client = AsyncAlive5(
        "test_key_typing",
        base_url="https://api.example.com",
        read_url="https://reads.example.com/public/1.0",
        edition="documented",
        org_name="Example Org",
        tz="Europe/Berlin",
        timeout=Timeout(total=5, connect=1.5),
        retry=RetryPolicy(attempts=2),
        max_connections=8,
        body_format="multipart",
        proxy=None,
        ssl_context=None,
        on_event=watch,
        port=port,
    )
    assert_type(client.with_options(timeout=5, retry=RetryPolicy.none(), tz=timezone.utc, org_name=None), AsyncAlive5)
    assert_type(client.with_options(edition="current").with_options(edition=None), AsyncAlive5)
    async with AsyncAlive5() as opened:
        assert_type(opened, AsyncAlive5)
    assert_type(await client.call("GET", "/get/users", params={"page": 1, "deep": True}), Any)
    assert_type(await client.aclose(), None)


async def reading(client: AsyncAlive5) -> None:
    account = await client.account.get()
    assert_type(account, Account)
    assert_type(account.api_key, str | None)
    assert_type(await client.tags.list(), list[Tag])
    channels = await client.channels.list()
    assert_type(channels, list[Channel])
    assert_type(channels[0].agents, list[Agent])
    assert_type(channels[0].system_generated, bool | None)
    summary = await client.conversations.summary(start=date(2026, 1, 1))
    assert_type(summary, Summary)
    assert_type(summary.visitors_web, int | None)


async def listing(client: AsyncAlive5) -> None:
    chats = client.conversations.livechat(start="2026-01-01", end=datetime(2026, 1, 31), limit=50, prefetch=4)
    assert_type(chats, AsyncPages[LivechatConversation])
    async for chat in chats:
        assert_type(chat, LivechatConversation)
        assert_type(chat.id, str | None)
        assert_type(chat.contact, Contact)
        assert_type(chat.messages, list[Message])
        assert_type(chat.started_at, datetime | None)
        assert_type(chat.is_open, bool)
        assert_type(chat.city, str | None)
        assert_type(
            (chat.transcript(), chat.transcript(tz="Asia/Tokyo"), chat.transcript(tz=timezone.utc)),
            tuple[str, str, str],
        )
        assert_type((chat.require_id, chat.contact.require("email")), tuple[str, str])
        assert_type(chat.to_dict(secrets=False), dict[str, Any])
    assert_type(chats.pages(), AsyncIterator[Page[LivechatConversation]])
    async for page in chats.pages():
        assert_type(page.items, list[LivechatConversation])
        assert_type(page.has_next, bool | None)
    assert_type(await chats.page(1), Page[LivechatConversation])
    assert_type(await chats.list(max_items=10), list[LivechatConversation])
    assert_type(await chats.first(), LivechatConversation | None)
    assert_type(chats.report, ListingReport)
    assert_type(chats.report.complete, bool | None)
    texts = client.conversations.sms(strict=True)
    assert_type(texts, AsyncPages[SmsConversation])
    assert_type([text.tags async for text in texts], list[list[str]])
    assert_type(client.conversations.fbm(), AsyncPages[FbmConversation])
    narrowed = client.conversations.sms(channel_id="c", channel_name="n", crm_id="p", agent_id="a", session_id="s")
    assert_type(narrowed, AsyncPages[SmsConversation])
    assert_type(client.conversations.livechat(assigned_to="Ada"), AsyncPages[LivechatConversation])
    report = narrowed.report
    assert_type((report.outside, report.united, report.dropped), tuple[int, int, int])
    assert_type(await client.conversations.fbm().first(), FbmConversation | None)


async def texting(client: AsyncAlive5, ledger: Ledger) -> None:
    sender = await client.sms.sender(line="Support")
    assert_type(await sender.send(phone_number_to="+12025550123", message="Hi", ledger=ledger, key="k"), SentSms)
    assert_type(client.sms.segments("Hi"), Segments)
    assert_type([entry.key for entry in ledger.unknown()], list[str])
    async for result in client.sms.send_many([{"phone_number": "+12025550123"}], sender=sender, ledger=ledger):
        assert_type(result, TextResult)
        assert_type(result.sent, SentSms | None)


async def writing(client: AsyncAlive5) -> None:
    sent = await client.sms.send(
        phone_number_from="+12025550100", phone_number_to="+12025550123", message="Hi", channel_id="c", user_id="u"
    )
    assert_type(sent, SentSms)
    assert_type(sent.new_thread, Thread | None)
    assert_type(sent.crm_data, CrmData | None)
    assert_type(sent.status_at, datetime | None)
    pushed = await client.sms.push(phone_number_from="+12025550123", phone_number_to="+12025550100", message="Hi")
    assert_type(pushed, PushedSms)
    assert_type(pushed.from_, str | None)
    assert_type(await client.channels.create(channel_name="Support"), Channel)
    assert_type(
        await client.agents.create(email="a@example.com", screenname="Ada", role="agent", channels=["c"]), Agent
    )
    assert_type(await client.faq.create_category(title="Billing", channel="c"), FaqCategory)
    assert_type(await client.faq.create_article(title="Refunds", content="...", category="k"), FaqArticle)
    assert_type(await client.tags.create(name="vip", email="a@example.com", org_name="Example Org"), Tag)
    assert_type(
        await client.widgets.create(
            widget_name="Home",
            widget_type="chat",
            botname="Bot",
            access_channels="c",
            channel_id="c",
            short_code="12345",
        ),
        Widget,
    )
    assert_type(
        await client.botchains.create(botchain_name="Hi", bot_type="faq", widget_id="w", channel_id="c"), Botchain
    )


async def colours(client: AsyncAlive5) -> None:
    pages = client.conversations.livechat()
    for _ in pages:  # type: ignore[attr-defined]
        pass
    client.close()  # type: ignore[attr-defined]


async def refused(client: AsyncAlive5) -> None:
    await client.sms.push("+12025550123", "+12025550100", "Hi")  # type: ignore[call-arg]
    await client.tags.create(name="vip")  # type: ignore[call-arg]
    await client.channels.create(channel_name=5)  # type: ignore[arg-type]
    client.conversations.livechat("2026-01-01")  # type: ignore[call-arg]
    client.conversations.livechat(session_id="s")  # type: ignore[call-arg]
    client.with_options(edition="newest")  # type: ignore[arg-type]
    client.conversations.sms(limit=10)  # type: ignore[call-arg]
    AsyncAlive5(body_format="xml")  # type: ignore[arg-type]
    AsyncAlive5(timeout="60")  # type: ignore[arg-type]
    AsyncAlive5(port=5)  # type: ignore[arg-type]
