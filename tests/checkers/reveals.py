"""
What type checkers show of expressions a user writes, which is what stands beside each: the same by every one of them.

``checkers.py`` asks them, and compares; never run.
"""

from __future__ import annotations

from typing import reveal_type

import alive5


def of_the_blocking_front(client: alive5.Alive5) -> None:
    reveal_type(client)  # Alive5
    reveal_type(client.account.get())  # Account
    reveal_type(client.account.get().api_key)  # str | None
    reveal_type(client.tags.list())  # list[Tag]
    reveal_type(client.channels.list()[0].agents)  # list[Agent]
    reveal_type(client.channels.list()[0].phone_number)  # str | None
    reveal_type(client.channels.list()[0].require_id)  # str
    reveal_type(client.conversations.livechat(start="2026-01-01"))  # Pages[LivechatConversation]
    reveal_type(client.conversations.sms().first())  # SmsConversation | None
    reveal_type(client.conversations.fbm().page(1))  # Page[FbmConversation]
    reveal_type(client.conversations.fbm().report.complete)  # bool | None
    reveal_type(client.conversations.history(phone="+12025550123", start="2026-01-01"))  # Iterator[Conversation]
    reveal_type(client.conversations.summary().visitors_web)  # int | None
    reveal_type(client.contacts.list())  # Pages[CrmContact]
    reveal_type(client.sms.push(phone_number_from="1", phone_number_to="2", message="Hi"))  # PushedSms
    reveal_type(client.sms.segments("Hi").credits)  # int
    reveal_type(client.sms.lines())  # list[SmsLine]
    reveal_type(client.with_options(timeout=5))  # Alive5
    reveal_type(client.export("out", start="2026-01-01"))  # ExportReport
    reveal_type(client.drift)  # Mapping[str, int]


def of_a_conversation(chat: alive5.LivechatConversation) -> None:
    reveal_type(chat.id)  # str | None
    reveal_type(chat.require_id)  # str
    reveal_type(chat.require("page_url"))  # str
    reveal_type(chat.kind)  # Literal['sms', 'livechat', 'fbm']
    reveal_type(chat.started_at)  # datetime | None
    reveal_type(chat.is_open)  # bool
    reveal_type(chat.tags)  # list[str]
    reveal_type(chat.messages)  # list[Message]
    reveal_type(chat.messages[0].text)  # str
    reveal_type(chat.messages[0].side)  # Literal['agent', 'customer', 'bot', 'unknown']
    reveal_type(chat.contact)  # Contact
    reveal_type(chat.contact.require("email"))  # str
    reveal_type(chat.transcript(tz="America/New_York"))  # str
    reveal_type(chat.extra)  # Mapping[str, Any]
    reveal_type(chat.to_dict())  # dict[str, Any]


def of_errors(error: alive5.Alive5Error) -> None:
    reveal_type(error.outcome)  # Literal['not_sent', 'rejected', 'unknown']
    reveal_type(error.safe_to_repeat)  # bool
    reveal_type(error.retry_after)  # float | None
    if isinstance(error, alive5.RateLimitError):
        reveal_type(error.status)  # int | None
    if isinstance(error, alive5.IncompleteListingError):
        reveal_type(error.report)  # ListingReport
    if isinstance(error, alive5.MissingValueError):
        reveal_type(error.value)  # str


async def of_the_asynchronous_front(client: alive5.AsyncAlive5) -> None:
    reveal_type(await client.tags.list())  # list[Tag]
    reveal_type(client.conversations.sms(channel_id="c"))  # AsyncPages[SmsConversation]
    async for chat in client.conversations.livechat():
        reveal_type(chat)  # LivechatConversation
    async for page in client.conversations.livechat().pages():
        reveal_type(page)  # Page[LivechatConversation]
        reveal_type(page.has_next)  # bool | None
    reveal_type(await client.conversations.sms().list(max_items=10))  # list[SmsConversation]
    sender = await client.sms.sender(line="Support")
    sent = await sender.send(phone_number_to="+12025550123", message="Hi")
    reveal_type(sent)  # SentSms
    reveal_type(sent.new_thread)  # Thread | None
    reveal_type(sent.require("message_id"))  # str
