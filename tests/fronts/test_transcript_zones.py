"""A transcript is in the zone of the client that read the conversation, unless it is asked for in another."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.front import Front
from support.scripted import Sent, reply

from alive5 import Conversation, InvalidArgumentError, SmsConversation

ROW = {
    "alive5_sessionID": "s1",
    "contacts_phone": "+12025550123",
    "start_time": 1767323045000,  # 2026-01-02T03:04:05Z
    "chat_conversation": [{"created_at": 1767323045000, "created_by": "Ana", "message_content": "Hi"}],
}
DAY = {"start": "2026-01-01", "end": "2026-01-03"}
KINDS = ("livechat", "sms", "fbm")
UTC, NEW_YORK, INDIA = "2026-01-02 03:04  Ana: Hi", "2026-01-01 22:04  Ana: Hi", "2026-01-02 08:34  Ana: Hi"


def host(sent: Sent) -> Any:
    return reply([ROW] if sent.query.get("page", "1") == "1" else [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("tz", "shown"),
    [
        (None, UTC),
        ("America/New_York", NEW_YORK),
        (ZoneInfo("America/New_York"), NEW_YORK),
        ("UTC+05:30", INDIA),
        (timezone(timedelta(hours=5, minutes=30)), INDIA),
    ],
    ids=["none", "name", "zone", "offset", "fixed"],
)
def test_the_zone_is_the_clients(kind: str, tz: str | tzinfo | None, shown: str, front: Front) -> None:
    async def body(client: Any) -> Conversation:
        (chat,) = await getattr(client.conversations, kind)(**DAY).list()
        return chat  # type: ignore[no-any-return]

    chat = front.run(body, port=front.port(host), tz=tz)
    assert shown == chat.transcript()
    assert (UTC, INDIA) == (chat.transcript(tz="UTC"), chat.transcript(tz="UTC+05:30"))
    assert NEW_YORK == chat.transcript(tz="America/New_York") == chat.transcript(tz=ZoneInfo("America/New_York"))


def test_a_client_with_other_options_has_a_zone_of_its_own(front: Front) -> None:
    async def body(client: Any) -> list[str]:
        clients = [client, client.with_options(tz="UTC+05:30"), client.with_options(timeout=5)]
        clients.append(client.with_options(tz=None))
        return [(await one.conversations.sms(**DAY).first()).transcript() for one in clients]

    assert [NEW_YORK, INDIA, NEW_YORK, UTC] == front.run(body, port=front.port(host), tz="America/New_York")


def test_one_persons_history_is_in_it_too(front: Front) -> None:
    async def body(client: Any) -> list[str]:
        found = client.conversations.history(phone="+12025550123", **DAY)
        return [chat.transcript() async for chat in found]

    shown = front.run(body, port=front.port(host), tz="America/New_York")
    assert [NEW_YORK] * 3 == shown


def test_the_zone_is_no_value_of_the_conversation(front: Front) -> None:
    async def body(client: Any) -> list[Any]:
        return [await one.conversations.sms(**DAY).first() for one in (client, client.with_options(tz=None))]

    here, there = front.run(body, port=front.port(host), tz="America/New_York")
    assert here == there
    assert (repr(here), json.dumps(here.to_dict())) == (repr(there), json.dumps(there.to_dict()))
    assert {} == here.extra
    for again in (pickle.loads(pickle.dumps(here)), copy.copy(here), copy.deepcopy(here)):
        assert (here, NEW_YORK) == (again, again.transcript())


@pytest.mark.parametrize("tz", ["Nowhere", "", 5, "+05:30"])
def test_what_is_no_zone_is_refused(tz: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="tz must be the name of a time zone"):
        SmsConversation().transcript(tz=tz)
