"""What type checkers see of ``Alive5``; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, TypeVar

from alive5 import (
    Account,
    Agent,
    Alive5,
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
    Pages,
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


def making() -> None:
    port: Port = OwnPort()
    client = Alive5(
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
    assert_type(client.with_options(timeout=5, retry=RetryPolicy.none(), tz=timezone.utc, org_name=None), Alive5)
    assert_type(client.with_options(edition="current").with_options(edition=None), Alive5)
    with Alive5() as opened:
        assert_type(opened, Alive5)
    assert_type(client.call("GET", "/get/users", params={"page": 1, "deep": True}), Any)
    assert_type(client.close(), None)


def reading(client: Alive5) -> None:
    account = client.account.get()
    assert_type(account, Account)
    assert_type(account.api_key, str | None)
    assert_type(client.tags.list(), list[Tag])
    channels = client.channels.list()
    assert_type(channels, list[Channel])
    assert_type(channels[0].agents, list[Agent])
    assert_type(channels[0].system_generated, bool | None)
    summary = client.conversations.summary(start=date(2026, 1, 1))
    assert_type(summary, Summary)
    assert_type(summary.visitors_web, int | None)


def listing(client: Alive5) -> None:
    chats = client.conversations.livechat(start="2026-01-01", end=datetime(2026, 1, 31), limit=50, prefetch=4)
    assert_type(chats, Pages[LivechatConversation])
    for chat in chats:
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
    assert_type(chats.pages(), Iterator[Page[LivechatConversation]])
    for page in chats.pages():
        assert_type(page.items, list[LivechatConversation])
        assert_type(page.has_next, bool | None)
    assert_type(chats.page(1), Page[LivechatConversation])
    assert_type(chats.list(max_items=10), list[LivechatConversation])
    assert_type(chats.first(), LivechatConversation | None)
    assert_type(chats.report, ListingReport)
    assert_type(chats.report.complete, bool | None)
    texts = client.conversations.sms(strict=True)
    assert_type(texts, Pages[SmsConversation])
    assert_type([text.tags for text in texts], list[list[str]])
    assert_type(client.conversations.fbm(), Pages[FbmConversation])
    narrowed = client.conversations.sms(channel_id="c", channel_name="n", crm_id="p", agent_id="a", session_id="s")
    assert_type(narrowed, Pages[SmsConversation])
    assert_type(client.conversations.livechat(assigned_to="Ada"), Pages[LivechatConversation])
    report = narrowed.report
    assert_type((report.outside, report.united, report.dropped), tuple[int, int, int])
    assert_type(client.conversations.fbm().first(), FbmConversation | None)


def texting(client: Alive5, ledger: Ledger) -> None:
    sender = client.sms.sender(line="Support")
    assert_type(sender.send(phone_number_to="+12025550123", message="Hi", ledger=ledger, key="k"), SentSms)
    assert_type(client.sms.segments("Hi"), Segments)
    assert_type([entry.key for entry in ledger.unknown()], list[str])
    for result in client.sms.send_many([{"phone_number": "+12025550123"}], sender=sender, ledger=ledger):
        assert_type(result, TextResult)
        assert_type(result.sent, SentSms | None)


def writing(client: Alive5) -> None:
    sent = client.sms.send(
        phone_number_from="+12025550100", phone_number_to="+12025550123", message="Hi", channel_id="c", user_id="u"
    )
    assert_type(sent, SentSms)
    assert_type(sent.new_thread, Thread | None)
    assert_type(sent.crm_data, CrmData | None)
    assert_type(sent.status_at, datetime | None)
    pushed = client.sms.push(phone_number_from="+12025550123", phone_number_to="+12025550100", message="Hi")
    assert_type(pushed, PushedSms)
    assert_type(pushed.from_, str | None)
    assert_type(client.channels.create(channel_name="Support"), Channel)
    assert_type(client.agents.create(email="a@example.com", screenname="Ada", role="agent", channels=["c"]), Agent)
    assert_type(client.faq.create_category(title="Billing", channel="c"), FaqCategory)
    assert_type(client.faq.create_article(title="Refunds", content="...", category="k"), FaqArticle)
    assert_type(client.tags.create(name="vip", email="a@example.com", org_name="Example Org"), Tag)
    assert_type(
        client.widgets.create(
            widget_name="Home",
            widget_type="chat",
            botname="Bot",
            access_channels="c",
            channel_id="c",
            short_code="12345",
        ),
        Widget,
    )
    assert_type(client.botchains.create(botchain_name="Hi", bot_type="faq", widget_id="w", channel_id="c"), Botchain)


def colours(client: Alive5) -> None:
    with client as opened:
        assert_type(opened, Alive5)
    client.aclose()  # type: ignore[attr-defined]


def refused(client: Alive5) -> None:
    client.sms.push("+12025550123", "+12025550100", "Hi")  # type: ignore[call-arg]
    client.tags.create(name="vip")  # type: ignore[call-arg]
    client.channels.create(channel_name=5)  # type: ignore[arg-type]
    client.conversations.livechat("2026-01-01")  # type: ignore[call-arg]
    client.conversations.livechat(session_id="s")  # type: ignore[call-arg]
    client.with_options(edition="newest")  # type: ignore[arg-type]
    client.conversations.sms(limit=10)  # type: ignore[call-arg]
    Alive5(body_format="xml")  # type: ignore[arg-type]
    Alive5(timeout="60")  # type: ignore[arg-type]
    Alive5(port=5)  # type: ignore[arg-type]
