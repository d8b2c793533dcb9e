"""Hosts on which rows enter with every request: each page brings something new, and yet the reading ends soon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.exporting import DAY_MS, FIRST_MS, ids, tried, truth
from support.mixtures import PRESENT, bounded
from support.quirk_lists import FEWER

from alive5.export.fetch import window_reader
from alive5.export.fetch.paging import Page, PagePass
from alive5.export.rows.blocks import Block
from alive5.export.rows.encode import Encoded
from alive5.sandbox import Sandbox
from alive5.sandbox.service.request import Asked

MOST = 2_500


def page(number: int, *names: str) -> Page:
    rows = [Encoded(name, 0, 0, False, False, name.encode(), 0, 0, Block(b"")) for name in names]
    return Page(number=number, rows=rows)


@pytest.mark.parametrize("step", [1, 3])
def test_an_ignored_page_does_not_read_for_ever(tmp_path: Path, step: int) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=300, ignored_page=True, sms_fbm_pages=20)
    there = truth(sandbox)["fbm"]
    requests = 0

    def enter(asked: Asked) -> None:
        nonlocal requests
        if asked.operation == "conversations.fbm" and requests < MOST:
            requests += 1
            for _ in range(step):
                sandbox.add("fbm", start_time=FIRST_MS + DAY_MS)

    sandbox.on_request = enter
    outcome = tried(sandbox, tmp_path / "out", kinds=("fbm",), start="2026-01-01", end="2026-01-31")
    assert requests < MOST
    assert outcome.is_loud or ids(tmp_path / "out")["fbm"] >= there


def test_rows_that_enter_meanwhile_do_not_make_windows_ever_narrower(tmp_path: Path) -> None:
    sandbox = Sandbox(
        seed=467,
        livechat=400,
        sms=0,
        fbm=0,
        shifting=1,
        clamped_limit=5,
        metadata="totals",
        metadata_lies="high",
        resolution="instant",
        after_last="repeat",
    )
    outcome = tried(sandbox, tmp_path / "out", kinds=("livechat",))
    assert outcome.report is not None
    assert outcome.report.grade == "C"
    assert len(sandbox.requests) < 4_000


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_enter_where_page_is_ignored_are_no_pages(seed: int, tmp_path: Path) -> None:
    """
    Five rows at most, of which some are one conversation: two that entered made the same answer look like another page.

    A minute was read on 34 such pages, and the next one, for its rows made minutes the densest.
    """
    quirks: dict[str, Any] = {"clamped_limit": 5, "divided": True, "ignored_page": True, "resolution": "instant"}
    sandbox = Sandbox(**{**FEWER, "sms": 0, "fbm": 0}, seed=seed, shifting=1, **quirks)
    sandbox.on_request = bounded(sandbox, quirks, MOST)
    assert tried(sandbox, tmp_path / "out", kinds=("livechat",)).is_loud


@pytest.mark.parametrize("seed", range(1, 3))
def test_days_are_not_cut_where_rows_enter_each_minute_while_it_is_read(seed: int, tmp_path: Path) -> None:
    """
    Each minute held more rows than its pages, since more entered; cut into minutes, a month was 60,000 requests.
    """
    quirks: dict[str, Any] = {"after_last": "cycle", "clamped_limit": 5, "divided": True, "page_zero": "first"}
    sandbox = Sandbox(**{**FEWER, "sms": 0, "fbm": 0}, seed=seed, shifting=1, resolution="instant", **quirks)
    sandbox.on_request = bounded(sandbox, quirks, 4 * MOST)
    assert tried(sandbox, tmp_path / "out", kinds=("livechat",), edition="documented", clock=lambda: PRESENT).is_loud


def test_pages_that_vary_in_size_are_not_cut_down_to_the_smallest(tmp_path: Path) -> None:
    """Pages of one row to five, and of none that was promised: once 99,000 requests, a row at a time, by the minute."""
    sandbox = Sandbox(
        **{**FEWER, "sms": 0, "fbm": 0},
        seed=811,
        clamped_limit=5,
        metadata_lies="high",
        page_sizes="load",
        resolution="instant",
        whole_limit=77,
        end_date="boundary",
        list_key="by_id",
        times="seconds",
        lasting=3,
    )
    tried(sandbox, tmp_path / "out", edition="current", kinds=("livechat",), clock=lambda: PRESENT)
    assert len(sandbox.requests) < MOST


def test_a_time_of_day_is_given_up_when_rows_prove_it_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def misled(*arguments: object) -> bool:
        return True

    monkeypatch.setattr(window_reader, "honours_instants", misled)
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, clamped_limit=3)
    for number in range(120):
        sandbox.add("livechat", start_time=FIRST_MS + number * DAY_MS // 120)
    outcome = tried(sandbox, tmp_path / "out", kinds=("livechat",), start="2026-01-01", end="2026-01-01")
    assert not outcome.is_loud
    assert len(ids(tmp_path / "out")["livechat"]) == 120
    # Forty pages are a day; a few parts of it are under way when the first proves it.
    assert len(sandbox.requests) < 12 * 40


def test_one_page_without_a_new_row_ends_nothing() -> None:
    walk = PagePass()
    for number, names in enumerate(("ab", "bc", "c", "cd", "d"), 1):
        walk.take(page(number, *names))
        assert not walk.over
    walk.take(page(6, *"cd"))
    assert walk.over
    assert not walk.repeats_first
    assert {identity.partition("\x1f")[0] for identity in walk.seen} == set("abcd")
    assert not walk.is_uneven


def test_the_first_page_twice_more_is_an_ignored_page() -> None:
    walk = PagePass()
    for number in (1, 2, 3):
        walk.take(page(number, "a", "b"))
    assert walk.over
    assert walk.repeats_first


def sliding(size: int, most: int, step: int) -> tuple[PagePass, int]:
    """
    PagePass pages that are one page with *step* new rows each time, as the reader does.
    """
    walk = PagePass()
    for number in range(1, most):
        first = number * step
        walk.take(page(number, *(str(first + place) for place in range(size))))
        if walk.is_slow:
            walk.compare(page(1, *(str(first + step + place) for place in range(size))))
        if walk.over:
            return walk, number
    return walk, most


@pytest.mark.parametrize("step", [1, 2, 5])
def test_a_page_that_slides_is_found_out(step: int) -> None:
    walk, pages = sliding(10, 200, step)
    assert walk.is_stuck
    assert pages < 50


def test_pages_that_overlap_by_habit_go_on() -> None:
    walk = PagePass()
    for number in range(1, 100):
        walk.take(page(number, *(str(number * 5 + place) for place in range(10))))
        if walk.is_slow:
            walk.compare(page(1, *(str(5 + place) for place in range(10))))
    assert not walk.is_stuck
    assert not walk.over


def test_a_last_page_that_is_repeated_with_a_row_more_each_time_is_not_read_for_ever(tmp_path: Path) -> None:
    """Rows enter before all others, and push what is on the last page on."""
    moving = {"shifting": 1, "order": "oldest", "after_last": "repeat", "metadata": "pages"}
    odd = {"filter_by": "last_message", "resolution": "day", "far_rows": 1, "sms_fbm_pages": 4}
    sandbox = Sandbox(seed=477, **FEWER, **moving, **odd)
    assert tried(sandbox, tmp_path / "out", edition="documented", clock=lambda: PRESENT).is_loud
    assert len(sandbox.requests) < MOST


@pytest.mark.parametrize(
    ("rows", "quirks"),
    [
        (921, {"after_last": "cycle", "metadata": "pages", "metadata_lies": "high", "lasting": 9}),
        (486, {"after_last": "repeat", "order": "oldest", "filter_by": "last_message", "host_zone": "Europe/London"}),
    ],
    ids=str,
)
def test_small_pages_past_the_end_are_not_read_for_ever(rows: int, quirks: dict[str, Any], tmp_path: Path) -> None:
    """Each other page has two rows that entered meanwhile, and there is one more for each that is asked for."""
    sandbox = Sandbox(seed=rows, **FEWER, **quirks, shifting=1, page_sizes="days", clamped_limit=8)
    sandbox.on_request = bounded(sandbox, quirks, 2 * MOST)
    assert tried(sandbox, tmp_path / "out", edition="current", clock=lambda: PRESENT).is_loud
