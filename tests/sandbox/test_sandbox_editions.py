"""Both editions of the service: routes, spellings, pages and rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from support.sandbox_calls import BODIES

from alive5._sansio.wire import Call, Reply
from alive5.sandbox import Sandbox

REFUSED = {"code": 400, "data": None, "error": {}}
FEBRUARY = {"date_start": "02-01-2026", "date_end": "02-28-2026"}
DAYS = {"datetime_from": "02-10-2026", "datetime_to": "02-12-2026"}
DAY_MS = 86_400_000
FEBRUARY_10 = 1_770_681_600_000

Ask = Callable[..., Any]


@pytest.fixture
def current(send: Ask) -> Ask:
    """Ask the current edition, in process."""

    def current(sandbox: Sandbox, operation: str, **arguments: Any) -> Any:
        return json.loads(send(sandbox, operation, _edition="current", **arguments).body)

    return current


def truth(sandbox: Sandbox, kind: str, low: int = 0, high: int = 1 << 62) -> list[str]:
    rows = sandbox.conversations(kind)
    return [row["alive5_sessionID"] for row in rows if low <= row["start_time"] < high][::-1]


def answer(sandbox: Sandbox, path: str, version: str | None, host: Any = "base", **query: Any) -> Any:
    """Ask as a socket's client does, or, with a host, as one of this process."""
    pairs = tuple((name.replace("__", "-"), str(value)) for name, value in query.items())
    call = Call(operation="?", method="GET", path=path, version=version, host=host, query=pairs)
    given = sandbox.exchange(call).answer
    assert isinstance(given, Reply)
    return given.status if given.status != 200 else json.loads(given.body)["data"]


@pytest.mark.parametrize("kind", ["sms", "fbm"])
def test_current_texts_need_page_and_limit(kind: str, current: Ask) -> None:
    sandbox = Sandbox(sms=25, fbm=25)
    operation = f"conversations.{kind}"
    for given in ({}, {"page": 1}, {"limit": 10}):
        assert REFUSED == current(sandbox, operation, **given)
    first = current(sandbox, operation, page=1, limit=10)["data"]
    assert {"page": 1, "totalPages": 3, "totalRecord": 25} == {k: v for k, v in first.items() if k != "Items"}
    pages = [current(sandbox, operation, page=number, limit=10)["data"]["Items"] for number in (1, 2, 3, 4)]
    assert truth(sandbox, kind) == [row["alive5_sessionID"] for page in pages for row in page]
    assert [] == current(sandbox, operation, page=0, limit=10)["data"]["Items"]
    assert 25 == len(current(Sandbox(fbm=25, sms=25, require_pages=False), operation)["data"]["Items"])


def test_current_texts_read_one_spelling(current: Ask) -> None:
    sandbox = Sandbox()
    pages = {"page": 1, "limit": 1000}
    whole = current(sandbox, "conversations.sms", **pages)["data"]["totalRecord"]
    within = current(sandbox, "conversations.sms", **pages, **FEBRUARY)["data"]["totalRecord"]
    assert 0 < within < whole == 300
    hyphenated = {name.replace("_", "-"): value for name, value in FEBRUARY.items()}
    assert whole == current(sandbox, "conversations.sms", **pages, **hyphenated)["data"]["totalRecord"]


def test_current_rows_of_texts(current: Ask) -> None:
    row = current(Sandbox(), "conversations.sms", page=1, limit=1)["data"]["Items"][0]
    assert "contacts_phone" not in row
    assert row["contacts_phone_mobile"].startswith("+1202555")
    said = row["chat_conversation"]
    assert {"message_id", "media_url", "created_at", "created_by", "message_content"} == set(said[0])
    assert len(said) == len({entry["message_id"] for entry in said})


@pytest.mark.parametrize("name", ["channel_id", "channel_name", "crm_id", "agent_id", "assigned_to"])
@pytest.mark.parametrize("kind", ["sms", "fbm", "livechat"])
def test_filters_really_filter(name: str, kind: str, current: Ask) -> None:
    sandbox = Sandbox(livechat=40, sms=40, fbm=40)
    wanted = sandbox.conversations(kind)[7]
    pages = {"page": 0} if kind == "livechat" else {"page": 1, "limit": 100}
    rows = current(sandbox, f"conversations.{kind}", **pages, **{name: wanted[name]})["data"]["Items"]
    ids = [row["threadData"]["thread_id"] if kind == "livechat" else row["alive5_sessionID"] for row in rows]
    expected = [row["alive5_sessionID"] for row in sandbox.conversations(kind) if row[name] == wanted[name]]
    assert expected[::-1] == ids
    assert 0 < len(ids) < 40
    other = wanted[name].swapcase()
    found = current(sandbox, f"conversations.{kind}", **pages, **{name: other})["data"]["Items"]
    assert len(found) == (len(ids) if other == wanted[name] else 0)


