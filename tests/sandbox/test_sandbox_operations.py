"""Every operation answers with what the contract documents, in real envelopes."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from support.sandbox_calls import BODIES

from alive5 import models
from alive5._sansio.endpoints import ENDPOINTS
from alive5._sansio.later_endpoints import LATER
from alive5._sansio.wire import Call
from alive5.models._base import WIRE
from alive5.sandbox import Sandbox


def documented(model: type[models.Model]) -> set[str]:
    return {field.metadata[WIRE] or field.name for field in attrs.fields(model) if field.name != "extra"}


EXPECTED: dict[str, set[str]] = {
    "account.get": {"email", "api_key", "org_name"},
    "sms.push": documented(models.PushedSms),
    "widgets.create": documented(models.Widget),
    "botchains.create": documented(models.Botchain),
    "channels.create": {
        *("agents", "channel_id", "channel_name", "channel_status", "created_at", "label"),
        *("org_name", "system_generated", "updated_at"),
    },
    "agents.create": {"created_at", "email", "org_name", "user_email", "user_id", "user_status"},
    "faq.create_category": {"category_id", "category_name", "channel_ids", "created_at", "label", "org_name"},
    "faq.create_article": {
        *("article_id", "body", "category_name", "created_at", "updated_at", "org_name", "title", "channel_ids"),
    },
    "tags.create": {"created_at", "label", "org_name", "tag_id", "tagname", "email"},
    "conversations.summary": {
        *("visitors_web", "visitors_fbm", "visitors_sms", "contacts_web", "contacts_fbm", "contacts_sms"),
    },
    "sms.send": {
        *("newThread", "message_id", "message_status", "thread_id", "From", "To", "direction", "message_content"),
    },
}
COMMON = {
    *("org_name", "alive5_sessionID", "start_time", "end_time", "channel_id", "channel_name", "crm_id", "agent_id"),
    *("assigned_to", "contacts_first_name", "contacts_last_name", "contacts_email", "contacts_phone"),
    *("contacts_notes", "chat_conversation"),
}
ROWS = {
    "sms": COMMON | {"tags", "alive_sms_phone_number"},
    "fbm": COMMON,
    "livechat": COMMON
    | {"alive_sms_phone_number", "ip_address", "city", "state", "country", "zip", "referrer_url", "page_url"},
}


@pytest.mark.parametrize("operation", EXPECTED)
def test_documented_values(operation: str, ask: Any) -> None:
    whole = ask(Sandbox(), operation)
    assert (200, None) == (whole["code"], whole["error"])
    data = whole["data"]["data"] if operation == "sms.send" else whole["data"]
    assert EXPECTED[operation] == set(data)


@pytest.mark.parametrize("kind", ROWS)
def test_rows_have_every_documented_value(kind: str, rows: Any) -> None:
    sandbox = Sandbox(livechat=50, sms=50, fbm=50)
    given = rows(sandbox, f"conversations.{kind}", page=1, limit=50)
    assert 50 == len(given)
    assert all(ROWS[kind] == set(row) for row in given)
    assert all(2 <= len(row["chat_conversation"]) <= 20 for row in given)
    assert {"created_at", "created_by", "message_content"} == set(given[0]["chat_conversation"][0])


def test_sent_text_has_two_envelopes_and_crm_data(ask: Any) -> None:
    whole = ask(Sandbox(), "sms.send")
    assert {"code", "data", "error"} == set(whole) == set(whole["data"])
    thread = whole["data"]["data"]["newThread"]
    person = {"last_name", "first_name", "crm_type", "email"}
    assert documented(models.Thread) - person == set(thread)
    assert person == set(thread["crmData"])
    assert thread["status_timestamp"] == f"open||{thread['timestamp']}"


@pytest.mark.parametrize("body_format", ["json", "multipart"])
@pytest.mark.parametrize("operation", BODIES)
def test_writes_are_delivered_once_in_both_formats(operation: str, body_format: str, ask: Any) -> None:
    sandbox = Sandbox()
    assert 200 == ask(sandbox, operation, body_format)["code"]
    assert [(1, operation, BODIES[operation])] == [attrs.astuple(delivery) for delivery in sandbox.deliveries]


@pytest.mark.parametrize(
    ("operation", "name"), [(operation, name) for operation, body in BODIES.items() for name in body]
)
def test_a_missing_field_is_refused(operation: str, name: str, ask: Any) -> None:
    sandbox = Sandbox()
    assert {"code": 400, "data": None, "error": {}} == ask(sandbox, operation, **{name: ""})
    assert [] == sandbox.deliveries


def test_an_unreadable_body_is_refused(send: Any) -> None:
    sandbox = Sandbox()
    broken = Call(operation="x", method="POST", path="/create/tag", content=b"{")
    assert b'"code":400' in sandbox.exchange(broken).answer.body  # type: ignore[union-attr]


def test_unknown_paths_are_not_found() -> None:
    sandbox = Sandbox()
    reply = sandbox.exchange(Call(operation="call", method="GET", path="/nowhere")).answer
    assert 404 == reply.status  # type: ignore[union-attr]
    assert ["unknown"] == [request.operation for request in sandbox.requests]


def test_created_things_show_in_lists(ask: Any, rows: Any) -> None:
    sandbox = Sandbox()
    for operation in ("tags.create", "channels.create", "agents.create", "faq.create_category"):
        ask(sandbox, operation)
    assert "urgent" == rows(sandbox, "tags.list")[-1]["tag_label"] == sandbox.tags()[-1]["tag_label"]
    channels = rows(sandbox, "channels.list")
    assert "Returns" == channels[-1]["channel_label"]
    with_new = [c["channel_id"] for c in channels if "new@example.com" in [a["email"] for a in c["agents"]]]
    assert ["channel-sales", "channel-billing"] == with_new
    article = ask(sandbox, "faq.create_article")["data"]
    assert ["channel-sales"] == article["channel_ids"]


def test_texts_make_and_extend_a_conversation(ask: Any, rows: Any) -> None:
    sandbox = Sandbox(sms=5)
    ask(sandbox, "sms.send")
    ask(sandbox, "sms.push")
    ask(sandbox, "sms.push", phone_number_from="+12025550199")
    texts = rows(sandbox, "conversations.sms", date_start="03-31-2026")
    assert [BODIES["sms.send"]["message"], "¿Sí?"] == [m["message_content"] for m in texts[1]["chat_conversation"]]
    assert ["+12025550199", "+12025550123"] == [row["contacts_phone"] for row in texts[:2]]
    assert 7 == ask(sandbox, "conversations.summary")["data"]["visitors_sms"] == len(sandbox.conversations("sms"))


def test_summary_counts_what_the_listings_show(ask: Any, rows: Any) -> None:
    sandbox = Sandbox(livechat=200, sms=60, fbm=70)
    dates = {"date-start": "12-01-2025", "date-end": "01-15-2026"}
    counts = ask(sandbox, "conversations.summary", **dates)["data"]
    for kind, name in {"livechat": "web", "sms": "sms", "fbm": "fbm"}.items():
        given = rows(sandbox, f"conversations.{kind}", page=1, limit=500, **dates)
        reached = [row for row in given if row["contacts_email"] or row["contacts_phone"]]
        assert (len(given), len(reached)) == (counts[f"visitors_{name}"], counts[f"contacts_{name}"])
    assert 0 < counts["contacts_web"] < counts["visitors_web"]


def test_the_expectations_cover_every_operation() -> None:
    lists = {"tags.list", "channels.list", "conversations.sms", "conversations.livechat", "conversations.fbm"}
    later = {endpoint.operation for endpoint in LATER}
    assert {endpoint.operation for endpoint in ENDPOINTS} - later == set(EXPECTED) | lists
