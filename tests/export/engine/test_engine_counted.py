"""Short pages, empty answers and limits: what a second count of neighbouring windows finds, and what it costs."""

from __future__ import annotations

import random
from collections.abc import Collection
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.counts import FULL, count, seed
from support.exporting import DAY_MS, FIRST_MS, ids, tried, truth

from alive5.sandbox import Sandbox
from alive5.sandbox.service.request import Asked

QUARTER = {"start": "2026-01-01", "end": "2026-03-30"}


def days_of(sandbox: Sandbox, kind: str, *numbers: int) -> Sandbox:
    """
    Add so many rows to each day from 5 January on, spread over it.
    """
    for day, number in enumerate(numbers, 4):
        for place in range(number):
            sandbox.add(kind, start_time=FIRST_MS + day * DAY_MS + (place + 1) * DAY_MS // (number + 2))
    return sandbox


@pytest.mark.parametrize("edition", ["documented", "current"])
def test_a_good_host_is_asked_a_few_times_more(edition: Any, tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=4_000, sms=0, fbm=0)
    outcome = tried(sandbox, tmp_path / "out", kinds=("livechat",), edition=edition, **QUARTER)
    assert outcome.report is not None
    assert ("A", 0) == (outcome.report.grade, outcome.report.exit_code)
    windows, probes, counts = sum(outcome.report.windows.values()), 10, 4
    assert len(sandbox.requests) <= windows + probes + counts


@pytest.mark.parametrize("numbers", [(30, 20), (60, 40, 50), (100,), (100, 3)])
@pytest.mark.parametrize("kind", ["sms", "livechat"])
def test_a_right_answer_of_a_round_number_is_no_c(kind: str, numbers: tuple[int, ...], tmp_path: Path) -> None:
    sandbox = days_of(Sandbox(livechat=0, sms=0, fbm=0), kind, *numbers)
    sandbox.add(kind, start_time=FIRST_MS + 20 * DAY_MS)  # a longer period holds more than the days together
    days = {"start": "2026-01-05", "end": f"2026-01-{4 + len(numbers):02}"}
    outcome = tried(sandbox, tmp_path / "out", kinds=(kind,), **days)
    assert outcome.report is not None
    assert (sum(numbers), 0) == (len(ids(tmp_path / "out")[kind]), outcome.report.exit_code)


@pytest.mark.parametrize("kind", ["sms", "livechat"])
def test_a_day_that_is_all_there_is_may_have_been_cut_at_a_round_number(kind: str, tmp_path: Path) -> None:
    sandbox = days_of(Sandbox(livechat=0, sms=0, fbm=0), kind, 100)
    outcome = tried(sandbox, tmp_path / "out", kinds=(kind,), start="2026-01-05", end="2026-01-05")
    assert outcome.report is not None
    assert ("C", 4) == (outcome.report.grade, outcome.report.exit_code)


@pytest.mark.parametrize("limit", [50, 100, 137])
@pytest.mark.parametrize("kind", ["sms", "livechat"])
def test_a_limit_on_a_whole_query_is_seen(kind: str, limit: int, tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=1_500, sms=1_500, fbm=0, whole_limit=limit)
    expected = truth(sandbox)[kind]
    outcome = tried(sandbox, tmp_path / "out", kinds=(kind,))
    assert outcome.is_loud or ids(tmp_path / "out")[kind] == expected
    assert limit < len(expected)


@pytest.mark.promise("E1")
@pytest.mark.parametrize(
    ("limit", "quirks"),
    [
        (20, {"clamped_limit": 8}),
        (25, {}),
        (40, {"clamped_limit": 8, "sms_fbm_pages": 4}),
        (50, {"clamped_limit": 3, "resolution": "instant"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["sms", "livechat"])
def test_a_limit_of_conversations_is_seen_where_some_are_several_rows(
    kind: str, limit: int, quirks: dict[str, Any], tmp_path: Path
) -> None:
    sandbox = Sandbox(livechat=3_000, sms=1_500, fbm=0, divided=True, whole_limit=limit, **quirks)
    expected = truth(sandbox)[kind]
    outcome = tried(sandbox, tmp_path / "out", kinds=(kind,))
    assert outcome.is_loud or ids(tmp_path / "out")[kind] == expected
    assert limit < len(expected)


@pytest.mark.parametrize("quirks", [{}, {"clamped_limit": 8, "sms_fbm_pages": 4}], ids=str)
def test_several_rows_a_conversation_are_no_limit(quirks: dict[str, Any], tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=3_000, sms=1_500, fbm=0, divided=True, **quirks)
    outcome = tried(sandbox, tmp_path / "out")
    assert not outcome.is_loud


@pytest.mark.parametrize("limit", [50, 100])
def test_a_row_that_enters_does_not_make_pages(limit: int, tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=0, sms=3_000, fbm=0, whole_limit=limit)
    there = truth(sandbox)["sms"]

    def enter(_: Asked) -> None:
        if len(sandbox.requests) < 60:
            sandbox.add("sms", start_time=FIRST_MS + 30 * DAY_MS)

    sandbox.on_request = enter
    outcome = tried(sandbox, tmp_path / "out", kinds=("sms",))
    assert outcome.is_loud or ids(tmp_path / "out")["sms"] >= there


@pytest.mark.parametrize("seed", range(3))
def test_answers_that_are_wrongly_empty_lose_nothing(seed: int, tmp_path: Path) -> None:
    sandbox = Sandbox(seed=seed, livechat=1_000, sms=300, fbm=100, lost_answers=0.03)
    expected = truth(sandbox)
    outcome = tried(sandbox, tmp_path / "out")
    assert outcome.is_loud or ids(tmp_path / "out") == expected


def tried_with_losses(places: Collection[int], directory: Path, **quirks: Any) -> tuple[bool, int]:
    """
    Export from a host whose answers to the requests of these numbers come wrongly empty.

    Returns whether the truth was found or something said, and how many requests it took.
    """
    sandbox = Sandbox(livechat=1_500, sms=0, fbm=0, **quirks)
    expected = truth(sandbox, FIRST_MS + 4 * DAY_MS, 10)

    def lose(_: Asked) -> None:
        lost = float(len(sandbox.requests) in places)
        sandbox.settings = attrs.evolve(sandbox.settings, lost_answers=lost)

    sandbox.on_request = lose
    outcome = tried(sandbox, directory, kinds=("livechat",), start="2026-01-05", end="2026-01-14", concurrency=1)
    return outcome.is_loud or ids(directory) == expected, len(sandbox.requests)


LOSING: list[dict[str, Any]] = [{"clamped_limit": 4}, {"clamped_limit": 4, "duplicates": 1}, {"clamped_limit": 12}]


@pytest.mark.promise("E1")
@pytest.mark.parametrize("quirks", LOSING, ids=str)
def test_one_answer_that_is_wrongly_empty_loses_nothing(quirks: dict[str, Any], tmp_path: Path) -> None:
    _, requests = tried_with_losses((), tmp_path / "whole", **quirks)
    step = 1 if FULL else 7
    for place in range(seed() % step, requests, step):
        assert tried_with_losses({place}, tmp_path / str(place), **quirks)[0], place


@pytest.mark.promise("E1")
@pytest.mark.parametrize("quirks", LOSING, ids=str)
def test_two_answers_that_are_wrongly_empty_lose_nothing(quirks: dict[str, Any], tmp_path: Path) -> None:
    rng = random.Random(seed())
    _, requests = tried_with_losses((), tmp_path / "whole", **quirks)
    for number in range(count(ci=3, full=500)):
        places = set(rng.sample(range(requests), 2))
        assert tried_with_losses(places, tmp_path / str(number), **quirks)[0], places


@pytest.mark.parametrize("number", [34, 55])
def test_answers_that_are_often_wrongly_empty_lose_nothing(number: int, tmp_path: Path) -> None:
    sandbox = Sandbox(seed=number, livechat=400, sms=150, fbm=100, lost_answers=0.1, empty="code_404", clamped_limit=4)
    expected = truth(sandbox)
    outcome = tried(sandbox, tmp_path / "out")
    assert outcome.is_loud or ids(tmp_path / "out") == expected