def test_one_conversation_by_its_id(current: Ask, rows: Ask) -> None:
    sandbox = Sandbox()
    wanted = truth(sandbox, "sms")[5]
    given = current(sandbox, "conversations.sms", page=1, limit=9, alive5_sessionID=wanted)["data"]["Items"]
    assert [wanted] == [row["alive5_sessionID"] for row in given]
    assert 300 == len(rows(sandbox, "conversations.sms", alive5_sessionID=wanted))


def test_current_livechat_counts_from_zero(current: Ask) -> None:
    sandbox = Sandbox(livechat=120)
    first = current(sandbox, "conversations.livechat", limit=7)["data"]
    assert (50, 0, 2) == (len(first["Items"]), first["page"], first["pages"])
    pages = [current(sandbox, "conversations.livechat", page=number)["data"]["Items"] for number in range(4)]
    assert [50, 50, 20, 0] == [len(page) for page in pages]
    assert truth(sandbox, "livechat") == [row["threadData"]["thread_id"] for page in pages for row in page]
    assert 7 == len(current(Sandbox(clamped_limit=7), "conversations.livechat")["data"]["Items"])


def test_current_livechat_days_are_of_the_zone_asked(current: Ask) -> None:
    sandbox = Sandbox(livechat=3000)
    for offset, hours in (("+0:00", 0), ("-5:00", -5), ("+05:30", 5.5)):
        shift = int(hours * 3_600_000)
        given = [
            row["threadData"]["thread_id"]
            for number in range(3)
            for row in current(
                sandbox, "conversations.livechat", page=number, timezone_offset=offset, **DAYS
            )["data"]["Items"]
        ]  # fmt: skip
        assert truth(sandbox, "livechat", FEBRUARY_10 - shift, FEBRUARY_10 + 3 * DAY_MS - shift) == given
    assert "Invalid date" == current(sandbox, "conversations.livechat", timezone_offset="CET", **DAYS)["error"]


def test_current_livechat_rows(current: Ask) -> None:
    sandbox = Sandbox(livechat=50)
    rows = current(sandbox, "conversations.livechat", page=0)["data"]["Items"]
    known = {row["alive5_sessionID"]: row for row in sandbox.conversations("livechat")}
    older = 0
    for row in rows:
        thread, true = row["threadData"], known[row["threadData"]["thread_id"]]
        assert (true["start_time"], true["end_time"] or 0) == (thread["thread_start_chat"], thread["thread_end_chat"])
        assert (true["agent_id"], true["crm_id"]) == (thread["assignedTo"], thread["crm_id"])
        assert ("closed" if true["end_time"] else "open") == thread["thread_status"]
        assert thread["status_timestamp"].startswith(f"{thread['thread_status']}||")
        assert {"first_name", "last_name", "email", "phone_mobile", "tags"} <= set(thread["crmData"])
        assert isinstance(thread["tags"], list)
        assert thread["created_at"] <= thread["thread_start_chat"]
        older += thread["created_at"] <= thread["thread_start_chat"] - 7 * DAY_MS
        said = [entry["_source"] for entry in row["threadConversation"]]
        assert {"message_id", "created_at", "created_by", "message_content", "media_url"} == set(said[0])
        assert [e["message_content"] for e in true["chat_conversation"]] == [e["message_content"] for e in said]
    assert 5 < older < 30


def test_current_summary(current: Ask, ask: Ask) -> None:
    dates = {"from_datetime": "12-01-2025", "date_end": "01-15-2026"}
    assert REFUSED == current(Sandbox(), "conversations.summary", **dates)
    answered = current(Sandbox(current_summary="answered"), "conversations.summary", **dates)["data"]
    documented = {"date-start": "12-01-2025", "date-end": "01-15-2026"}
    assert ask(Sandbox(), "conversations.summary", **documented)["data"] == answered


def test_the_directory_of_each_place(current: Ask, rows: Ask) -> None:
    sandbox = Sandbox()
    documented, read = rows(sandbox, "channels.list"), current(sandbox, "channels.list")["data"]["Items"]
    assert all("channel_phone_number" not in channel for channel in (*documented, *read))
    assert {"agent"} == {agent["user_role"] for channel in read for agent in channel["agents"]}
    numbers = [
        row["channel_phone_number"] for row in answer(sandbox, "/objects/channels-and-users/list", "1.1")["Items"]
    ]
    assert ["undefined"] * 3 + ["+12025550100", "+12025550101"] == numbers
    assert 404 == answer(Sandbox(edition="documented"), "/objects/channels-and-users/list", "1.1")
    assert {"user_role", "bot_user_id"} <= set(current(Sandbox(edition="current"), "account.get")["data"])


