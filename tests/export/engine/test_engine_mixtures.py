"""E1 under mixtures of quirks, with answers in any order; each mixture has a seed of its own."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import anyio
import attrs
import pytest
from export.engine.test_engine_quirks import check
from support.counts import count, measured, seed
from support.exporting import DAY_MS, FIRST_MS, ids, tried, truth
from support.mixtures import EDITIONS, PRESENT, mixture
from support.quirk_lists import FEWER

from alive5.export.disk.files import Disk
from alive5.export.fetch.paging import Page
from alive5.export.fetch.source import Source
from alive5.export.fetch.window_reader import WindowReader
from alive5.export.plan.span import DAY, Span
from alive5.sandbox import Sandbox
from alive5.sandbox.data import conversations

# Shards of a run at full count take parts; together they are the 20,000.
PARTS, EACH = 16, 1_250
PAUSE = 0.02  # seconds: an answer in process takes about 2 ms, so that many overtake each other
COMMIT = 0.05


@pytest.mark.promise("E1")
@pytest.mark.parametrize("part", range(PARTS))
def test_mixtures_of_quirks_never_lose_rows_silently(
    part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    ``ALIVE5_SEED=<the number a failure names>`` with ``-k '[0]'`` tries that mixture alone.
    """
    if os.environ.get("ALIVE5_SEED") and part:
        pytest.skip("one seed, one part")
    scatter(monkeypatch)
    first, found, silent = seed(), {"equal": 0, "loud": 0}, {}
    tries = 1 if os.environ.get("ALIVE5_SEED") else count(ci=2, full=EACH)
    for number in range(first, first + tries):
        directory = tmp_path / str(number)
        try:
            found[one(number, directory).partition(":")[0]] += 1
        except AssertionError as error:
            silent[number] = str(error)[:500]
        shutil.rmtree(directory, ignore_errors=True)
    measured(**{f"ended {word}": times for word, times in found.items()})
    assert not silent, f"{len(silent)} of {tries}: {silent}"


def one(number: int, directory: Path) -> str:
    """
    Try the mixture of a number; every other one in random order.
    """
    rng = random.Random(number)
    edition = EDITIONS[1 + number % 2]
    quirks = mixture(rng, edition)
    order = number if number // 2 % 2 else None
    return in_order(order, quirks, directory, rng.randrange(1000), edition)


def in_order(order: int | None, quirks: dict[str, Any], directory: Path, rows: int, edition: str | None) -> str:
    """
    Export and compare, with answers in the order of a seed and commits that are slow at times; or as they come.
    """
    random.seed(order)
    Scattered.on = order is not None
    options: dict[str, Any] = {} if order is None else {"disk": Disk(before=slow)}
    return check(quirks, directory, rows, FEWER, edition, **options)


