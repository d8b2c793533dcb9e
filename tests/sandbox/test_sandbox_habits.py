"""Quirks of dates, pages, deliveries and secrets in both editions, and the sandbox's present."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from alive5.models._secret_names import is_secret_name
from alive5.sandbox import Sandbox

FEBRUARY_10 = 1_770_681_600_000
DAY_MS = 86_400_000
HOUR_MS = 3_600_000

Ask = Callable[..., Any]


def windows(kind: str) -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """Return the two editions' spellings of 10 to 12 February, with what else a page needs."""
    start, end = "02-10-2026", "02-12-2026"
    names = ("datetime_from", "datetime_to") if kind == "livechat" else ("date_start", "date_end")
    return [
        ("documented", {"page": 1, "limit": 1000}, {"date-start": start, "date-end": end}),
        ("current", {"page": int(kind != "livechat"), "limit": 1000}, dict(zip(names, (start, end), strict=True))),
    ]


def starts(rows: list[dict[str, Any]]) -> list[int]:
    return [row["threadData"]["thread_start_chat"] if "threadData" in row else row["start_time"] for row in rows]


def between(sandbox: Sandbox, kind: str, low: int, high: int) -> list[int]:
    return [row["start_time"] for row in sandbox.conversations(kind) if low <= row["start_time"] < high][::-1]


@pytest.mark.parametrize("kind", ["livechat", "sms", "fbm"])
def test_end_date(kind: str, rows: Ask) -> None:
    for name, days in (("day", 3), ("boundary", 2)):
        sandbox = Sandbox(livechat=2000, sms=2000, fbm=2000, end_date=name)  # type: ignore[arg-type]
        truth = between(sandbox, kind, FEBRUARY_10, FEBRUARY_10 + days * DAY_MS)
        assert 10 < len(truth) < 50
        for edition, pages, dates in windows(kind):
            assert truth == starts(rows(sandbox, f"conversations.{kind}", _edition=edition, **pages, **dates))


@pytest.mark.parametrize(("zone", "hours"), [("-5:00", -5), ("+0930", 9.5), ("+0:00", 0)])
@pytest.mark.parametrize("kind", ["livechat", "sms"])
def test_host_zone(kind: str, zone: str, hours: float, rows: Ask) -> None:
    sandbox = Sandbox(livechat=2000, sms=2000, host_zone=zone)
    low = FEBRUARY_10 - int(hours * HOUR_MS)
    truth = between(sandbox, kind, low, low + 3 * DAY_MS)
    for edition, pages, dates in windows(kind):
        told = {"timezone_offset": "+0:00"} if edition == "current" else {}
        assert truth == starts(rows(sandbox, f"conversations.{kind}", _edition=edition, **pages, **dates, **told))


def test_days_of_a_named_zone_may_have_23_hours(rows: Ask) -> None:
    sandbox = Sandbox(livechat=0, host_zone="Europe/London")
    midnight = int(datetime(2026, 3, 29, tzinfo=timezone.utc).timestamp() * 1000)
    for hour in range(-1, 25):
        sandbox.add("livechat", start_time=midnight + hour * HOUR_MS)
    day = {"date-start": "03-29-2026", "date-end": "03-29-2026"}
    given = starts(rows(sandbox, "conversations.livechat", page=1, limit=100, **day))
    assert [midnight + hour * HOUR_MS for hour in range(23)] == given[::-1]


def paged(rows: Ask, sandbox: Sandbox, **dates: str) -> list[list[str]]:
    """Return the ids of each page of ten until one is empty."""
    pages = list[list[str]]()
    while not pages or pages[-1]:
        found = rows(sandbox, "conversations.livechat", page=len(pages) + 1, limit=10, **dates)
        pages.append([row["alive5_sessionID"] for row in found])
    return pages[:-1]


@pytest.mark.parametrize("sizes", ["load", "days", "bytes"])
def test_page_sizes_differ_and_lose_no_row(sizes: Any, rows: Ask) -> None:
    sandbox, seen = Sandbox(livechat=2000, page_sizes=sizes), set[int]()
    for day in range(1, 5):
        dates = {"date-start": f"01-{day:02}-2026", "date-end": f"01-{day + 5:02}-2026"}
        pages = paged(rows, sandbox, **dates)
        low = FEBRUARY_10 + (day - 41) * DAY_MS
        assert len(between(sandbox, "livechat", low, low + 6 * DAY_MS)) == len(
            {name for page in pages for name in page}
        )
        assert paged(rows, sandbox, **dates) == pages
        seen |= {len(page) for page in pages[:-1]}
    assert len(seen) > 1
    assert max(seen) <= 10


