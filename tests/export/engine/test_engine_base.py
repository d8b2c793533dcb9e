"""Which page is the first: decided by one rule for listings and exports, and never remembered unproven."""

from __future__ import annotations

import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import anyio
import attrs
import pytest
from support.exporting import export, ids
from support.scripted import ScriptedPort, Sent, raw, refusal, reply
from support.watch import CANARY

from alive5 import Alive5Warning, AsyncAlive5, ExportReport, Failure, RateLimitError, RetryPolicy
from alive5._port.verbs import AsyncVerbs
from alive5.sandbox import Sandbox

JANUARY = {"start": "2026-01-01", "end": "2026-01-31"}
SIZE = 3
FIRST = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
# What page 0 answers, and the base that follows from it: None when it stays unknown.
ANSWERS: dict[str, Any] = {
    "rows": None,
    "same rows": None,  # as of a host that repeats its only page
    "empty": reply([]),
    "404": refusal(404, "Nothing"),
    "400": refusal(400, "Invalid page"),
    "403": refusal(403, "Not now"),
    "429": refusal(429, "Too many requests"),
    "5xx": refusal(503, "Down"),
    "timeout": Failure(True, "read_timeout", "no answer came in time"),
    "garbage": raw(b"<html>"),
}
BASES = {"empty": 1, "404": 1, "400": 1}
PATIENT = RetryPolicy(attempts=8, initial=0.001, maximum=0.002)
UNPROVEN = ("403", "5xx", "timeout", "garbage")


@attrs.define
class Host:
    """
    Pages of three rows, a row a day, counted from *base*; page 0 answers as told while it is *odd*.
    """

    base: int
    zeroth: str
    odd: bool = True
    days: int = 10

    @property
    def ids(self) -> set[str]:
        return {f"s{day}" for day in range(self.days)}

    def __call__(self, call: Sent) -> Any:
        if "page" not in call.query:
            return refusal(404, "Nothing")  # who the account is
        page = int(call.query["page"])
        if page == 0 and self.odd and ANSWERS[self.zeroth] is not None:
            return ANSWERS[self.zeroth]
        if page == 0 and self.base == 1:
            page = 1 if self.zeroth == "same rows" else -1
        first, last = (datetime.strptime(call.query[f"date_{end}"], "%m-%d-%Y").date() for end in ("start", "end"))
        return reply(
            self.page(page - self.base, [n for n in range(self.days) if first <= self._day(self.row(n)) <= last])
        )

    def page(self, number: int, days: list[int]) -> list[dict[str, Any]]:
        """
        Return the rows of a page of some days, counted from 0.
        """
        return [self.row(day) for day in days[number * SIZE : number * SIZE + SIZE]] if number >= 0 else []

    def row(self, day: int) -> dict[str, Any]:
        at = int((FIRST + timedelta(days=day)).timestamp() * 1000)
        return {"alive5_sessionID": f"s{day}", "start_time": at, "end_time": at + 1000, "chat_conversation": []}

    def _day(self, row: dict[str, Any]) -> Any:
        return datetime.fromtimestamp(row["start_time"] / 1000, timezone.utc).date()


@attrs.define
class Seen:
    """What a caller found."""

    ids: set[str]
    sure: bool
    error: Exception | None = None


async def listed(client: AsyncAlive5, _: Path) -> Seen:
    pages = client.conversations.livechat(**JANUARY, limit=SIZE)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows = await pages.list()
    warned = any(issubclass(one.category, Alive5Warning) for one in caught)
    assert warned is bool(pages.report.issues)
    return Seen({str(row.id) for row in rows}, not warned and pages.report.complete is not False)


async def exported(client: AsyncAlive5, directory: Path) -> Seen:
    report: ExportReport = await client.export(directory, kinds=("livechat",), **JANUARY)
    assert (report.grade == "C") is (report.exit_code == 4)
    return Seen(ids(directory)["livechat"], report.exit_code == 0)


