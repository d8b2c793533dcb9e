"""Weeks with a rhythm: the same rows in the same shape, lived by people."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from alive5.sandbox import Sandbox
from alive5.sandbox.data import rhythm
from alive5.sandbox.data.conversations import FIRST_MS, KINDS, LAST_MS, NOW_MS

HOUR = 3_600_000


def hour_of(row: dict[str, object]) -> tuple[int, int]:
    moment = datetime.fromtimestamp(int(str(row["start_time"])) / 1000, timezone.utc)
    return moment.weekday(), moment.hour


def test_a_moment_comes_back_from_its_weight() -> None:
    for moment in range(FIRST_MS, FIRST_MS + 200 * HOUR, HOUR // 7):
        assert moment == rhythm.moment_of(rhythm.weighed(moment))
    starts = [rhythm.evened(at, FIRST_MS, LAST_MS) for at in range(FIRST_MS, LAST_MS, (LAST_MS - FIRST_MS) // 999)]
    assert starts == sorted({*starts})
    assert FIRST_MS == starts[0] < starts[-1] < LAST_MS


@pytest.mark.parametrize("kind", KINDS)
def test_a_week_has_office_hours_silences_and_bots(kind: str) -> None:
    plain, lived = Sandbox(), Sandbox(rhythm=True)
    rows = lived.conversations(kind)
    assert [row["alive5_sessionID"] for row in plain.conversations(kind)] == [row["alive5_sessionID"] for row in rows]
    assert [row.keys() for row in plain.conversations(kind)] == [row.keys() for row in rows]
    hours = [hour_of(row) for row in rows]
    busy = sum(day < 5 and 14 <= hour < 22 for day, hour in hours)
    assert 0.7 < busy / len(rows) < 0.95
    authors = [{said["created_by"] for said in row["chat_conversation"]} for row in rows]
    assert 0.05 < sum(len(names) == 1 for names in authors) / len(rows) < 0.2
    assert (kind != "sms") == any("bot" in names for names in authors)


def test_it_is_the_same_each_time_and_keeps_the_order_of_time() -> None:
    one, other = Sandbox(seed=3, rhythm=True), Sandbox(seed=3, rhythm=True)
    rows = one.conversations("livechat")
    assert rows == other.conversations("livechat")
    assert rows != Sandbox(seed=4, rhythm=True).conversations("livechat")
    for row in rows:
        times = [said["created_at"] for said in row["chat_conversation"]]
        assert times == sorted(times)
        assert times[0] == row["start_time"]
        assert not row["end_time"] or times[-1] < row["end_time"]
    first = one.add("livechat")
    assert first in one.conversations("livechat")


def test_windows_hold_the_rows_that_begin_in_them() -> None:
    sandbox = Sandbox(livechat=200, rhythm=True, now=NOW_MS + 11 * HOUR)
    rows = sandbox.conversations("livechat")
    with sandbox.client() as client:
        found = client.conversations.livechat(start="2025-12-01", end="2025-12-31").list()
    low, high = (int(datetime(*at, tzinfo=timezone.utc).timestamp()) * 1000 for at in ((2025, 12, 1), (2026, 1, 1)))
    wanted = {row["alive5_sessionID"] for row in rows if low <= row["start_time"] < high}
    assert wanted == {chat.id for chat in found}
    assert wanted