def test_a_query_gives_no_more_than_its_limit(rows: Ask) -> None:
    sandbox = Sandbox(livechat=300, sms=300, whole_limit=25)
    assert [10, 10, 5] == [len(page) for page in paged(rows, sandbox)]
    assert 25 == len(rows(sandbox, "conversations.sms"))


def test_some_listings_come_empty_by_chance(ask: Ask) -> None:
    sandbox = Sandbox(lost_answers=0.2, empty="code_404")
    codes = [ask(sandbox, "conversations.livechat", page=1, limit=10)["code"] for _ in range(200)]
    assert 20 < codes.count(404) < 70
    assert 200 == codes.count(404) + codes.count(200)


def test_ignored_window_of_the_documented_host(rows: Ask) -> None:
    sandbox = Sandbox(livechat=2000, sms=2000, fbm=2000, ignored_window="documented", recent=30)
    for kind in ("sms", "fbm", "livechat"):
        (old, pages, dates), (new, its_pages, its_dates) = windows(kind)
        truth = between(sandbox, kind, FEBRUARY_10, FEBRUARY_10 + 3 * DAY_MS)
        recent = between(sandbox, kind, 0, 1 << 62)[:30]
        given = starts(rows(sandbox, f"conversations.{kind}", _edition=old, **pages, **dates))
        assert given == (truth if kind == "livechat" else recent)
        assert truth == starts(rows(sandbox, f"conversations.{kind}", _edition=new, **its_pages, **its_dates))


def test_ignored_window_of_both_hosts(rows: Ask) -> None:
    for kind in ("sms", "livechat"):
        _, (new, pages, dates) = windows(kind)
        blind = Sandbox(ignored_window="all", recent=3)
        assert 3 == len(rows(blind, f"conversations.{kind}", _edition=new, **pages, **dates))
        hyphens = Sandbox(ignored_window="hyphenated")
        assert rows(Sandbox(), f"conversations.{kind}", _edition=new, **pages, **dates) == rows(
            hyphens, f"conversations.{kind}", _edition=new, **pages, **dates
        )


def test_page_base_of_each_kind(rows: Ask, ids: Ask, newest: Ask) -> None:
    sandbox = Sandbox(livechat=25, sms=25, fbm=25, page_base={"livechat": 0, "sms": 1}, sms_fbm_pages=10)
    assert newest(sandbox) == [identity for number in (0, 1, 2, 3) for identity in ids(sandbox, number)]
    assert [0, 10, 10, 5] == [len(rows(sandbox, "conversations.sms", page=number)) for number in range(4)]
    assert [0, 10, 10, 5] == [len(rows(sandbox, "conversations.fbm", page=number)) for number in range(4)]
    zero = Sandbox(sms=25, page_base=0, sms_fbm_pages=10)
    assert [10, 10, 5, 0] == [len(rows(zero, "conversations.sms", page=number)) for number in range(4)]
    current = [len(rows(zero, "conversations.sms", _edition="current", page=n, limit=10)) for n in range(4)]
    assert [0, 10, 10, 5] == current


@pytest.mark.parametrize("kind", ["sms", "fbm"])
def test_require_pages(kind: str, ask: Ask) -> None:
    sandbox = Sandbox(sms=25, fbm=25, require_pages=True)
    for given in ({}, {"page": 1}, {"limit": 10}):
        assert {"code": 400, "data": None, "error": {}} == ask(sandbox, f"conversations.{kind}", **given)
    page = ask(sandbox, f"conversations.{kind}", page=3, limit=10)["data"]
    assert (5, 3, 3) == (len(page["Items"]), page["page"], page["pages"])
    assert 400 == ask(sandbox, f"conversations.{kind}", page=1, limit="x")["code"]


def united(rows: list[dict[str, Any]], identity: str, said: str) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, set[tuple[Any, ...]]] = {}
    for row in rows:
        values = row.get("threadData", row)
        entries = [entry.get("_source", entry) for entry in row[said]]
        found.setdefault(values[identity], set()).update(
            (entry["created_at"], entry["created_by"], entry["message_content"]) for entry in entries
        )
    return {key: sorted(entries) for key, entries in found.items()}


@pytest.mark.parametrize("edition", ["documented", "current"])
@pytest.mark.parametrize("kind", ["livechat", "sms", "fbm"])
def test_divided_deliveries_unite_to_the_truth(kind: str, edition: str, rows: Ask) -> None:
    sandbox = Sandbox(livechat=45, sms=45, fbm=45, divided=True)
    thread = edition == "current" and kind == "livechat"
    given: list[dict[str, Any]] = []
    for number in range(12) if thread else range(1, 12):
        given += rows(sandbox, f"conversations.{kind}", _edition=edition, page=number, limit=10)
        if edition == "documented" and kind != "livechat":
            break
    truth = sandbox.conversations(kind)
    identity, said = ("thread_id", "threadConversation") if thread else ("alive5_sessionID", "chat_conversation")
    assert 8 < len(given) - len(truth) < 30
    assert united(truth, "alive5_sessionID", "chat_conversation") == united(given, identity, said)
    texts = [json.dumps(row) for row in given]
    assert len(texts) == len(set(texts))


