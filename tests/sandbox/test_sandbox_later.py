"""The sandbox answers the operations documented after 2020."""

from __future__ import annotations

from datetime import datetime, timezone
from operator import attrgetter
from typing import Any

import pytest
from support.front import Front
from support.later_facts import OPERATIONS, Later
from support.scripted import TEXT

from alive5 import BadRequestError, NotFoundError, OutcomeUnknownError
from alive5.sandbox import Sandbox

DAYS: dict[str, Any] = {"start": "2026-02-01", "end": "2026-02-14"}
PERSON = {"email": "ada@example.com", "first_name": "Ada", "last_name": "King", "phone_mobile": "+12025550123"}
LINE = "+12025550100"


async def call(client: Any, operation: Later) -> Any:
    """
    Call an operation of a period that has rows, and of a contact there is.
    """
    arguments = {**operation.arguments, **({**DAYS} if "start" in operation.arguments else {})}
    if "botflow" in arguments:
        arguments["botflow"] = "Welcome"
    if operation.call == "contacts.update":
        arguments["crm_id"] = (await client.contacts.list().first()).crm_id
    if operation.call in ("webhooks.sms.delete", "webhooks.sms.list"):
        hook = await client.webhooks.sms.register(phone_number=LINE, url="https://example.com/texts")
        arguments |= {"interceptor_uuid": hook.interceptor_uuid} if operation.call.endswith("delete") else {}
    found = attrgetter(operation.call)(client)(**arguments)
    return await (found.list() if hasattr(found, "pages") else found)


@pytest.mark.parametrize("quirks", [{}, {"times": "iso", "numbers": "text"}, {"list_key": "items", "order": "oldest"}])
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_each_operation_is_answered(operation: Later, quirks: Any, front: Front) -> None:
    sandbox = Sandbox(**quirks)
    found = front.inside(sandbox, lambda client: call(client, operation), org_name="Sandbox Ltd")
    assert operation.call == sandbox.requests[-1].operation
    models = found if isinstance(found, list) else [found]
    assert models
    assert {} == {name: value for model in models for name, value in model.extra.items()}
    if operation.method != "GET":
        delivered = sandbox.deliveries[-1]
        assert operation.call == delivered.operation
        assert set(delivered.arguments) == set(operation.body or operation.query)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_same_seed_gives_the_same_answers(operation: Later) -> None:
    async def body(client: Any) -> Any:
        return await call(client, operation)

    runs = [Front("asyncio").inside(Sandbox(seed=7), body, org_name="Sandbox Ltd") for _ in range(2)]
    assert runs[0] == runs[1]


def test_everyone_who_left_a_number_or_an_address_is_a_contact() -> None:
    sandbox = Sandbox(livechat=150, sms=60, fbm=40)
    with sandbox.client() as client:
        found = client.contacts.list(limit=30, prefetch=3).list()
    rows = [row for kind in ("livechat", "sms", "fbm") for row in sandbox.conversations(kind)]
    known = {row["crm_id"] for row in rows if row["contacts_email"] or row["contacts_phone"]}
    assert known == {contact.crm_id for contact in found}
    assert len(known) == len(found)


def test_contacts_are_created_and_changed() -> None:
    with Sandbox(livechat=3, sms=2, fbm=0).client() as client:
        before = client.contacts.list().list()
        made = client.contacts.create(**PERSON, title="Dr", company="Engines")
        client.contacts.update(crm_id=made.crm_id or "", tags=["vip"], title="Lady")
        client.contacts.update(crm_id=before[0].crm_id or "", email="new@example.com")
        after = {contact.crm_id: contact for contact in client.contacts.list().list()}
        # HTTP 200 with a filled error: the service was seen to apply such an update all the same.
        with pytest.raises(OutcomeUnknownError):
            client.contacts.update(crm_id="nobody", email="new@example.com")
    assert len(before) + 1 == len(after)
    contact = after[made.crm_id]
    assert ("Ada", "Engines", "Lady", ["vip"]) == (
        contact.first_name,
        contact.company,
        contact.companytitle,
        contact.tags,
    )
    assert "new@example.com" == after[before[0].crm_id].email
    assert before[0].phone_mobile == after[before[0].crm_id].phone_mobile


