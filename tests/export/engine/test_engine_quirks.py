"""E1: whatever a host is like, an export holds the truth or says that it may not."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.counts import count, seed
from support.exporting import KINDS, found, ids, tried, truth
from support.mixtures import EDITIONS, PRESENT, bounded, mixture
from support.quirk_lists import ALONE, FEWER, SIZES

from alive5.export.rows.encode import start_us
from alive5.export.rows.json_lines import messages_of
from alive5.sandbox import Sandbox
from alive5.sandbox.settings import read_quirks


def check(
    quirks: dict[str, Any],
    directory: Path,
    seed_of_rows: int = 1,
    sizes: dict[str, int] = SIZES,
    edition: Any = None,
    **options: Any,
) -> str:
    """
    Export and compare; gives what came of it.
    """
    sandbox = Sandbox(seed=seed_of_rows, **sizes, **quirks)
    sandbox.on_request = bounded(sandbox, quirks)
    if quirks.get("shared_ids"):
        return check_starts(sandbox, directory, quirks, edition, **options)
    expected = truth(sandbox)
    outcome = tried(sandbox, directory, edition=edition, clock=lambda: PRESENT, **options)
    if outcome.is_loud:
        return f"loud: {outcome.error!r}" if outcome.report is None else f"loud: {outcome.report.anomalies[:2]}"
    got, after = ids(directory), truth(sandbox)
    # A row that was there all the time has to be found; what entered or left meanwhile may be.
    missing = {kind: len((expected[kind] & after[kind]) - got[kind]) for kind in KINDS}
    # A row without a readable start is kept wherever it may belong.
    undated = {
        kind: {name for name, row in rows.items() if start_us(row) is None} for kind, rows in found(directory).items()
    }
    added = {kind: len(got[kind] - (expected[kind] | after[kind]) - undated[kind]) for kind in KINDS}
    assert not any(missing.values()), f"silently missing {missing} of {quirks}"
    assert not any(added.values()), f"silently too many {added} of {quirks}"
    if not quirks.get("shifting") and not quirks.get("odd_values") and not quirks.get("faults"):
        assert said(sandbox) == messages(directory), f"silently other messages of {quirks}"
    return "equal"


def check_starts(sandbox: Sandbox, directory: Path, quirks: dict[str, Any], edition: Any, **options: Any) -> str:
    """
    Export and compare by starts, where ids do not tell conversations apart.
    """
    before = truth_by_start(sandbox)
    outcome = tried(sandbox, directory, edition=edition, clock=lambda: PRESENT, **options)
    if outcome.is_loud:
        return "loud"
    after = truth_by_start(sandbox)
    got = {
        kind: Counter((start_us(row) or 0) // 1_000_000 for row in rows.values())
        for kind, rows in found(directory).items()
    }
    for kind in KINDS:
        assert not (before[kind] & after[kind]) - got[kind], f"silently missing {kind} of {quirks}"
        assert not got[kind] - (before[kind] | after[kind]), f"silently too many {kind} of {quirks}"
    return "equal"


def truth_by_start(sandbox: Sandbox) -> dict[str, Counter[int]]:
    """
    Return the seconds in which the true conversations of the period started.
    """
    chosen = truth(sandbox)
    return {
        kind: Counter(
            row["start_time"] // 1000 for row in sandbox.conversations(kind) if row["alive5_sessionID"] in chosen[kind]
        )
        for kind in KINDS
    }


def said(sandbox: Sandbox) -> dict[str, int]:
    """
    Return how many messages each true conversation of the period has.
    """
    chosen = truth(sandbox)
    return {
        row["alive5_sessionID"]: len(row["chat_conversation"])
        for kind in KINDS
        for row in sandbox.conversations(kind)
        if row["alive5_sessionID"] in chosen[kind]
    }


def messages(directory: Path) -> dict[str, int]:
    """
    Return how many messages each exported conversation has.
    """
    return {name: len(messages_of(row)) for rows in found(directory).values() for name, row in rows.items()}


@pytest.mark.promise("E1")
@pytest.mark.parametrize("quirks", ALONE, ids=str)
def test_a_single_quirk_never_loses_rows_silently(quirks: dict[str, Any], tmp_path: Path) -> None:
    if "missing_ids" in quirks:
        sandbox = Sandbox(**SIZES, **quirks)
        expected = truth(sandbox)
        assert not tried(sandbox, tmp_path / "out").is_loud
        rows = found(tmp_path / "out")
        assert {kind: len(expected[kind]) for kind in KINDS} == {kind: len(rows[kind]) for kind in KINDS}
        return
    check(quirks, tmp_path / "out")


def test_a_short_page_of_known_rows_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    quirks = {"duplicates": 2, "middle_page": "short", "sms_fbm_pages": 4}
    check(quirks, tmp_path / "out", 653, FEWER)


@pytest.mark.promise("E1")
def test_pages_that_vary_do_not_hide_a_limit(tmp_path: Path) -> None:
    # A longer period came as 33 and 7 rows: 40 as well, though its second page was not empty.
    quirks = {"page_sizes": "load", "whole_limit": 40, "empty": "code_404"}
    assert "equal" == check(quirks, tmp_path / "out", 116, FEWER)


@pytest.mark.promise("E1")
@pytest.mark.parametrize(
    ("quirks", "rows"),
    [
        # A single page that comes again for any number, and pages that vary in size: the page is not ignored.
        (
            {
                "page_zero": "empty",
                "after_last": "cycle",
                "empty": "code_404",
                "page_sizes": "load",
                "whole_limit": 50,
                "odd_values": 0.5,
                "times": "iso",
                "sms_fbm_pages": 4,
                "order": "oldest",
                "host_zone": "America/New_York",
                "divided": True,
            },
            368,
        ),
        # A row that comes with each answer: windows hold it as often as they are, a period as often as it has pages.
        (
            {
                "page_base": 1,
                "page_zero": "refused",
                "clamped_limit": 5,
                "empty": "null",
                "page_sizes": "bytes",
                "livechat_shape": "thread",
                "far_rows": 1,
            },
            6,
        ),
    ],
)
def test_short_pages_are_seen(quirks: dict[str, Any], rows: int, tmp_path: Path) -> None:
    assert "equal" == check(quirks, tmp_path / "out", rows, FEWER, "documented")


@pytest.mark.promise("E1")
def test_what_one_kind_tells_of_a_host_holds_for_all(tmp_path: Path) -> None:
    # No row of the period's texts tells that the host goes by the last message: those of livechat do.
    quirks = {"filter_by": "last_message", "lasting": 3, "odd_values": 0.5, "page_zero": "first"}
    assert "equal" == check(quirks, tmp_path / "out", 456, FEWER)
    assert truth(Sandbox(seed=456, **FEWER, **quirks))["fbm"] <= ids(tmp_path / "out")["fbm"]


@pytest.mark.promise("E1")
@pytest.mark.parametrize("edition", EDITIONS)
def test_hosts_and_clocks_that_change_between_runs_never_lose_rows_silently(
    edition: str | None, tmp_path: Path
) -> None:
    chosen = seed()
    rng = random.Random(chosen)
    for number in range(count(ci=5, full=500)):
        check_runs(rng, edition, tmp_path / str(number))


def check_runs(rng: random.Random, edition: str | None, directory: Path) -> str:
    """
    Export in two or three runs, each of another host and with a clock that may be ahead.
    """
    hosts = [mixture(rng, edition) for _ in range(rng.choice((2, 3)))]
    for host in hosts:  # what tells rows apart stays
        host.update({name: value for name, value in hosts[0].items() if name in ("lasting", "times", "odd_values")})
        for name in ("shared_ids", "odd_values", "shifting", *({"lasting", "times"} - hosts[0].keys())):
            host.pop(name, None)
    sandbox = Sandbox(seed=rng.randrange(1000), **FEWER, dated=rng.random() < 0.3)
    ends = [f"2026-01-{day:02}" for day in sorted(rng.sample(range(3, 31), len(hosts) - 1))] + ["2026-01-31"]
    for host, end in zip(hosts, ends, strict=True):
        sandbox.settings = read_quirks({"dated": sandbox.settings.dated, **host})
        again = {"start": None, "since_last": True} if (directory / "MANIFEST.json").exists() else {}
        ahead = rng.choice((0, 0, 4, 30)) * 86_400.0
        # The sandbox lives on the 31st of March; a clock that is ahead then makes no later run wrong.
        outcome = tried(sandbox, directory, edition=edition, end=end, clock=lambda by=ahead: PRESENT + by, **again)
    if outcome.is_loud:
        return "loud"
    expected, got = truth(sandbox), ids(directory)
    missing = {kind: len(expected[kind] - got[kind]) for kind in KINDS}
    assert not any(missing.values()), f"silently missing {missing} of {hosts} {ends}"
    return "equal"
