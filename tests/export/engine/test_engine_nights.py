"""A night later everything is read again: under any quirks that takes no row away, and leaves nothing out silently."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from support.counts import count, seed
from support.exporting import DAY_MS, FIRST_MS, KINDS, ids, tried, truth
from support.mixtures import EDITIONS, PRESENT, bounded, mixture
from support.quirk_lists import FEWER

from alive5.sandbox import Sandbox

# What makes another conversation of a row, or other rows while they are read: nothing could be compared.
MOVING = ("shared_ids", "odd_values", "shifting", "divided")


@pytest.mark.promise("E1")
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_sweep_never_makes_an_export_worse(edition: str | None, tmp_path: Path) -> None:
    rng = random.Random(seed())
    for number in range(count(ci=2, full=500)):
        quirks = {name: value for name, value in mixture(rng, edition).items() if name not in MOVING}
        check_night(rng, quirks, tmp_path / str(number), edition)


def check_night(rng: random.Random, quirks: dict[str, Any], directory: Path, edition: str | None) -> str:
    """
    Export, let conversations come and time pass, and export what is new while all else is read again.
    """
    sandbox = Sandbox(seed=rng.randrange(1000), **FEWER, **quirks)
    sandbox.on_request = bounded(sandbox, quirks)
    tried(sandbox, directory, edition=edition, clock=lambda: PRESENT)
    had = held(directory)
    for kind in KINDS:
        for _ in range(rng.randrange(6)):
            sandbox.add(kind, start_time=FIRST_MS + rng.randrange(31 * DAY_MS))
    later = PRESENT + 86_400.0 * rng.choice((1, 2, 30))
    again = {} if had is None else {"start": None, "since_last": True}
    outcome = tried(sandbox, directory, edition=edition, clock=lambda: later, sweep="all", **again)
    expected, got = truth(sandbox), held(directory) or {kind: set() for kind in KINDS}
    removed = {kind: len((had or {}).get(kind, set()) - got[kind]) for kind in KINDS}
    assert not any(removed.values()), f"removed {removed} of {quirks}"
    if outcome.is_loud:
        return "loud"
    missing = {kind: len(expected[kind] - got[kind]) for kind in KINDS}
    assert not any(missing.values()), f"silently missing {missing} of {quirks}"
    return "equal"


def held(directory: Path) -> dict[str, set[str]] | None:
    """
    Return the ids an export holds, by kind; None where there is none yet.
    """
    return ids(directory) if (directory / "MANIFEST.json").exists() else None