@pytest.mark.promise("E1")
@pytest.mark.parametrize(
    ("order", "quirks", "rows", "edition"),
    [
        # Pages of 2, 1 and 1 or 2 rows: the second was short and not the last, and 24 of 26 rows agreed by chance.
        (
            899395,
            {
                "clamped_limit": 5,
                "end_date": "boundary",
                "envelope": "inner_without_code",
                "faults": None,
                "host_zone": "+13:00",
                "metadata": "none",
                "middle_page": "short",
                "page_sizes": "load",
                "secrets": True,
                "times": "iso",
            },
            256,
            "current",
        ),
        # A far row behind those of the first page: the next began with what it ends with, and seemed to be the same.
        (
            None,
            {
                "duplicates": 2,
                "end_date": "boundary",
                "far_rows": 1,
                "metadata": "none",
                "middle_page": "short",
                "sms_fbm_pages": 4,
            },
            519,
            "documented",
        ),
        # A month cut at 40 conversations and the days after it held as many rows as both cut at 40 others.
        (
            None,
            {
                "divided": True,
                "end_date": "boundary",
                "lasting": 9,
                "page_base": 0,
                "shifting": -1,
                "whole_limit": 40,
            },
            592,
            "documented",
        ),
        # It goes by the end: the longest of the week ended on the day before in its zone, and nothing else told.
        (None, {"end_date": "boundary", "filter_by": "end", "host_zone": "-11:00", "lasting": 3}, 655, "documented"),
        # Nine rows on pages of five and four, and of the next page came nothing once, where 61 more were.
        (
            None,
            {
                "end_date": "boundary",
                "host_zone": "+5:30",
                "ignored_limit": 5,
                "lost_answers": 0.03,
                "odd_values": 0.5,
                "page_sizes": "bytes",
            },
            493,
            "documented",
        ),
        # Answers of five rows and no pages: two days held six, since rows entered, so a month of five seemed whole.
        (
            None,
            {
                "clamped_limit": 5,
                "filter_by": "last_message",
                "host_zone": "-11:00",
                "ignored_page": True,
                "page_zero": "first",
                "shifting": 1,
            },
            121,
            "documented",
        ),
        # A week of one full page, repeated for any number: pages seemed to be ignored, and a month held more of them.
        (
            None,
            {
                "after_last": "repeat",
                "end_date": "boundary",
                "host_zone": "+13:00",
                "metadata": "none",
                "page_sizes": "days",
                "sms_fbm_pages": 4,
            },
            140,
            "documented",
        ),
        # A row that enters with each answer makes each page of one row the same: a month seemed to hold one row, and
        # two days of it five.
        (
            None,
            {
                "after_last": "cycle",
                "clamped_limit": 5,
                "page_base": 0,
                "page_sizes": "days",
                "shifting": 1,
            },
            913,
            "documented",
        ),
        # The page after a short one came empty once: a month held eight rows, though the probe had seen twenty.
        (
            None,
            {
                "clamped_limit": 20,
                "far_rows": 2,
                "lost_answers": 0.03,
                "page_sizes": "load",
            },
            267,
            "documented",
        ),
        # A month's page held one row, less than a week's three: its second page was never looked for, and later windows
        # of one page each seemed to show that there are none.
        (
            None,
            {
                "after_last": "repeat",
                "divided": True,
                "metadata": "none",
                "order": "oldest",
                "page_sizes": "days",
                "sms_fbm_pages": 4,
            },
            844,
            "documented",
        ),
        # Five rows of a day at most, and two far ones with them; longer windows of seven were halved, the day was not.
        (
            None,
            {
                "clamped_limit": 5,
                "divided": True,
                "far_rows": 2,
                "ignored_page": True,
                "metadata": "none",
            },
            906,
            "documented",
        ),
    ],
)
def test_what_was_silent_once(
    order: int | None,
    quirks: dict[str, Any],
    rows: int,
    edition: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scatter(monkeypatch)
    in_order(order, quirks, tmp_path / "out", rows, edition)


@pytest.mark.promise("E1")
def test_a_page_that_told_which_is_the_first_tells_that_there_is_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As for a window no longer than what was probed.
    monkeypatch.setattr(WindowReader, "doubts_whole", lambda *_: False)
    quirks = {
        "after_last": "repeat",
        "divided": True,
        "duplicates": 1,
        "metadata": "none",
        "order": "oldest",
        "page_base": 0,
        "page_sizes": "days",
        "sms_fbm_pages": 4,
    }
    assert in_order(None, quirks, tmp_path / "out", 844, "documented") == "equal"


@pytest.mark.promise("E1")
def test_a_period_that_seemed_empty_twice_is_asked_for_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, page = Counter[tuple[Span, int]](), Source._page

    async def losing(self: Source, asked: Span, number: int, *rest: Any) -> Page:
        came = await page(self, asked, number, *rest)
        # The longest window of a kind without pages; what was probed is a week, and has rows.
        if self.kind == "fbm" and asked.seconds > 10 * DAY and came.rows and lost[asked, number] < 2:
            lost[asked, number] += 1
            return Page(came.number)
        return came

    monkeypatch.setattr(Source, "_page", losing)
    sandbox = Sandbox(**FEWER, metadata="none")
    assert not tried(sandbox, tmp_path / "out", edition="documented", clock=lambda: PRESENT).is_loud
    assert lost
    assert truth(sandbox)["fbm"] <= ids(tmp_path / "out")["fbm"]


@pytest.mark.promise("E1")
@pytest.mark.parametrize("nth", [3, 8])
def test_a_limit_that_is_the_sum_without_a_lost_window_hides_nothing(
    nth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = Sandbox(seed=920, **{**FEWER, "sms": 0, "fbm": 0}, clamped_limit=5, metadata="none")
    expected, starts = truth(sandbox)["livechat"], [row["start_time"] for row in sandbox.conversations("livechat")]
    around = range(FIRST_MS - DAY_MS, FIRST_MS + 32 * DAY_MS)  # what is counted together: a day more on both sides
    met, page = list[Span](), Source._page

    async def losing(self: Source, asked: Span, number: int, *rest: Any) -> Page:
        came = await page(self, asked, number, *rest)
        if len(met) < nth and asked.seconds == DAY and number == 0 and 0 < len(came.rows) < 5:
            met.append(asked)
            if len(met) == nth:
                held = sum(start in around for start in starts) - len(came.rows)
                sandbox.settings = attrs.evolve(sandbox.settings, whole_limit=held)
                return Page(came.number)
        return came

    monkeypatch.setattr(Source, "_page", losing)
    outcome = tried(sandbox, tmp_path / "out", kinds=("livechat",), edition="current", clock=lambda: PRESENT)
    assert len(met) == nth
    assert outcome.is_loud or ids(tmp_path / "out")["livechat"] == expected


class Scattered:
    """Whether answers come in random order."""

    on = False


def scatter(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Let a page wait before it is asked for and after it came, at random; and make each row of a sandbox once.
    """
    page = Source._page

    async def later(self: Source, *arguments: Any) -> Page:
        if Scattered.on:
            await anyio.sleep(random.random() ** 3 * PAUSE)
        came = await page(self, *arguments)
        if Scattered.on:
            await anyio.sleep(random.random() ** 3 * PAUSE)
        return came

    monkeypatch.setattr(Source, "_page", later)
    # A row is made for each answer it is in, which takes a fifth of the time of thousands of exports.
    monkeypatch.setattr(conversations, "conversation", lru_cache(2_000)(conversations.conversation))


def slow(_: int, name: str, path: Path) -> None:
    """
    Let a commit take its time now and then: windows that wait for it meet others.
    """
    if name == "commit" and random.random() < 0.3:
        time.sleep(random.random() * COMMIT)
