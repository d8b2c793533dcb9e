"""Slices fetched alone hold together what an export of the period holds, byte for byte, or raise with their name."""

from __future__ import annotations

import gzip
import pickle
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import anyio
import pyarrow as pa
import pytest
from support.counts import FULL
from support.exporting import JANUARY, KINDS, QUICK, tried, truth
from support.front import served
from support.quirk_lists import ALONE, FEWER

from alive5 import (
    Alive5,
    Alive5Error,
    ExportError,
    FilterIgnoredError,
    InvalidArgumentError,
    fetch_slice,
    plan_slices,
)
from alive5.export.read.reader import open_export
from alive5.export.rows.json_lines import read_line
from alive5.sandbox import Sandbox

# What depends on when a page is asked for differs between two readings.
MOVING = ("shifting", "faults")


async def sliced(sandbox: Sandbox, **options: Any) -> list[bytes]:
    """
    Plan and fetch all slices of January.
    """
    lines: list[bytes] = []
    async with sandbox.async_client(retry=QUICK) as client:
        for piece in await plan_slices(client, **{**JANUARY, "slices": 5, **options}):
            async with fetch_slice(client, pickle.loads(pickle.dumps(piece))) as fetched:
                lines += fetched.lines()
    return lines


def exported(directory: Path) -> list[bytes]:
    lines: list[bytes] = []
    for path in open_export(directory).files("conversations", "jsonl"):
        with gzip.open(path) as file:
            lines += file
    return lines


@pytest.mark.promise("E1")
@pytest.mark.parametrize("quirks", ALONE if FULL else ALONE[::6], ids=str)
def test_lines_are_those_of_an_export_under_every_quirk(quirks: dict[str, Any], tmp_path: Path) -> None:
    outcome = tried(Sandbox(**FEWER, **quirks), tmp_path / "out")
    sandbox = Sandbox(**FEWER, **quirks)
    expected = truth(sandbox)
    try:
        lines = anyio.run(sliced, sandbox)
    except Alive5Error as error:
        # Its windows are others than the export's: one may be odd where none of those was.
        assert outcome.is_loud or set(quirks) & set(MOVING) or ": grade C, B is required: " in str(error), error  # noqa: PT017
        return
    if set(quirks) & set(MOVING):
        ids = {kind: {name for of, name, _ in map(read_line, lines) if of == kind} for kind in KINDS}
        assert {kind: set() for kind in KINDS} == {
            kind: (expected[kind] & truth(sandbox)[kind]) - ids[kind] for kind in KINDS
        }
        return
    wanted = Counter(exported(tmp_path / "out"))
    assert not outcome.is_loud
    assert set(wanted) == set(lines)
    again = [line for line, times in (Counter(lines) - wanted).items() if times]
    assert all(b'"start_time":1' not in line for line in again), "only what has no readable start may come twice"


def test_a_kind_without_pages_is_one_slice_and_the_others_are_cut_by_days() -> None:
    sandbox = Sandbox(**FEWER)
    with sandbox.client() as client:
        planned = plan_slices(client, **JANUARY, slices=6)
        alone = plan_slices(client, start="2026-01-01", end="2026-01-02", kinds="livechat", slices=9)
    names = [str(piece) for piece in planned]
    assert ["sms 2026-01-01..2026-01-31", "fbm 2026-01-01..2026-01-31"] == names[-2:]
    assert "livechat 2026-01-01..2026-01-07" == names[0]
    assert ["livechat 2026-01-01..2026-01-01", "livechat 2026-01-02..2026-01-02"] == [str(piece) for piece in alone]


def test_days_of_a_zone_are_cut_without_a_gap() -> None:
    options = {**JANUARY, "tz": "America/New_York", "kinds": ("livechat",)}
    whole = anyio.run(lambda: sliced(Sandbox(**FEWER), **options, slices=1))
    assert Counter(whole) == Counter(anyio.run(lambda: sliced(Sandbox(**FEWER), **options)))
    assert whole


