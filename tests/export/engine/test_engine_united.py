"""A conversation that comes twice with different messages is exported once, with all of them."""

from __future__ import annotations

import copy
import itertools
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.exporting import KINDS, digests, export, found

from alive5.export.disk.files import Disk
from alive5.export.fetch import collector
from alive5.export.fetch.collector import WindowRows
from alive5.export.fetch.paging import Page
from alive5.export.plan.job import Job
from alive5.export.plan.span import Span
from alive5.export.plan.window import Change, FetchedWindow, StoredWindow
from alive5.export.rows.compression import unpack
from alive5.export.rows.encode import Encoded, encode
from alive5.export.rows.json_lines import messages_of, read_line
from alive5.export.state import upsert
from alive5.export.state.store import Store
from alive5.sandbox import Sandbox

START = 1_767_323_045_000
DAYS = (Span(1_767_225_600, 1_767_312_000), Span(1_767_312_000, 1_767_398_400))
SPEC = Job(account="sandbox", kinds=("livechat",), first=date(2026, 1, 1)).spec()
OBSERVED = 1_800_000_000_000_000
Row = dict[str, Any]


def said(number: int) -> Row:
    return {"created_at": START + number * 1000, "created_by": "Ada", "message_content": f"Number {number}"}


def chat(*numbers: int, **values: Any) -> Row:
    row = {"alive5_sessionID": "s1", "start_time": START, "end_time": START + 60_000, "crm_id": "c1"}
    return {**row, "chat_conversation": [said(number) for number in numbers], **values}


def thread(*numbers: int, **values: Any) -> Row:
    data = {"thread_id": "s1", "thread_start_chat": START, "thread_end_chat": START + 60_000, "crm_id": "c1", **values}
    return {"threadData": data, "threadConversation": [{"_source": said(number)} for number in numbers]}


SHAPES = pytest.mark.parametrize("make", [chat, thread])


def encoded(*rows: Row) -> list[Encoded]:
    return encode("livechat", copy.deepcopy(rows), OBSERVED, {})


def row_of(made: Encoded) -> Row:
    return read_line(unpack(made.block.packed)[made.at : made.at + made.size])[2]


def texts(row: Row) -> list[str]:
    return [entry.get("_source", entry)["message_content"] for entry in messages_of(row)]


def expected(*numbers: int) -> list[str]:
    return [f"Number {number}" for number in numbers]


def window(rows: Sequence[Encoded], day: int = 0, **values: Any) -> FetchedWindow:
    return FetchedWindow(kind="livechat", span=DAYS[day], rows=rows, observed_us=OBSERVED, count=len(rows), **values)


class Kept:
    """A store with two days, and what it keeps of the one conversation."""

    def __init__(self, directory: Path) -> None:
        self.store = Store.open(directory, Disk())
        self.path = directory / ".alive5" / "state.db"
        self.run = self.store.begin(SPEC)
        self.store.replan("livechat", [], [StoredWindow(kind="livechat", span=day) for day in DAYS])

    def finish(self, *rows: Row, day: int = 0) -> Change:
        (change,) = self.store.finish([window(encoded(*rows), day)], self.run)
        return change

    def row(self) -> Row:
        (row,) = self.store.rows("livechat", "2026-01")
        assert row.n_msg == len(messages_of(row.raw))
        return row.raw

    def key(self) -> str:
        return self.store.content_key("livechat", "2026-01")


@pytest.fixture
def kept(tmp_path: Path) -> Any:
    made = Kept(tmp_path / "kept")
    yield made
    made.store.close()


def truth(sandbox: Sandbox) -> dict[str, dict[str, list[str]]]:
    return {kind: {row["alive5_sessionID"]: texts(row) for row in sandbox.conversations(kind)} for kind in KINDS}


