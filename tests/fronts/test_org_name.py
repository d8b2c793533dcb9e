"""The organisation's name of the create operations: given, remembered, or looked up once."""

from __future__ import annotations

from typing import Any

import pytest
from support.front import Front
from support.scripted import After, Events, Sent, raw, refusal, reply

from alive5 import (
    Alive5Error,
    AuthenticationError,
    ConfigurationError,
    Failure,
    InvalidArgumentError,
    NotSentError,
    OutcomeUnknownError,
    RetryPolicy,
    ServerError,
    TimedOutError,
    TransportError,
)

ACCOUNT = reply({"email": "ada@example.com", "org_name": "Acme"})
MADE = reply({"tag_id": "t1"})
NAME = {"name": "Billing", "email": "ada@example.com"}


def create(client: Any) -> Any:
    return client.tags.create(**NAME)


def asked(port: Any) -> list[tuple[str, str | None]]:
    return [(call.operation, call.body["org_name"] if call.content else None) for call in port.calls]


def test_it_is_looked_up_once_and_remembered(front: Front) -> None:
    port = front.port([ACCOUNT, MADE, MADE, MADE])

    async def body(client: Any) -> str:
        await create(client)
        await create(client)
        tag = await create(client.with_options(timeout=5))
        return str(tag.tag_id)

    assert "t1" == front.run(body, port=port)
    assert [
        ("account.get", None),
        ("tags.create", "Acme"),
        ("tags.create", "Acme"),
        ("tags.create", "Acme"),
    ] == asked(port)


def test_the_calls_own_name_wins_over_the_clients(front: Front) -> None:
    port = front.port([MADE, MADE, MADE])

    async def body(client: Any) -> None:
        await client.tags.create(**NAME, org_name=" Called ")
        await create(client)
        await create(client.with_options(org_name="Other"))

    front.run(body, port=port, org_name="Client")
    assert [("tags.create", "Called"), ("tags.create", "Client"), ("tags.create", "Other")] == asked(port)


def test_a_twin_can_go_back_to_looking_it_up(front: Front) -> None:
    port = front.port([ACCOUNT, MADE])
    front.run(lambda client: create(client.with_options(org_name=None)), port=port, org_name="Client")
    assert [("account.get", None), ("tags.create", "Acme")] == asked(port)


@pytest.mark.parametrize("wrong", ["", "  ", 7, "a\nb", "\ud800"])
def test_a_name_that_cannot_be_sent_is_refused(front: Front, wrong: Any) -> None:
    port = front.port()
    bodies: list[Any] = [
        lambda client: client.tags.create(**NAME, org_name=wrong),
        lambda client: create(client.with_options(org_name=wrong)),
    ]
    for body in bodies:
        error = front.fails(InvalidArgumentError, body, port=port)
        assert "org_name" == error.argument
    front.fails(InvalidArgumentError, create, port=port, org_name=wrong)
    assert [] == port.calls


@pytest.mark.parametrize(
    ("answer", "error", "attempts"),
    [
        (refusal(401), AuthenticationError, 1),
        (refusal(500), ServerError, 4),
        (Failure(True, "read", "broke"), TransportError, 4),
        (Failure(True, "read_timeout", "late"), TimedOutError, 4),
        (Failure(False, "connect", "no"), NotSentError, 4),
    ],
)
def test_a_failed_look_up_is_the_creates_own_failure(
    front: Front, answer: Any, error: type[Alive5Error], attempts: int
) -> None:
    port = front.port(lambda call: answer)
    raised = front.fails(error, create, port=port)
    assert ("not_sent", "tags.create", attempts, True) == (
        raised.outcome,
        raised.operation,
        raised.attempts,
        raised.safe_to_repeat,
    )
    assert str(raised).startswith("tags.create: ")
    assert {"account.get"} == {call.operation for call in port.calls}


