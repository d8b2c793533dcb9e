"""Whatever a host is like, a listing is not called complete when it is not."""

from __future__ import annotations

import random
import warnings
from typing import Any

import pytest
from support.counts import count, seed
from support.exporting import JANUARY, QUICK, truth
from support.front import Front

from alive5 import Alive5Error
from alive5.sandbox import Sandbox

FEWER = {"livechat": 300, "sms": 120, "fbm": 60}
CHOICES: dict[str, tuple[Any, ...]] = {
    "envelope": ("usual", "bare", "one", "two"),
    "list_key": ("bare", "Items", "items", "by_id"),
    "page_base": (0, 1, {"livechat": 0, "sms": 1, "fbm": 1}),
    "page_zero": ("empty", "first", "refused"),
    "metadata": ("none", "pages", "totals"),
    "metadata_lies": ("no", "no", "high", "low"),
    "clamped_limit": (None, 5, 20),
    "ignored_limit": (None, None, 130),
    "ignored_window": ("no", "no", "all"),
    "ignored_page": (False, False, True),
    "after_last": ("empty", "repeat", "cycle"),
    "empty": ("list", "null", "http_404", "code_404"),
    "duplicates": (0, 0, 2),
    "middle_page": ("full", "full", "empty", "short"),
    "sms_fbm_pages": (None, None, 4),
    "unknown_list": ("no", "no", "no", "rows", "object"),
    "end_date": ("day", "boundary"),
    "host_zone": ("+0:00", "-11:00", "+13:00"),
    "require_pages": (None, True),
    "divided": (False, True),
    "page_sizes": ("even", "load", "days", "bytes"),
    # Of other limits no sign shows: a listing asks each page once.
    "whole_limit": (None, None, 50, 100),
    "secrets": (False, True),
    "order": ("newest", "oldest"),
}
SETTLED = ("page_base", "page_zero", "sms_fbm_pages", "require_pages", "ignored_limit")


def mixture(rng: random.Random, edition: str) -> dict[str, Any]:
    drawn = {name: rng.choice(values) for name, values in CHOICES.items() if rng.random() < 0.4}
    return {name: value for name, value in drawn.items() if edition == "documented" or name not in SETTLED}


@pytest.mark.promise("H5")
@pytest.mark.parametrize("edition", ["documented", "current"])
def test_a_listing_that_calls_itself_complete_is(edition: Any) -> None:
    rng, front = random.Random(seed()), Front("sync")
    for _ in range(count(ci=40, full=5_000)):
        quirks, kind = mixture(rng, edition), rng.choice(("livechat", "sms", "fbm"))
        sandbox = Sandbox(seed=rng.randrange(1000), **FEWER, **quirks)
        expected = truth(sandbox)[kind]

        async def body(client: Any, kind: str = kind) -> tuple[list[Any], Any]:
            pages = getattr(client.conversations, kind)(**JANUARY)
            return await pages.list(), pages.report

        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            try:
                rows, report = front.inside(sandbox, body, edition=edition, retry=QUICK)
            except Alive5Error:
                nothing = (quirks.get("envelope"), quirks.get("empty")) == ("bare", "null")  # a body of "null"
                assert nothing or quirks.get("unknown_list", "no") != "no", quirks
                continue
        names = [row.id for row in rows]
        assert len(names) == len(set(names)), quirks
        assert set(names) <= expected, quirks
        if report.complete:
            assert set(names) == expected, quirks
            said = {row["alive5_sessionID"]: len(row["chat_conversation"]) for row in sandbox.conversations(kind)}
            assert all(len(row.messages) == said[row.id] for row in rows), quirks