def test_a_period_that_has_not_begun_has_no_slices() -> None:
    with Sandbox().client() as client:
        assert [] == plan_slices(client, start="2999-01-01")


def test_the_blocking_front_fetches_over_a_socket_and_inside_a_loop(tmp_path: Path) -> None:
    sandbox = Sandbox(**FEWER)
    wanted = anyio.run(sliced, sandbox)

    async def inside() -> list[bytes]:
        return blocking()

    with served(sandbox) as origin:

        def blocking() -> list[bytes]:
            with Alive5(sandbox.settings.key, base_url=f"{origin}/public/1.0") as client:
                lines: list[bytes] = []
                for piece in plan_slices(client, **JANUARY, slices=5):
                    with fetch_slice(client, piece) as fetched:
                        lines += fetched.lines()
                return lines

        assert wanted == blocking() == anyio.run(inside)


def test_rows_and_batches_are_those_of_an_export(tmp_path: Path) -> None:
    sandbox = Sandbox(**FEWER)
    tried(sandbox, tmp_path / "out", kinds=("sms",))
    reader = open_export(tmp_path / "out")
    with sandbox.client() as client:
        (piece,) = plan_slices(client, **JANUARY, kinds=("sms",))
        with fetch_slice(client, piece) as fetched:
            assert fetched.report.counts["sms"]["conversations"] == len(list(fetched.lines()))
            assert (str(piece), ()) == (fetched.report.path, fetched.report.files)
            assert datetime(2026, 2, 1, tzinfo=timezone.utc) == fetched.complete_through
            for table in ("conversations", "messages"):
                assert list(getattr(reader, table)()) == list(fetched.rows(table))
                assert reader.to_arrow(table).equals(pa.Table.from_batches(fetched.batches(table)))
            with pytest.raises(InvalidArgumentError, match="conversations, messages"):
                fetched.rows("users")


@pytest.mark.parametrize("require", ["A", "B"])
def test_a_slice_of_grade_c_raises_with_its_name(require: str) -> None:
    sandbox = Sandbox(livechat=2_000, ignored_page=True, clamped_limit=4)
    with sandbox.client(retry=QUICK) as client:
        piece = plan_slices(client, **JANUARY, kinds=("livechat",), slices=1)[0]
        with pytest.raises(ExportError, match=r"^livechat 2026-01-01\.\.2026-01-31: grade C, . is required: l"):
            fetch_slice(client, piece, require=require).__enter__()
        with fetch_slice(client, piece, require="C") as fetched:
            assert "C" == fetched.report.grade


def test_a_slice_that_could_not_be_read_raises_whatever_is_required() -> None:
    sandbox = Sandbox(livechat=300)
    with sandbox.client(retry=QUICK) as client:
        (piece,) = plan_slices(client, **JANUARY, kinds=("livechat",), slices=1)
        # After the probes: the windows themselves fail.
        sandbox.fail("server_error_before", times=None, after=5)
        with pytest.raises(ExportError, match=r"^livechat 2026-01-01\.\.2026-01-31: not complete: "):
            fetch_slice(client, piece, require="C").__enter__()


def test_each_front_has_its_own_with() -> None:
    sandbox = Sandbox(livechat=5)
    with sandbox.client() as client:
        (piece,) = plan_slices(client, **JANUARY, kinds=("livechat",), slices=1)

        async def wrong() -> None:
            async with fetch_slice(client, piece):
                pass

        with pytest.raises(InvalidArgumentError, match="client of blocking code needs: with"):
            anyio.run(wrong)
    with pytest.raises(InvalidArgumentError, match="client of async code needs: async with"):
        fetch_slice(sandbox.async_client(), piece).__enter__()


def test_a_server_that_ignores_the_dates_has_no_slices() -> None:
    with Sandbox(**FEWER, ignored_window="all").client() as client, pytest.raises(FilterIgnoredError):
        plan_slices(client, **JANUARY)


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    assert anyio.run(sliced, Sandbox(**FEWER))
    assert [] == list(tmp_path.iterdir())