@pytest.mark.parametrize(
    "account",
    [
        reply({}),
        reply(None),
        reply({"org_name": None}),
        reply({"org_name": ""}),
        reply([]),
        reply("text"),
        reply({"org_name": {"name": "Acme"}}),
    ],
)
def test_an_account_without_a_name_asks_for_one(front: Front, account: Any) -> None:
    port = front.port([account])
    error = front.fails(ConfigurationError, create, port=port)
    assert ("not_sent", "tags.create") == (error.outcome, error.operation)
    assert "tags.create: the account names no organisation: pass org_name" == str(error)


@pytest.mark.parametrize(
    "account",
    [raw([{"org_name": "Acme"}]), raw({"org_name": "Acme"}), reply({"code": 200, "data": {"org_name": "Acme"}})],
)
def test_the_name_is_found_in_every_shape_account_get_reads(front: Front, account: Any) -> None:
    port = front.port([account, MADE])
    front.run(create, port=port)
    assert ("tags.create", "Acme") == asked(port)[-1]


def test_a_failed_look_up_is_not_remembered(front: Front) -> None:
    port = front.port([reply({}), ACCOUNT, MADE])

    async def body(client: Any) -> None:
        with pytest.raises(ConfigurationError):
            await create(client)
        await create(client)

    front.run(body, port=port)
    assert ["account.get", "account.get", "tags.create"] == [call.operation for call in port.calls]


def test_one_deadline_covers_both(front: Front) -> None:
    port = front.port([After(7, ACCOUNT), After(7, MADE)])
    error = front.fails(OutcomeUnknownError, create, port=port, timeout=10)
    assert "tags.create" == error.operation
    assert [1010.0, 1010.0] == [call.deadline for call in port.calls]
    assert 1010.0 == port.time


def test_a_look_up_that_uses_up_the_time_sends_nothing(front: Front) -> None:
    port = front.port([After(11, ACCOUNT)])
    error = front.fails(TimedOutError, create, port=port, timeout=10)
    assert ("not_sent", "tags.create") == (error.outcome, error.operation)
    assert 1 == len(port.calls)


def test_both_calls_are_told(front: Front, events: Events) -> None:
    front.run(create, port=front.port([ACCOUNT, MADE]), on_event=events)
    assert [("account.get", 1), ("tags.create", 1)] == [(event.operation, event.attempt) for event in events.seen]


CREATES: list[tuple[str, dict[str, Any]]] = [
    ("channels", {"channel_name": "Support"}),
    ("agents", {"email": "ada@example.com", "screenname": "Ada", "role": "admin", "channels": ["c1"]}),
    ("tags", NAME),
    ("botchains", {"botchain_name": "b", "bot_type": "t", "widget_id": "w", "channel_id": "c"}),
    (
        "widgets",
        {
            "widget_name": "w",
            "widget_type": "sms",
            "botname": "b",
            "access_channels": ["c1", "c2"],
            "channel_id": "c",
            "short_code": "12345",
        },
    ),
]


@pytest.mark.parametrize(("family", "arguments"), CREATES)
def test_every_create_looks_it_up(front: Front, family: str, arguments: dict[str, Any]) -> None:
    def answer(call: Sent) -> Any:
        return ACCOUNT if call.operation == "account.get" else reply({})

    port = front.port(answer)
    front.run(lambda client: getattr(client, family).create(**arguments), port=port)
    assert (f"{family}.create", "Acme") == asked(port)[-1]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("create_category", {"title": "t", "channel": "c"}),
        ("create_article", {"title": "t", "content": "c", "category": "k"}),
    ],
)
def test_the_faq_looks_it_up(front: Front, method: str, arguments: dict[str, Any]) -> None:
    port = front.port([ACCOUNT, reply({})])
    front.run(lambda client: getattr(client.faq, method)(**arguments), port=port, retry=RetryPolicy.none())
    assert (f"faq.{method}", "Acme") == asked(port)[-1]