def secret_names(value: Any, depth: int = 0) -> set[tuple[int, str]]:
    if isinstance(value, list):
        return {found for entry in value for found in secret_names(entry, depth + 1)}
    if not isinstance(value, dict):
        return set()
    here = {(depth, name) for name, text in value.items() if str(text).startswith("test_secret_")}
    return here | {found for entry in value.values() for found in secret_names(entry, depth + 1)}


def test_secrets(rows: Ask) -> None:
    sandbox = Sandbox(livechat=5, sms=5, secrets=True)
    asked = [
        rows(sandbox, "conversations.sms"),
        rows(sandbox, "conversations.livechat", _edition="current", page=0),
        rows(sandbox, "channels.list"),
        rows(sandbox, "tags.list"),
    ]
    found = secret_names(asked)
    assert len({depth for depth, _ in found}) >= 4
    assert {"aliveOpentokSession", "alivesecure_key", "API-Key", "Password"} <= {name for _, name in found}
    assert all(is_secret_name(name) for _, name in found)
    assert set() == secret_names([sandbox.conversations("sms"), sandbox.channels()])
    assert set() == secret_names(rows(Sandbox(sms=5), "conversations.sms"))


@pytest.mark.parametrize("operation", ["tags.list", "channels.list", "conversations.sms", "conversations.livechat"])
@pytest.mark.parametrize(("name", "kind"), [("rows", dict), ("object", dict), ("text", str), ("number", int)])
def test_unknown_list(operation: str, name: Any, kind: type, ask: Ask) -> None:
    data = ask(Sandbox(unknown_list=name), operation, page=1, limit=10)["data"]
    assert isinstance(data, kind)
    if isinstance(data, dict):
        assert {"rows"} == set(data) if name == "rows" else not isinstance(next(iter(data.values())), list)


@pytest.mark.parametrize(
    "now", [datetime(2024, 7, 1, 12, tzinfo=timezone.utc), datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=2)))]
)
def test_now_moves_the_made_up_months(now: datetime, ask: Ask) -> None:
    present = int(now.timestamp() * 1000)
    for given in (now, present):
        sandbox = Sandbox(livechat=50, now=given)
        starts = [row["start_time"] for row in sandbox.conversations("livechat")]
        plain = [row["start_time"] for row in Sandbox(livechat=50).conversations("livechat")]
        assert {present - 1_774_980_000_000} == {a - b for a, b in zip(starts, plain, strict=True)}
        assert present + 1000 == ask(sandbox, "sms.send")["data"]["data"]["newThread"]["timestamp"]
    day = f"{now.astimezone(timezone.utc) - timedelta(days=30):%m-%d-%Y}"
    assert 5 < len(ask(sandbox, "conversations.livechat", page=1, limit=99, date_start=day)["data"]["Items"]) < 15


def test_advance_moves_the_present_alone(ask: Ask) -> None:
    sandbox = Sandbox(livechat=50)
    before = sandbox.conversations("livechat")
    first = ask(sandbox, "sms.send")["data"]["data"]["newThread"]["timestamp"]
    sandbox.advance(seconds=3600)
    assert first + HOUR_MS + 1000 == ask(sandbox, "sms.send")["data"]["data"]["newThread"]["timestamp"]
    assert first + HOUR_MS + 1000 == sandbox.add("livechat")["start_time"]
    assert before == sandbox.conversations("livechat")[:-1]
    sandbox.advance(seconds=-0.5)
    assert first + HOUR_MS + 1500 == ask(sandbox, "sms.send")["data"]["data"]["newThread"]["timestamp"]


@pytest.mark.parametrize("quirks", [{"divided": True}, {"secrets": True}, {"odd_values": 0.4, "missing_ids": 0.3}])
def test_the_same_seed_gives_the_same_answers(quirks: Any, ask: Ask) -> None:
    for edition, pages, dates in windows("livechat"):
        one, two = (
            ask(Sandbox(**quirks), "conversations.livechat", _edition=edition, **pages, **dates) for _ in range(2)
        )
        assert one == two


def test_a_refusal_does_not_repeat_what_was_sent(ask: Ask) -> None:
    for name in ("channel_id", "user_id", "phone_number_from", "phone_number_to"):
        refused = ask(Sandbox(), "sms.send", **{name: "someone@example.com"})
        assert 400 == refused["code"]
        assert "someone" not in refused["error"]
