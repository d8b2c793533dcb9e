"""All sixteen operations against the sandbox, on every front, in process and over a patched client."""

from __future__ import annotations

from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT

from alive5 import BadRequestError, InvalidArgumentError
from alive5._sansio import endpoints
from alive5._sansio.later_endpoints import LATER
from alive5.sandbox import Sandbox

# The later ones have a file of their own in tests/contract.
ENDPOINTS = [endpoint for endpoint in endpoints.ENDPOINTS if endpoint not in LATER]
DAYS: dict[str, Any] = {"start": "2026-03-01", "end": "2026-03-03"}
WIDGET = {
    "widget_name": "Help",
    "widget_type": "web",
    "botname": "none",
    "access_channels": ["channel-support", "channel-sales"],
    "channel_id": "channel-support",
    "short_code": "20250",
}

CALLS: dict[str, Any] = {
    "account.get": lambda client: client.account.get(),
    "tags.list": lambda client: client.tags.list(),
    "channels.list": lambda client: client.channels.list(),
    "conversations.sms": lambda client: client.conversations.sms(**DAYS).list(),
    "conversations.livechat": lambda client: client.conversations.livechat(**DAYS, limit=5).list(),
    "conversations.fbm": lambda client: client.conversations.fbm(**DAYS).list(),
    "conversations.summary": lambda client: client.conversations.summary(**DAYS),
    "sms.send": lambda client: client.sms.send(**TEXT),
    "sms.push": lambda client: client.sms.push(
        phone_number_from="+1 (202) 555-0123", phone_number_to="+12025550100", message="Hello"
    ),
    "channels.create": lambda client: client.channels.create(channel_name="Night shift"),
    "agents.create": lambda client: client.agents.create(
        email="ada@example.com", screenname="Ada", role="agent", channels=["channel-support", "channel-sales"]
    ),
    "faq.create_category": lambda client: client.faq.create_category(title="Money", channel="channel-billing"),
    "faq.create_article": lambda client: client.faq.create_article(title="Refunds", content="Yes.", category="Money"),
    "tags.create": lambda client: client.tags.create(name="Refund", email="ada@example.com"),
    "widgets.create": lambda client: client.widgets.create(**WIDGET),
    "botchains.create": lambda client: client.botchains.create(
        botchain_name="Hours", bot_type="faq", widget_id="widget-1", channel_id="channel-support"
    ),
}
WRITES = [endpoint.operation for endpoint in ENDPOINTS if endpoint.method != "GET"]


def test_all_sixteen_are_here() -> None:
    assert {endpoint.operation for endpoint in ENDPOINTS} == set(CALLS)
    assert (16, 9) == (len(CALLS), len(WRITES))


@pytest.mark.parametrize("body_format", ["json", "multipart"])
@pytest.mark.parametrize("operation", CALLS)
def test_an_operation(front: Front, operation: str, body_format: str) -> None:
    sandbox = Sandbox(strict_ids=True)
    given = front.inside(sandbox, CALLS[operation], body_format=body_format, org_name="Sandbox Ltd")
    assert operation in {request.operation for request in sandbox.requests}
    assert ([operation] if operation in WRITES else []) == [d.operation for d in sandbox.deliveries]
    returns = next(endpoint.returns for endpoint in ENDPOINTS if endpoint.operation == operation)
    models = given if isinstance(given, list) else [given]
    assert models
    assert {returns} == {type(model) for model in models}
    assert set() == {name for model in models for name in model.extra}


@pytest.mark.parametrize("operation", CALLS)
def test_an_operation_of_the_current_edition(front: Front, operation: str) -> None:
    sandbox = Sandbox(strict_ids=True)
    if operation == "conversations.summary":  # nobody has seen it answer there
        with pytest.raises(BadRequestError, match="HTTP 200, code 400"):
            front.inside(sandbox, CALLS[operation], edition="current")
        return
    given = front.inside(sandbox, CALLS[operation], edition="current", org_name="Sandbox Ltd")
    assert {operation} == {request.operation for request in sandbox.requests}
    assert ([operation] if operation in WRITES else []) == [d.operation for d in sandbox.deliveries]
    returns = next(endpoint.returns for endpoint in ENDPOINTS if endpoint.operation == operation)
    models = given if isinstance(given, list) else [given]
    assert {returns} == {type(model) for model in models}