@pytest.mark.promise("E4")
@pytest.mark.parametrize("quirks", [{}, {"clamped_limit": 5, "sms_fbm_pages": 3}, {"livechat_shape": "thread"}])
def test_all_messages_of_divided_conversations_are_kept(quirks: dict[str, Any], tmp_path: Path) -> None:
    came = []
    for concurrency in (1, 2, 8, 32):
        directory = tmp_path / str(concurrency)
        sandbox = Sandbox(livechat=200, sms=60, fbm=30, divided=True, **quirks)
        export(sandbox, directory, concurrency=concurrency, start="2025-01-01", end="2026-12-31", require="B")
        came.append(digests(directory))
    assert [came[0]] * 4 == came
    kept = {kind: {name: sorted(texts(row)) for name, row in rows.items()} for kind, rows in found(directory).items()}
    every = truth(sandbox)
    for kind in KINDS:
        assert kept[kind]
        assert {name: sorted(every[kind][name]) for name in kept[kind]} == kept[kind]


@pytest.mark.promise("E1")
@pytest.mark.parametrize(
    ("seed", "quirks"),
    [
        # Pages of other sizes: the page after the last holds known conversations only.
        (526, {"clamped_limit": 8, "page_sizes": "days"}),
        *((seed, {"clamped_limit": size, "sms_fbm_pages": size}) for seed in range(3) for size in (1, 2, 3)),
        (4, {"clamped_limit": 3, "metadata": "totals"}),
    ],
    ids=str,
)
def test_pages_of_second_deliveries_alone_are_read(seed: int, quirks: dict[str, Any], tmp_path: Path) -> None:
    sandbox = Sandbox(seed=seed, livechat=400, sms=60, fbm=30, divided=True, **quirks)
    export(sandbox, tmp_path / "out", require="B")
    every = truth(sandbox)
    for kind, rows in found(tmp_path / "out").items():
        assert rows
        assert {name: sorted(every[kind][name]) for name in rows} == {name: sorted(texts(rows[name])) for name in rows}


def test_rows_set_aside_are_united_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(livechat=200, sms=60, fbm=30, divided=True, clamped_limit=5, sms_fbm_pages=3)
    export(sandbox, tmp_path / "held")
    monkeypatch.setattr(collector, "_HELD_BYTES", 500)
    export(sandbox, tmp_path / "aside")
    assert digests(tmp_path / "held") == digests(tmp_path / "aside")


@SHAPES
def test_deliveries_in_two_windows_are_united_in_any_order(make: Any, tmp_path: Path) -> None:
    keys = set()
    for number, deliveries in enumerate(itertools.permutations([make(1, 2, 4), make(2, 3), make(5)])):
        kept = Kept(tmp_path / str(number))
        changes = [kept.finish(row, day=place % 2) for place, row in enumerate(deliveries)]
        assert expected(1, 2, 3, 4, 5) == texts(kept.row())
        assert (1, 5) == (sum(c.new for c in changes), sum(c.messages for c in changes))
        assert (2, 0) == (sum(c.united for c in changes), sum(c.shrunk for c in changes))
        keys.add(kept.key())
        for row in deliveries:  # what is in it already changes nothing
            assert Change() == kept.finish(row, day=1)
        assert kept.key() in keys
        kept.store.close()
    assert 1 == len(keys)


def test_what_is_united_stands_in_a_sound_block(kept: Kept) -> None:
    kept.finish(chat(1, 2))
    kept.finish(chat(3), day=1)
    with closing(sqlite3.connect(kept.path)) as database:
        (packed, at, size) = database.execute(
            "SELECT packed, at, size FROM conv JOIN block ON block.id = conv.block"
        ).fetchone()
    assert expected(1, 2, 3) == texts(read_line(unpack(packed)[at : at + size])[2])
    assert "ok" == kept.store.check()


def test_an_odd_message_is_added_though_the_digest_may_be_smaller(tmp_path: Path) -> None:
    for number in range(8):
        kept = Kept(tmp_path / str(number))
        kept.finish(chat(1, 2, zip=str(number)))
        kept.finish({**chat(1), "chat_conversation": [said(1), f"odd {number}"]}, day=1)
        assert f"odd {number}" in kept.row()["chat_conversation"]
        kept.store.close()


