"""A listing and an export are of an exact period, whatever the host's rule of dates."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.dated_host import DatedHost, noon_rows
from support.exporting import ids
from support.front import Front
from support.scripted import ScriptedPort, reply
from support.watch import CANARY

from alive5 import AsyncAlive5, FilterIgnoredError
from alive5._port.verbs import AsyncVerbs

FIRST = datetime(2026, 2, 20, tzinfo=timezone.utc)
MARCH = {"start": "2026-03-01", "end": "2026-03-31"}
RULES = [(end_date, zone) for end_date in ("boundary", "day") for zone in (-12, 0, 5.5, 14)]
KINDS = ("livechat", "sms", "fbm")
EDITIONS = ("documented", "current")


def march(rows: list[dict[str, Any]]) -> set[str]:
    low, high = (datetime(2026, month, 1, tzinfo=timezone.utc).timestamp() for month in (3, 4))
    return {row["alive5_sessionID"] for row in rows if low <= row["start_time"] / 1000 < high}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("end_date", "zone"), RULES)
def test_a_listing_has_what_starts_in_the_period(
    end_date: Any, zone: float, kind: str, edition: str, front: Front
) -> None:
    host = DatedHost(noon_rows(FIRST, 50, 7), end_date, zone)

    async def body(client: Any) -> tuple[set[str], Any]:
        pages = getattr(client.conversations, kind)(**MARCH)
        return {row.id for row in await pages.list()}, pages.report

    found, report = front.run(body, port=front.port(host), edition=edition)
    assert march(host.rows) == found
    assert report.complete is not False
    assert report.outside > 0


@pytest.mark.parametrize("edition", [None, *EDITIONS])
@pytest.mark.parametrize("a_day", [3, 60])
@pytest.mark.parametrize(("end_date", "zone"), RULES)
def test_an_export_has_what_starts_in_the_period(
    end_date: Any, zone: float, a_day: int, edition: Any, tmp_path: Path
) -> None:
    host = DatedHost(noon_rows(FIRST, 50, a_day), end_date, zone)

    async def main() -> None:
        async with AsyncAlive5(CANARY, port=ScriptedPort(host, AsyncVerbs()), edition=edition) as client:
            report = await client.export(tmp_path / "out", **MARCH)
        assert report.exit_code == 0, report
        assert {kind: march(host.rows) for kind in KINDS} == ids(tmp_path / "out")

    anyio.run(main)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("kind", ["sms", "fbm"])
def test_pages_that_are_required_are_asked_for(kind: str, edition: str, front: Front, tmp_path: Path) -> None:
    host = DatedHost(noon_rows(FIRST, 50, 7), needs_pages=True)

    async def body(client: Any) -> set[str]:
        return {row.id for row in await getattr(client.conversations, kind)(**MARCH).list()}

    assert march(host.rows) == front.run(body, port=front.port(host), edition=edition)


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_finds_the_edition_out(kind: str, tmp_path: Path) -> None:
    host = DatedHost(noon_rows(FIRST, 50, 7), "boundary", ignores_dates=lambda sent: sent.host == "base")
    port = ScriptedPort(host, AsyncVerbs())

    async def main() -> None:
        async with AsyncAlive5(CANARY, port=port) as client:
            report = await client.export(tmp_path / "out", kinds=(kind,), **MARCH)
        assert report.exit_code == 0
        assert march(host.rows) == ids(tmp_path / "out")[kind]
        before = len(port.calls)
        async with AsyncAlive5(CANARY, port=port) as client:
            await client.export(tmp_path / "out", kinds=(kind,), **MARCH)
        assert all(call.host == "read" for call in port.calls[before:])

    anyio.run(main)


def test_an_edition_that_shows_no_row_is_not_taken(tmp_path: Path) -> None:
    """A documented host that ignores dates, beside a current one that has nothing: loud, and no export of nothing."""
    host = DatedHost(noon_rows(FIRST, 50, 7), ignores_dates=lambda sent: True)
    port = ScriptedPort(lambda sent: reply([]) if sent.host == "read" else host(sent), AsyncVerbs())

    async def main() -> None:
        async with AsyncAlive5(CANARY, port=port) as client:
            with pytest.raises(FilterIgnoredError):
                await client.export(tmp_path / "out", kinds=("sms",), **MARCH)

    anyio.run(main)