@pytest.mark.parametrize(
    ("operation", "wrong", "argument"),
    [
        ("sms.send", {"phone_number_from": "2025550100"}, "phone_number_from"),
        ("sms.send", {"phone_number_to": "20250"}, "phone_number_to"),
        ("sms.send", {"message": "x" * 1601}, "message"),
        ("sms.send", {"channel_id": " "}, "channel_id"),
        ("sms.send", {"user_id": None}, "user_id"),
        ("sms.push", {"phone_number_from": "20250"}, "phone_number_from"),
        ("sms.push", {"phone_number_to": "+0123456789"}, "phone_number_to"),
        ("sms.push", {"message": ""}, "message"),
    ],
)
def test_a_wrong_argument_of_a_text_is_named(
    front: Front, operation: str, wrong: dict[str, Any], argument: str
) -> None:
    sandbox = Sandbox()
    method = operation.partition(".")[2]
    given = {**(TEXT if method == "send" else dict(list(TEXT.items())[:3])), **wrong}

    async def body(client: Any) -> None:
        with pytest.raises(InvalidArgumentError) as caught:
            await getattr(client.sms, method)(**given)
        assert argument == caught.value.argument

    front.inside(sandbox, body)
    assert [] == sandbox.requests


def test_a_short_code_stands_on_alive5s_side(front: Front) -> None:
    sandbox = Sandbox(strict_ids=False)

    async def body(client: Any) -> None:
        await client.sms.send(**{**TEXT, "phone_number_from": "20250"})
        await client.sms.push(phone_number_from="+12025550123", phone_number_to="202 500", message="x" * 1600)

    front.inside(sandbox, body)
    numbers = [(d.arguments["phone_number_from"], d.arguments["phone_number_to"]) for d in sandbox.deliveries]
    assert [("20250", "+12025550123"), ("+12025550123", "202500")] == numbers


def test_what_is_sent_arrives_as_it_was_meant(front: Front) -> None:
    sandbox = Sandbox()

    async def body(client: Any) -> None:
        for operation in WRITES:
            await CALLS[operation](client)

    front.inside(sandbox, body)
    asked = {delivery.operation: delivery.arguments for delivery in sandbox.deliveries}
    assert TEXT == asked["sms.send"]
    assert "+12025550123" == asked["sms.push"]["phone_number_from"]
    assert "channel-support,channel-sales" == asked["agents.create"]["channels"]
    assert {
        "widget_name": "Help",
        "widget_type": "web",
        "botname": "none",
        "accessChannels": "channel-support,channel-sales",
        "channel_id": "channel-support",
        "shortCode": "20250",
        "org_name": "Sandbox Ltd",
    } == asked["widgets.create"]
    assert 1 == [request.operation for request in sandbox.requests].count("account.get")


def test_what_comes_back_is_what_is_there(front: Front) -> None:
    sandbox = Sandbox(livechat=40, sms=12, fbm=7)

    async def body(client: Any) -> None:
        account = await client.account.get()
        assert ("Sandbox Ltd", sandbox.settings.key) == (account.org_name, account.api_key)
        assert [tag["tag_id"] for tag in sandbox.tags()] == [tag.tag_id for tag in await client.tags.list()]
        channels = await client.channels.list()
        assert [channel["channel_id"] for channel in sandbox.channels()] == [c.channel_id for c in channels]
        assert sandbox.channels()[0]["agents"][0]["user_id"] == channels[0].agents[0].user_id
        for kind in ("sms", "livechat", "fbm"):
            truth = [row["alive5_sessionID"] for row in sandbox.conversations(kind)]
            found = [item async for item in getattr(client.conversations, kind)()]
            assert sorted(truth) == sorted(item.id for item in found)
            assert {kind} == {item.kind for item in found}
        sent = await client.sms.send(**TEXT)
        assert ("+12025550123", "open") == (sent.phone_mobile, sent.status)
        assert sent.thread_id in [item.id for item in await client.conversations.sms().list()]

    front.inside(sandbox, body)


def test_a_patched_process_needs_no_key_and_no_network(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALIVE5_API_KEY", raising=False)
    sandbox = Sandbox()

    async def main() -> None:
        async with front.bare_client() as client:
            assert "Sandbox Ltd" == (await client.account.get()).org_name
            assert 9 == len(await client.conversations.livechat(limit=4).list(max_items=9))
            await client.sms.send(**TEXT)

    with sandbox.patch():
        front.drive(main)
    assert ["sms.send"] == [delivery.operation for delivery in sandbox.deliveries]
