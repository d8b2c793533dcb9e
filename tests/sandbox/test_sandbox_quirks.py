"""Every quirk shows its effect."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, get_type_hints

import attrs
import pytest

from alive5.sandbox import Quirks, Sandbox
from alive5.sandbox.settings import Settings


def test_each_quirk_is_documented_once() -> None:
    assert list(get_type_hints(Quirks)) == [field.name for field in attrs.fields(Settings)]


@pytest.mark.parametrize(
    ("quirks", "error"),
    [
        ({"envelop": "two"}, TypeError),
        ({"envelope": "three"}, ValueError),
        ({"page_base": 2}, ValueError),
        ({"page_base": True}, ValueError),
        ({"clamped_limit": 0}, ValueError),
        ({"odd_values": 1.5}, ValueError),
        ({"ignored_page": 1}, ValueError),
        ({"recent": "5"}, ValueError),
        ({"livechat": -1}, ValueError),
        ({"page_base": {"livechat": 2}}, ValueError),
        ({"page_base": {"fax": 0}}, ValueError),
        ({"end_date": "midnight"}, ValueError),
        ({"host_zone": "Berlin"}, ValueError),
        ({"host_zone": "Europe/Nowhere"}, ValueError),
        ({"host_zone": 5}, ValueError),
        ({"page_sizes": "odd"}, ValueError),
        ({"whole_limit": 0}, ValueError),
        ({"lost_answers": 1.1}, ValueError),
        ({"host_zone": "+15:00"}, ValueError),
        ({"require_pages": "yes"}, ValueError),
        ({"divided": 1}, ValueError),
        ({"secrets": None}, ValueError),
        ({"unknown_list": "list"}, ValueError),
        ({"current_summary": True}, ValueError),
        ({"edition": "newest"}, ValueError),
        ({"now": "2026-01-01"}, ValueError),
        ({"now": 1}, ValueError),
        ({"now": datetime(2026, 1, 1)}, ValueError),
        ({"faults": {"rate": 2}}, ValueError),
        ({"faults": {"rate": 0.1, "names": ["nonsense"]}}, ValueError),
        ({"faults": {"rate": 0.1, "on": ["sms.sent"]}}, ValueError),
    ],
)
def test_nonsense_is_refused(quirks: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Sandbox(**quirks)


@pytest.mark.parametrize(
    ("envelope", "outer", "inner"),
    [
        ("usual", {"code", "data", "error"}, {"email", "api_key", "org_name"}),
        ("bare", {"email", "api_key", "org_name"}, None),
        ("two", {"code", "data", "error"}, {"code", "data", "error"}),
        ("inner_without_code", {"code", "data", "error"}, {"data", "error"}),
    ],
)
def test_envelope(envelope: Any, outer: set[str], inner: set[str] | None, ask: Any) -> None:
    whole = ask(Sandbox(envelope=envelope), "account.get")
    assert outer == set(whole)
    assert inner is None or inner == set(whole["data"])


def test_envelope_one_holds_for_a_sent_text_too(ask: Any) -> None:
    assert "newThread" in ask(Sandbox(envelope="one"), "sms.send")["data"]


def test_code_as_text(ask: Any) -> None:
    assert "200" == ask(Sandbox(code_as="text"), "account.get")["code"]
    assert "400" == ask(Sandbox(code_as="text"), "tags.create", name="")["code"]


@pytest.mark.parametrize(
    ("name", "value"), [("null", None), ("object", {}), ("text", ""), ("list", []), ("false", False)]
)
def test_no_error(name: Any, value: Any, ask: Any) -> None:
    error = ask(Sandbox(no_error=name), "account.get")["error"]
    assert (value, type(value)) == (error, type(error))


def test_error_as_object(ask: Any) -> None:
    assert "Invalid date" == ask(Sandbox(), "conversations.sms", date_start="soon")["error"]
    quirky = ask(Sandbox(error_as="object"), "conversations.sms", date_start="soon")
    assert {"message": "Invalid date"} == quirky["error"]


def test_refusals(send: Any) -> None:
    assert 200 == send(Sandbox(), "tags.create", name="").status
    assert 400 == send(Sandbox(refusals="http_400"), "tags.create", name="").status


@pytest.mark.parametrize("operation", ["tags.list", "channels.list", "conversations.sms"])
def test_list_key(operation: str, ask: Any) -> None:
    bare = ask(Sandbox(sms=3, list_key="bare"), operation)["data"]
    assert bare == ask(Sandbox(sms=3), operation)["data"]["Items"]
    assert bare == ask(Sandbox(sms=3, list_key="items"), operation)["data"]["items"]
    assert bare == list(ask(Sandbox(sms=3, list_key="by_id"), operation)["data"]["Items"].values())


def test_by_id_gathers_several_rows_of_one_thread(page: Any) -> None:
    sandbox = Sandbox(livechat=4, duplicates=1, list_key="by_id")
    items = page(sandbox, 1, 4)
    assert 4 == len(items)
    assert all(identity == row["alive5_sessionID"] for identity, row in items.items())


def test_page_base(ids: Any, newest: Any) -> None:
    sandbox = Sandbox(livechat=25)
    assert newest(sandbox) == [identity for number in (1, 2, 3, 4) for identity in ids(sandbox, number)]
    zero = Sandbox(livechat=25, page_base=0)
    assert newest(zero) == [identity for number in (0, 1, 2, 3) for identity in ids(zero, number)]


def test_page_zero(ids: Any, ask: Any, send: Any) -> None:
    assert [] == ids(Sandbox(), 0)
    assert ids(Sandbox(), 1) == ids(Sandbox(page_zero="first"), 0)
    assert 400 == ask(Sandbox(page_zero="refused"), "conversations.livechat", page=0, limit=10)["code"]
    assert 500 == send(Sandbox(page_zero="server_error"), "conversations.livechat", page=0, limit=10).status


@pytest.mark.parametrize(
    ("quirks", "expected"),
    [
        ({}, {"page": 1, "pages": 3}),
        ({"page_base": 0}, {"page": 1, "pages": 2}),
        ({"metadata": "totals"}, {"page": 1, "totalPages": 3, "totalRecord": 25}),
        ({"metadata": "totals", "metadata_as": "text"}, {"page": "1", "totalPages": "3", "totalRecord": "25"}),
        ({"metadata_lies": "high"}, {"page": 1, "pages": 6}),
        ({"metadata_lies": "low"}, {"page": 1, "pages": 2}),
        ({"metadata": "totals", "metadata_lies": "low"}, {"page": 1, "totalPages": 2, "totalRecord": 12}),
    ],
)
def test_metadata(quirks: Any, expected: Any, ask: Any) -> None:
    sandbox = Sandbox(livechat=25, **{"metadata": "pages", **quirks})
    data = ask(sandbox, "conversations.livechat", page=1, limit=10)["data"]
    assert expected == {name: value for name, value in data.items() if name != "Items"}


def test_limits(ids: Any) -> None:
    assert [7, 7, 5] == [len(ids(Sandbox(livechat=19, clamped_limit=7), number, 100)) for number in (1, 2, 3)]
    assert 5 == len(ids(Sandbox(clamped_limit=7), 1, 5))
    assert 7 == len(ids(Sandbox(ignored_limit=7), 1, 5))


def test_window(ask: Any, page: Any) -> None:
    sandbox = Sandbox()
    dates = {"date-start": "01-01-2026", "date_end": "03-31-2026"}
    starts = [row["start_time"] for row in page(sandbox, 1, 1000, **dates)]
    truth = [row["start_time"] for row in sandbox.conversations("livechat") if row["start_time"] >= 1767225600000]
    assert truth[::-1] == starts
    assert 300 < len(starts) < 700
    one_day = page(sandbox, 1, 1000, date_start="02-10-2026", date_end="02-10-2026")
    assert one_day
    assert {1770681600000 // 86_400_000} == {row["start_time"] // 86_400_000 for row in one_day}
    assert [] == page(sandbox, 1, 10, date_start="01-01-2027")
    for wrong in ("2026-01-01", "13-01-2026", "02-30-2026", "2026-01-01T00:00:00Z"):
        assert 400 == ask(sandbox, "conversations.livechat", page=1, limit=10, date_start=wrong)["code"]


def test_ignored_window(page: Any, ask: Any) -> None:
    past = {"date-start": "10-01-2025", "date-end": "10-02-2025"}
    spelled = {name.replace("-", "_"): value for name, value in past.items()}
    truth = page(Sandbox(), 1, 50, **past)
    assert 0 < len(truth) < 50
    recent = page(Sandbox(), 1, 50)
    assert recent == page(Sandbox(ignored_window="all", recent=50), 1, 100, **past)
    assert recent == page(Sandbox(ignored_window="hyphenated", recent=50), 1, 100, **past)
    assert truth == page(Sandbox(ignored_window="hyphenated", recent=50), 1, 100, **past, **spelled)
    assert truth == page(Sandbox(ignored_window="underscored", recent=50), 1, 100, **past, **spelled)
    assert recent == page(Sandbox(ignored_window="underscored", recent=50), 1, 100, **spelled)
    open_ended = {"date_start": "10-01-2025"}
    assert 1000 == len(page(Sandbox(ignored_window="hyphenated", recent=50), 1, 1000, **open_ended))
    assert 5 == ask(Sandbox(ignored_window="all", recent=5), "conversations.summary", **past)["data"]["visitors_sms"]


def test_ignored_page(ids: Any) -> None:
    sandbox = Sandbox(ignored_page=True)
    assert ids(sandbox, 1) == ids(sandbox, 2) == ids(sandbox, 99)


def test_after_last(ids: Any) -> None:
    assert [] == ids(Sandbox(livechat=25), 4)
    repeat = Sandbox(livechat=25, after_last="repeat")
    assert ids(repeat, 3) == ids(repeat, 4) == ids(repeat, 50)
    cycle = Sandbox(livechat=25, after_last="cycle")
    assert [ids(cycle, 1), ids(cycle, 2)] == [ids(cycle, 4), ids(cycle, 8)]


@pytest.mark.parametrize(
    ("empty", "status", "code", "data"),
    [
        ("list", 200, 200, {"Items": []}),
        ("null", 200, 200, None),
        ("http_404", 404, 404, None),
        ("code_404", 200, 404, None),
    ],
)
def test_empty(empty: Any, status: int, code: int, data: Any, send: Any) -> None:
    for operation in ("conversations.livechat", "conversations.fbm"):
        reply = send(Sandbox(empty=empty), operation, page=1, limit=10, date_start="01-01-2027")
        whole = json.loads(reply.body)
        assert (status, code, data) == (reply.status, whole["code"], whole["data"])


def test_duplicates(ids: Any, newest: Any) -> None:
    sandbox = Sandbox(livechat=25, duplicates=2)
    pages = [ids(sandbox, number) for number in (1, 2, 3)]
    assert pages[0][-2:] == pages[1][:2]
    assert set(newest(sandbox)) == {identity for page in pages for identity in page}
    assert [] == ids(sandbox, 4)


def test_shifting_rows_enter(ids: Any) -> None:
    sandbox = Sandbox(livechat=25, shifting=1)
    first, second = ids(sandbox, 1), ids(sandbox, 2)
    assert first[-1] == second[0]
    assert 27 == len(sandbox.conversations("livechat"))
    windowed = {"date_start": "10-05-2025", "date_end": "10-20-2025"}
    before = ids(sandbox, 1, 1000, **windowed)
    assert before == ids(sandbox, 1, 1000, **windowed)[1:]


def test_shifting_rows_leave(ids: Any, newest: Any) -> None:
    sandbox = Sandbox(livechat=25, shifting=-1)
    truth = newest(sandbox)
    seen = [identity for number in (1, 2, 3) for identity in ids(sandbox, number)]
    assert [truth[10], truth[21]] == [identity for identity in truth if identity not in seen]


def test_middle_page(ids: Any, newest: Any) -> None:
    for middle, lengths in {"empty": [10, 10, 0, 10, 5, 0], "short": [10, 5, 10, 10, 0, 0]}.items():
        sandbox = Sandbox(livechat=35, middle_page=middle)  # type: ignore[arg-type]
        pages = [ids(sandbox, number) for number in range(1, 7)]
        assert newest(sandbox) == [identity for page in pages for identity in page]
        assert sorted(lengths) == sorted(map(len, pages))
        assert len(pages[2]) in (0, 5)


def test_odd_values(page: Any) -> None:
    plain = page(Sandbox(livechat=200), 1, 200)
    odd = page(Sandbox(livechat=200, odd_values=0.3), 1, 200)
    assert [row["alive5_sessionID"] for row in plain] == [row["alive5_sessionID"] for row in odd]
    touched = sum(one != other for one, other in zip(plain, odd, strict=True))
    assert 30 < touched < 90
    assert any("sentiment" in row for row in odd)
    assert any(len(row) < len(plain[0]) for row in odd)


def test_missing_ids(page: Any) -> None:
    rows = page(Sandbox(livechat=200, missing_ids=0.2), 1, 200)
    assert 15 < sum("alive5_sessionID" not in row for row in rows) < 70


def test_numbers_and_times(page: Any, ask: Any) -> None:
    start = Sandbox().conversations("livechat")[-1]["start_time"]
    assert str(start) == page(Sandbox(numbers="text"), 1, 1)[0]["start_time"]
    assert "1000" == ask(Sandbox(numbers="text"), "conversations.summary")["data"]["visitors_web"]
    assert start // 1000 == page(Sandbox(times="seconds"), 1, 1)[0]["start_time"]
    row = page(Sandbox(times="iso"), 1, 1)[0]
    assert row["start_time"].startswith("2026-03-31T")
    assert row["chat_conversation"][0]["created_at"] == row["start_time"]


def test_livechat_shape(page: Any) -> None:
    plain = page(Sandbox(), 1, 1)[0]
    row = page(Sandbox(livechat_shape="thread"), 1, 1)[0]
    assert {"threadData", "threadConversation"} == set(row)
    assert plain["alive5_sessionID"] == row["threadData"]["thread_id"]
    assert plain["contacts_email"] == row["threadData"]["crmData"]["email"]
    assert plain["chat_conversation"] == [entry["_source"] for entry in row["threadConversation"]]


@pytest.mark.parametrize("kind", ["sms", "fbm"])
def test_sms_fbm_pages(kind: str, ask: Any, newest: Any) -> None:
    sandbox = Sandbox(sms=25, fbm=25, sms_fbm_pages=10)
    first = ask(sandbox, f"conversations.{kind}")["data"]
    assert (10, 1, 3) == (len(first["Items"]), first["page"], first["pages"])
    pages = [ask(sandbox, f"conversations.{kind}", page=number)["data"]["Items"] for number in (1, 2, 3)]
    assert newest(sandbox, kind) == [row["alive5_sessionID"] for rows in pages for row in rows]
    totals = ask(Sandbox(sms_fbm_pages=10, metadata="totals"), f"conversations.{kind}")["data"]
    assert {"Items", "page", "totalPages", "totalRecord"} == set(totals)


def test_resolution(page: Any) -> None:
    times = {"date_start": "02-10-2026 06:00", "date_end": "02-10-2026 12:00"}
    day = page(Sandbox(), 1, 100, **times)
    half = page(Sandbox(resolution="instant"), 1, 100, **times)
    assert 0 < len(half) < len(day)
    iso = {"date_start": "2026-02-10T06:00:00Z", "date_end": "2026-02-10T13:00:00+01:00"}
    assert half == page(Sandbox(resolution="instant"), 1, 100, **iso)
    epoch = {"date_start": 1770703200000, "date_end": 1770724800000}
    assert half == page(Sandbox(resolution="instant"), 1, 100, **epoch)
    whole_day = {"date_start": "02-10-2026", "date_end": "02-10-2026"}
    assert day == page(Sandbox(resolution="instant"), 1, 100, **whole_day)


def test_order(ids: Any, newest: Any) -> None:
    assert newest(Sandbox())[::-1] == ids(Sandbox(order="oldest"), 1, 1000)


def test_strict_ids(ask: Any) -> None:
    strict = Sandbox()
    assert 200 == ask(strict, "sms.send")["code"]
    assert 400 == ask(strict, "sms.send", channel_id="channel-9")["code"]
    assert 400 == ask(strict, "sms.send", user_id="agent-ken")["code"]
    assert 400 == ask(strict, "sms.push", phone_number_to="+12025550109")["code"]
    assert 400 == ask(strict, "agents.create", channels="channel-sales,nowhere")["code"]
    assert 400 == ask(strict, "sms.send", phone_number_to="+1")["code"]
    assert 400 == ask(strict, "sms.push", phone_number_from="0000")["code"]
    assert "Invalid email" == ask(strict, "tags.create", email="nobody")["error"]
    assert [] == strict.deliveries[1:]
    error = ask(strict, "sms.send", channel_id="c-1", user_id="u-1")["error"]
    assert "Unknown channel_id: texts have channel-line-1, channel-line-2" == error
    assert "Unknown user_id: the channel has agent-maria" == ask(strict, "sms.send", user_id="u-1")["error"]
    error = ask(strict, "sms.send", phone_number_from="+12025550199")["error"]
    assert "Unknown number: not a line of that channel; the lines are +12025550100, +12025550101" == error
    loose = Sandbox(strict_ids=False)
    assert 200 == ask(loose, "sms.send", channel_id="c-1", user_id="u-1", phone_number_from="+1")["code"]
    assert 200 == ask(loose, "agents.create", channels="nowhere", email="nobody")["code"]


def test_livechat_needs_page_and_limit(ask: Any) -> None:
    refused = {"code": 400, "data": None, "error": {}}
    assert refused == ask(Sandbox(), "conversations.livechat")
    assert refused == ask(Sandbox(), "conversations.livechat", page=1)
    assert refused == ask(Sandbox(), "conversations.livechat", limit=1)
    for page, limit in (("x", 1), (-1, 1), (1, 0), (1, "y")):
        assert 400 == ask(Sandbox(), "conversations.livechat", page=page, limit=limit)["code"]


def test_account_shows_the_given_key(ask: Any) -> None:
    assert "test_sandbox_key" == ask(Sandbox(), "account.get")["data"]["api_key"]
    assert "mine" == ask(Sandbox(api_key="mine"), "account.get")["data"]["api_key"]