@pytest.mark.parametrize("ask", [listed, exported])
@pytest.mark.parametrize(
    ("base", "zeroth"), [(b, zeroth) for b in (0, 1) for zeroth in ANSWERS if b == 1 or zeroth != "same rows"]
)
def test_an_unproven_base_is_loud_and_not_remembered(base: int, zeroth: str, ask: Any, tmp_path: Path) -> None:
    host = Host(base, zeroth)
    port = ScriptedPort(host, AsyncVerbs())

    async def main() -> None:
        async with AsyncAlive5(CANARY, port=port) as client:
            if zeroth == "429":
                with pytest.raises(RateLimitError):
                    await ask(client, tmp_path / "out")
            else:
                found = await ask(client, tmp_path / "out")
                assert found.sure is (zeroth not in UNPROVEN)
                assert found.ids == host.ids or base == 0
                assert found.ids == host.ids or zeroth != "rows"
                if found.sure:
                    assert found.ids == host.ids or zeroth in BASES
            proven = BASES.get(zeroth, base if zeroth == "rows" else None)
            learned = client._caller.shared.bases.get(("conversations.livechat", "documented"))
            # A page 2 with new rows proves what pages 0 and 1 alone do not.
            assert learned == proven or (zeroth == "same rows" and learned == 1)
            host.odd = False
            if proven == base or proven is None:
                found = await ask(client, tmp_path / "out")
                assert found.ids == host.ids
                assert found.sure
                if zeroth != "same rows":
                    assert client._caller.shared.bases.get(("conversations.livechat", "documented")) == base

    anyio.run(main)


def test_a_sandbox_whose_page_0_fails_for_a_while_loses_no_row(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=600, page_base=0)
    sandbox.fail("server_error_before", times=6, on="conversations.livechat")
    expected = {row["alive5_sessionID"] for row in sandbox.conversations("livechat") if _in_january(row)}

    async def main() -> None:
        async with sandbox.async_client(retry=PATIENT) as client:
            for _ in range(2):
                found = await exported(client, tmp_path / "out")
                assert expected == found.ids or not found.sure
            assert expected == found.ids
            rows = await client.conversations.livechat(**JANUARY).list()
            assert expected == {row.id for row in rows}

    anyio.run(main)


class Overlapping(Host):
    """
    Two deliveries of the first three conversations, and pages that share two rows: 0 and 1 are of the same three.
    """

    def page(self, number: int, days: list[int]) -> list[dict[str, Any]]:
        rows = [
            {**self.row(day), "chat_conversation": [{"message_content": f"text {part}"}]}
            for part in range(2)
            for day in days
            if part == 0 or day < 3
        ]
        rows.sort(key=lambda row: row["start_time"] >= self.row(3)["start_time"])
        return rows[2 * number : 2 * number + 4] if number >= 0 else []


@pytest.mark.promise("E1")
@pytest.mark.parametrize("ask", [listed, exported])
def test_pages_of_other_deliveries_of_the_same_conversations_differ(ask: Any, tmp_path: Path) -> None:
    host = Overlapping(0, "rows")

    async def main() -> None:
        async with AsyncAlive5(CANARY, port=ScriptedPort(host, AsyncVerbs())) as client:
            found = await ask(client, tmp_path / "out")
            assert (host.ids, True) == (found.ids, found.sure)
            assert 0 == client._caller.shared.bases.get(("conversations.livechat", "documented"), 0)
            rows = await client.conversations.livechat(start="2026-01-06", end="2026-01-06").list()
            assert ["s5"] == [row.id for row in rows]
            if ask is listed:
                texts = [len(row.messages) async for row in client.conversations.livechat(**JANUARY)]
                assert [2, 2, 2, *[1] * 7] == texts

    anyio.run(main)


def test_a_page_0_that_never_works_is_exported_and_graded_c(tmp_path: Path) -> None:
    report = export(Sandbox(livechat=300, page_zero="server_error", clamped_limit=4), tmp_path / "out")

    assert report.grade == "C"
    assert report.exit_code == 4
    assert any("page 0" in text for text in report.anomalies)


def _in_january(row: dict[str, Any]) -> bool:
    return 1_767_225_600_000 <= row["start_time"] < 1_767_225_600_000 + 31 * 86_400_000
