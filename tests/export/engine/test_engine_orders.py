"""Two deliveries of conversations come to the same rows, in whichever order pages and windows are committed."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.counts import count, seed

from alive5.export.disk.files import Disk
from alive5.export.fetch.collector import WindowRows
from alive5.export.fetch.paging import Page
from alive5.export.plan.job import Job
from alive5.export.plan.span import Span
from alive5.export.plan.window import FetchedWindow, StoredWindow
from alive5.export.rows.encode import Encoded, encode
from alive5.export.state.store import Store

START = 1_767_323_045_000
DAYS = (Span(1_767_225_600, 1_767_312_000), Span(1_767_312_000, 1_767_398_400))
SPEC = Job(account="sandbox", kinds=("livechat",), first=date(2026, 1, 1)).spec()
OBSERVED = 1_800_000_000_000_000
Row = dict[str, Any]
Pages = tuple[Sequence[Row], Sequence[Row]]


def row(name: str, numbers: Sequence[int], **values: Any) -> Row:
    messages = [{"created_at": START + one * 1000, "created_by": "Ada", "message_content": str(one)} for one in numbers]
    return {"alive5_sessionID": name, "start_time": START, "chat_conversation": messages, **values}


def drawn(rng: random.Random, name: str) -> list[Row]:
    """
    Draw two deliveries of a conversation: halves of it, a part and the whole, or other values alone.
    """
    every = range(rng.randrange(1, 7))
    first = [one for one in every if rng.random() < 0.6]
    second = [one for one in every if one not in first or rng.random() < 0.5]
    return [row(name, numbers, crm_id="c", zip=str(rng.randrange(2))) for numbers in (first, second)]


async def _nowhere(rows: Sequence[Encoded]) -> None:
    raise AssertionError


async def window(pages: Pages, day: int, observed: int) -> FetchedWindow:
    rows = WindowRows(_nowhere)
    for number, page in enumerate(pages):
        await rows.add(Page(number, encode("livechat", copy.deepcopy(list(page)), observed, {})))
    return FetchedWindow(kind="livechat", span=DAYS[day], rows=rows.rows, observed_us=observed, count=len(rows.ids))


def kept(directory: Path, runs: Sequence[Sequence[tuple[int, Pages]]], *, together: bool) -> str:
    """
    Return the digest of what a store holds after windows were committed, one by one or together.

    Pages of a window come in the order of the host: only windows are read side by side.
    """
    store = Store.open(directory, Disk())
    observed = itertools.count(OBSERVED)
    for number, order in enumerate(runs):
        run = store.begin(SPEC)
        if not number:
            store.replan("livechat", [], [StoredWindow(kind="livechat", span=day) for day in DAYS])
        done = [anyio.run(window, pages, day, next(observed)) for day, pages in order]
        for some in [done] if together else [[one] for one in done]:
            store.finish(some, run)
    key = store.content_key("livechat", "2026-01")
    store.close()
    return key


@pytest.mark.promise("E4")
def test_rows_do_not_depend_on_the_order_windows_are_committed_in(tmp_path: Path) -> None:
    rng = random.Random(seed())
    for case in range(count(ci=5, full=300)):
        conversations = [drawn(rng, name) for name in "ab"]
        deliveries = [delivery for two in conversations for delivery in two]

        def host() -> list[Pages]:
            chosen = [rng.sample(deliveries, rng.randrange(5)) for _ in range(4)]  # noqa: B023 - called at once
            return [(chosen[0], chosen[1]), (chosen[2], chosen[3])]

        first, second = host(), host()
        again = list(enumerate(rng.choice((first, second))))  # all is there as it came, or some
        runs = ([list(enumerate(first))], again), ([], list(enumerate(first)))
        for number, (before, last) in enumerate(runs):
            keys = {
                kept(tmp_path / f"{case}-{number}-{place}-{together}", [*before, order], together=together)
                for place, order in enumerate(itertools.permutations(last))
                for together in (False, True)
            }
            assert 1 == len(keys), f"case {case}: {before} then {last}"