def test_the_feed_has_what_no_listing_of_the_period_shows() -> None:
    """A text into an old thread."""
    sandbox = Sandbox()
    with sandbox.client() as client:
        first = client.sms.send(**TEXT)
        day = sandbox.requests and first.created_at
        assert day is not None
        sandbox.advance(seconds=30 * 86_400)
        client.sms.send(**{**TEXT, "message": "A month later"})
        today = datetime(2026, 4, 30, tzinfo=timezone.utc).date()
        feed = client.conversations.messages(start=today, end=today).list()
        listed = client.conversations.sms(start=today, end=today).list()
    assert [("A month later", first.thread_id)] == [(row.text, row.thread_id) for row in feed]
    assert [] == listed


def test_the_feed_is_every_message_of_the_period() -> None:
    sandbox = Sandbox(sms=80)
    start, end = datetime(2026, 2, 1, tzinfo=timezone.utc), datetime(2026, 2, 14, 12, tzinfo=timezone.utc)
    with sandbox.client() as client:
        feed = client.conversations.messages(start=start, end=end).list()
    said = [
        (row["alive5_sessionID"], message["created_at"], message["message_content"])
        for row in sandbox.conversations("sms")
        for message in row["chat_conversation"]
        if start.timestamp() <= message["created_at"] / 1000 <= end.timestamp()
    ]
    assert said
    given = [(row.thread_id, round(row.created_at.timestamp() * 1000), row.text) for row in feed if row.created_at]
    assert sorted(said) == sorted(given)


def test_performance_counts_what_the_listings_show() -> None:
    with Sandbox().client() as client:
        report = client.reports.performance(**DAYS)
        kinds = (client.conversations.livechat, client.conversations.sms, client.conversations.fbm)
        rows = [row for listing in kinds for row in listing(**DAYS)]
    assert len(rows) == sum(channel.total or 0 for channel in report.channels_report)
    ended = sum(not row.is_open for row in rows)
    assert ended == sum(agent.total_completed or 0 for agent in report.agents_report)


def test_bots_are_filtered_by_flow_and_question() -> None:
    with Sandbox().client() as client:
        every = client.reports.bots(**DAYS)
        flow = client.reports.bots(**DAYS, botflow="Welcome")
        texts, choices = client.reports.free_text(**DAYS), client.reports.multiple_choice(**DAYS)
        assert [] == client.reports.faq(**DAYS, botflow="None such")
    assert 0 < len(flow) < len(every)
    assert {"Welcome"} == {row.botchain_name for row in flow}
    assert len(every) == len(texts) + len(choices)
    assert {"freetext"} == {row.question_type for row in texts}


def test_webhooks_come_and_go() -> None:
    with Sandbox().client() as client:
        hooks = client.webhooks.sms
        one = hooks.register(phone_number=LINE, url="https://example.com/1")
        two = hooks.register(phone_number=LINE, url="https://example.com/2")
        assert [] == hooks.list(phone_number="+12025550101")
        assert [one, two] == hooks.list(phone_number=LINE)
        left = hooks.delete(phone_number=LINE, interceptor_uuid=one.interceptor_uuid or "")
        assert [two] == left.webhooks == hooks.list(phone_number=LINE)
        with pytest.raises(NotFoundError):
            hooks.delete(phone_number=LINE, interceptor_uuid=one.interceptor_uuid or "")


def test_what_is_needed_is_missed() -> None:
    with Sandbox().client() as client:
        for path in ("/get-bots-reporting", "/objects/contact/get-all"):
            with pytest.raises(BadRequestError):
                client.call("GET", path)
        with pytest.raises(BadRequestError):
            client.call("GET", "/performance-reporting", params={"date_start": "soon", "date_end": "later"})
        with pytest.raises(BadRequestError):
            client.call("POST", "/contact/create-new", params={"email": "ada@example.com"})