def test_a_later_run_replaces(kept: Kept) -> None:
    kept.finish(chat(1, 2, 3))
    kept.run = kept.store.begin(SPEC)
    assert Change(messages=-2, shrunk=1) == kept.finish(chat(4))
    assert expected(4) == texts(kept.row())
    assert Change(messages=1, united=1) == kept.finish(chat(5), day=1)
    assert expected(4, 5) == texts(kept.row())


def test_the_fuller_delivery_stays_whichever_comes_last(kept: Kept) -> None:
    kept.finish(chat(1, 2, crm_id="of two"))
    assert Change() == kept.finish(chat(1, crm_id="of one"), day=1)
    assert "of two" == kept.row()["crm_id"]
    assert Change(messages=1) == kept.finish(chat(1, 2, 3, crm_id="of three"), day=1)
    assert "of three" == kept.row()["crm_id"]


def test_rows_of_probes_are_united_with_those_of_windows(kept: Kept) -> None:
    kept.store.remember("livechat", {"a": 1}, window(encoded(chat(1))), kept.run)
    assert Change(messages=1, united=1) == kept.finish(chat(2))
    assert expected(1, 2) == texts(kept.row())


@SHAPES
def test_what_is_set_aside_is_united_with_what_comes_later(make: Any, kept: Kept) -> None:
    assert [0, 1, 0, 0] == [
        kept.store.set_aside("livechat", DAYS[0], encoded(make(*numbers))) for numbers in ((1,), (2, 3), (1,), (2, 3))
    ]
    assert Change(new=1, messages=4, united=1) == kept.finish(make(4))
    assert expected(1, 2, 3, 4) == texts(kept.row())


def test_rows_without_an_id_are_never_united(kept: Kept) -> None:
    first, second = chat(1), chat(2)
    del first["alive5_sessionID"], second["alive5_sessionID"]
    kept.finish(first, first)
    assert 0 == kept.finish(second, day=1).united
    assert 3 == kept.store.counts("livechat")["conversations"]


async def _nowhere(rows: Sequence[Encoded]) -> None:
    raise AssertionError


def gathered(*pages: Sequence[Row]) -> WindowRows:
    rows = WindowRows(_nowhere)
    for number, page in enumerate(pages):
        anyio.run(rows.add, Page(number, encoded(*page)))
    return rows


@SHAPES
@pytest.mark.parametrize("together", [True, False])
def test_deliveries_in_one_window_are_united(make: Any, together: bool) -> None:
    deliveries = [make(1, 4), make(2, 4), make(3)]
    other = {**chat(7), "alive5_sessionID": "other"}
    rows = gathered([*deliveries, other]) if together else gathered(*([row, other] for row in deliveries), deliveries)
    (one, _) = rows.rows
    assert expected(1, 2, 3, 4) == texts(row_of(one))
    assert (4, 1, {"s1", "other"}) == (one.n_msg, rows.united, rows.ids)


def test_of_deliveries_with_the_same_messages_the_latest_is_kept() -> None:
    (one,) = gathered([chat(1, 2, crm_id="a")], [chat(1, 2, crm_id="b")]).rows
    assert "b" == row_of(one)["crm_id"]
    rows = gathered([chat(1, 2, crm_id="b")], [chat(1, 2, crm_id="a")], [chat(1, crm_id="c")])
    assert ("a", 0) == (row_of(rows.rows[0])["crm_id"], rows.united)


@pytest.mark.parametrize(("ends", "still"), [((None, START), 1), ((START, START), 0), ((0, None), 1)])
def test_what_is_united_is_open_while_either_is(ends: tuple[Any, Any], still: int) -> None:
    (one,) = gathered([chat(1, 2, end_time=ends[0])], [chat(3, end_time=ends[1])]).rows
    assert still == one.open


def test_equal_rows_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "united", None)
    monkeypatch.setattr(upsert, "united", None)
    (one,) = gathered([chat(1)], [chat(1)]).rows
    assert expected(1) == texts(row_of(one))