def test_each_edition_alone(ask: Ask, current: Ask, send: Ask) -> None:
    old, new = Sandbox(edition="documented"), Sandbox(edition="current")
    assert 404 == send(old, "conversations.livechat", _edition="current", page=0).status
    assert 404 == answer(old, "/conversations/sms", "1.2", **FEBRUARY)
    assert 404 == send(new, "conversations.livechat", page=1, limit=1).status
    assert REFUSED == ask(new, "conversations.sms")
    hyphenated = {"date-start": "02-10-2026", "date-end": "02-10-2026"}
    assert 300 == ask(new, "conversations.sms", page=1, limit=5, **hyphenated)["data"]["totalRecord"]
    assert 200 == ask(old, "sms.send")["code"] == ask(new, "sms.send")["code"]
    assert 404 == answer(Sandbox(), "/conversations/livechat", "3.0")


def served(sandbox: Sandbox, path: str, version: str | None, **query: Any) -> Any:
    pairs = tuple((name.replace("__", "-"), str(value)) for name, value in query.items())
    headers = (("X-A5-APIKEY", "test_key"),)
    call = Call(operation="?", method="GET", path=path, version=version, query=pairs, headers=headers)
    given = sandbox.exchange(call, check_key=True).answer
    assert isinstance(given, Reply)
    return json.loads(given.body)["data"] if given.status == 200 else given.status


def test_on_a_socket_the_parameters_tell_the_edition() -> None:
    sandbox = Sandbox(sms=30)
    sms = "/conversations/sms"
    underscored, hyphenated = {"date_start": "10-01-2025"}, {"date__start": "10-01-2025"}
    assert 3 == served(sandbox, sms, "1.0", page=1, limit=10, **underscored)["totalPages"]
    # Ours, which carries both spellings, and one in the words of 2020.
    both = served(sandbox, sms, "1.0", page=1, limit=10, **underscored, **hyphenated)
    assert {"Items"} == set(both) == set(served(sandbox, sms, None, **hyphenated))
    # The vendor's command line leaves the limit out.
    assert 30 == served(sandbox, sms, "1.0", page=1, **underscored)["totalRecord"]
    wanted = truth(sandbox, "sms")[3]
    assert 1 == served(sandbox, sms, "1.0", page=1, alive5_sessionID=wanted)["totalRecord"]
    assert "threadData" in served(sandbox, "/conversations/livechat", "2.0", page=0)["Items"][0]
    assert "start_time" in served(sandbox, "/conversations/livechat", "1.0", page=1, limit=1)["Items"][0]
    assert None is served(sandbox, "/conversations/summary", "1.0", from_datetime="10-01-2025")
    assert None is served(Sandbox(edition="current"), sms, "1.0", page=1, **underscored)


def test_the_read_host_in_process() -> None:
    sandbox = Sandbox(sms=30)
    pages = {"page": 1, "limit": 10}
    assert 3 == answer(sandbox, "/conversations/sms", "1.0", "read", **pages)["totalPages"]
    assert 30 == len(answer(sandbox, "/conversations/sms", "1.0", "base", **pages)["Items"])


def test_a_send_answers_as_seen_live(ask: Ask, current: Ask) -> None:
    sandbox = Sandbox()
    sent = ask(sandbox, "sms.send")["data"]["data"]
    body = BODIES["sms.send"]
    assert ("queued", "outbound", body["phone_number_from"], body["phone_number_to"], body["message"]) == (
        sent["message_status"], sent["direction"], sent["From"], sent["To"], sent["message_content"],
    )  # fmt: skip
    assert sent["newThread"]["thread_id"] == sent["thread_id"]
    row = current(sandbox, "conversations.sms", page=1, limit=1)["data"]["Items"][0]
    assert (sent["thread_id"], sent["message_id"]) == (
        row["alive5_sessionID"], row["chat_conversation"][-1]["message_id"],
    )  # fmt: skip
    again = ask(sandbox, "sms.send")["data"]["data"]
    assert sent["thread_id"] == again["thread_id"]
    assert sent["message_id"] != again["message_id"]


@pytest.mark.parametrize("quirks", [{"odd_values": 1.0}, {"missing_ids": 1.0}, {"odd_values": 1.0, "divided": True}])
def test_odd_rows_keep_their_shape(quirks: Any, current: Ask) -> None:
    sandbox = Sandbox(livechat=50, sms=50, **quirks)
    for row in current(sandbox, "conversations.livechat")["data"]["Items"]:
        assert {"threadData", "threadConversation"} == set(row)
        assert ("thread_id" in row["threadData"]) is ("missing_ids" not in quirks)
        assert isinstance(row["threadData"]["created_at"], int)
    texts = current(sandbox, "conversations.sms", page=1, limit=50)["data"]["Items"]
    assert all("contacts_phone" not in row for row in texts)
