"""E10: an export of an account that lives on stays true night by night, or says as of when it is."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support.account_year import NIGHT_MS, Account, chats, threads
from support.counts import FULL, count, measured, seed
from support.exporting import DAY_MS, FIRST_MS, KINDS, digests, found

from alive5.export.following import Following
from alive5.export.plan.span import DAY
from alive5.export.state.directory import peek
from alive5.sandbox import Sandbox


def account(rng: random.Random, edition: Any, people: int, days: int) -> Account:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, edition=edition, now=FIRST_MS)
    others = [*chats(rng, "livechat", people, days), *chats(rng, "fbm", people // 3, days)]
    return Account(sandbox, [*threads(rng, people, days), *others])


def nights(lived: Account, directory: Path, number: int, **options: Any) -> int:
    """
    Export every night and return how many requests that took.
    """
    for night in range(1, number + 1):
        report = lived.night(directory, night, **options)
        assert report.exit_code == 0, report.anomalies
    return len(lived.sandbox.requests)


def differing(one: Path, other: Path) -> dict[str, str]:
    """
    Return what differs between two exports: the kind of each conversation, by id.
    """
    mine, theirs = found(one), found(other)
    return {
        name: kind
        for kind in KINDS
        for name in set(mine[kind]) | set(theirs[kind])
        if mine[kind].get(name) != theirs[kind].get(name)
    }


def size() -> dict[str, int]:
    days = 365 if FULL else 60
    return {"people": count(ci=200, full=3000), "days": days}


@pytest.mark.promise("E10")
@pytest.mark.parametrize("edition", ["current", "documented"])
def test_every_night_ends_with_what_a_full_run_gives(edition: Any, tmp_path: Path) -> None:
    big = size()
    lived = account(random.Random(seed()), edition, **big)
    nights(lived, tmp_path / "nights", big["days"], edition=edition, sweep="all")
    lived.export(tmp_path / "whole", start="2026-01-01", edition=edition)
    assert digests(tmp_path / "nights") == digests(tmp_path / "whole")


@pytest.mark.promise("E10")
def test_the_feed_alone_keeps_texts_true_for_few_requests_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No sweep: what was written into old threads is there since the feed names them."""
    big = size()
    chosen = seed()
    options: dict[str, Any] = {"edition": "current", "sweep": "none"}
    lived = account(random.Random(chosen), "current", **big)
    with_feed = nights(lived, tmp_path / "nights", big["days"], **options)
    lived.export(tmp_path / "whole", start="2026-01-01", **options)
    assert "sms" not in differing(tmp_path / "nights", tmp_path / "whole").values()

    async def nothing(*_: Any) -> list[Any]:
        return []

    monkeypatch.setattr(Following, "choose", nothing)
    lived = account(random.Random(chosen), "current", **big)
    without = nights(lived, tmp_path / "before", big["days"], **options)
    lost = [kind for kind in differing(tmp_path / "before", tmp_path / "whole").values() if kind == "sms"]
    assert lost, "the account is one in which nothing happens to old threads"
    measured(requests_in_percent_of_those_without=round(100 * with_feed / without), threads_stale_without=len(lost))
    assert with_feed <= 1.3 * without


def test_what_nights_left_is_joined_without_a_sweep_too(tmp_path: Path) -> None:
    """Each window is a request when it is read again for what was written into it."""
    nights(account(random.Random(5), "current", people=20, days=50), tmp_path, 50, edition="current", sweep="none")
    with peek(tmp_path) as held:
        assert held is not None
        windows = [window.span for window in held[0].windows("fbm")]
    assert 1 == sum(span.high <= FIRST_MS // 1000 + 20 * DAY for span in windows)


@pytest.mark.promise("E10")
def test_without_a_feed_what_is_missing_is_dated_and_comes_with_a_sweep(tmp_path: Path) -> None:
    big = size()
    lived = account(random.Random(seed()), "documented", **big)
    nights(lived, tmp_path / "nights", big["days"], sweep=2)
    report = lived.export(tmp_path / "nights", start=None, since_last=True, sweep=2)
    lived.export(tmp_path / "whole", start="2026-01-01")
    for name, kind in differing(tmp_path / "nights", tmp_path / "whole").items():
        as_of = report.as_of[kind]
        assert as_of is not None
        assert datetime.fromisoformat(as_of).timestamp() * 1000 <= lived.changed[name], f"{kind} {name} is not dated"
    runs = max(each or 1 for each in report.sweep_runs.values())
    assert runs > 1
    swept = lived.export(tmp_path / "nights", start=None, since_last=True, sweep="all")
    assert digests(tmp_path / "nights") == digests(tmp_path / "whole")
    now = FIRST_MS + big["days"] * DAY_MS + NIGHT_MS
    assert {datetime.fromisoformat(each or "").timestamp() * 1000 for each in swept.as_of.values()} == {now}


def test_a_bounded_sweep_reads_all_again_in_as_many_runs_as_it_says(tmp_path: Path) -> None:
    lived = account(random.Random(seed()), "documented", people=100, days=50)
    nights(lived, tmp_path / "nights", 50, sweep="none")
    before = lived.now_ms
    report = lived.export(tmp_path / "nights", start=None, since_last=True, sweep=20)
    runs = max(each or 1 for each in report.sweep_runs.values())
    for _ in range(2 * runs):
        lived.live_until(lived.now_ms + 1000)
        report = lived.export(tmp_path / "nights", start=None, since_last=True, sweep=20)
    assert all(datetime.fromisoformat(each or "").timestamp() * 1000 >= before for each in report.as_of.values())
