"""One id, several conversations: kept apart by their start, and said."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.exporting import FIRST_MS, KINDS, digests, export, found

from alive5 import Call, Reply, open_export
from alive5.export.disk.files import Disk
from alive5.export.plan.job import Job
from alive5.export.plan.span import Span
from alive5.export.plan.window import Change, FetchedWindow, StoredWindow
from alive5.export.read.verify import verify_files
from alive5.export.rows.encode import encode
from alive5.export.rows.json_lines import messages_of
from alive5.export.state.store import Store
from alive5.sandbox import Sandbox

SIZES = {"livechat": 300, "sms": 120, "fbm": 90}
SMALL = {"clamped_limit": 7, "sms_fbm_pages": 7}


def true_starts(sandbox: Sandbox) -> dict[str, list[int]]:
    """Return the starts of the conversations of January, which the sandbox makes all different."""
    end = FIRST_MS + 31 * 86_400_000
    return {
        kind: sorted(row["start_time"] for row in sandbox.conversations(kind) if FIRST_MS <= row["start_time"] < end)
        for kind in KINDS
    }


def starts(directory: Path) -> dict[str, list[int]]:
    def start(row: dict[str, Any]) -> int:
        return int(row["threadData"]["thread_start_chat"] if "threadData" in row else row["start_time"])

    return {kind: sorted(map(start, rows.values())) for kind, rows in found(directory).items()}


def under_one_id(sandbox: Sandbox) -> None:
    """Let a sandbox deliver the conversations s1, s2, ... as one id."""
    inner = sandbox.exchange

    def exchange(call: Call, **options: Any) -> Any:
        served = inner(call, **options)
        assert isinstance(served.answer, Reply)
        body = re.sub(rb'"s\d"', b'"s"', served.answer.body)
        return attrs.evolve(served, answer=attrs.evolve(served.answer, body=body))

    sandbox.exchange = exchange  # type: ignore[method-assign]


@pytest.mark.promise("E1")
@pytest.mark.parametrize("edition", ["documented", "current"])
@pytest.mark.parametrize("quirks", [{}, SMALL, {**SMALL, "divided": True}], ids=str)
def test_conversations_that_share_an_id_are_all_kept(quirks: dict[str, Any], edition: Any, tmp_path: Path) -> None:
    sandbox = Sandbox(**SIZES, shared_ids=True, **quirks)
    report = export(sandbox, tmp_path / "out", edition=edition, formats=("jsonl", "sqlite", "csv"))
    assert true_starts(sandbox) == starts(tmp_path / "out")
    assert 3 == sum("share the id of another one" in text for text in report.anomalies)
    verified = verify_files(tmp_path / "out")
    assert verified.ok, verified.problems


def test_files_are_the_same_whatever_came_first_and_however_often(tmp_path: Path) -> None:
    sandbox = Sandbox(**SIZES, shared_ids=True, **SMALL)
    export(sandbox, tmp_path / "one", concurrency=1)
    expected = digests(tmp_path / "one")
    for name, concurrency in (("two", 2), ("eight", 8)):
        export(sandbox, tmp_path / name, concurrency=concurrency)
        assert expected == digests(tmp_path / name)
    # In parts, from the end and again, as runs of a month do.
    for end in ("2026-01-10", "2026-01-20", "2026-01-31", "2026-01-31"):
        export(sandbox, tmp_path / "parts", start="2026-01-01", end=end, since_last=(tmp_path / "parts").exists())
    assert expected == digests(tmp_path / "parts")


def test_an_id_in_tables_is_a_key(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)
    for day, name in ((2, "later"), (1, "earlier"), (3, "latest")):
        row = sandbox.add("sms", start_time=FIRST_MS + day * 86_400_000, alive5_sessionID=f"s{day}", crm_id=name)
        assert row
    under_one_id(sandbox)
    export(sandbox, tmp_path / "out", kinds=("sms",), formats=("sqlite", "jsonl"))
    (path,) = (tmp_path / "out").rglob("*.sqlite")
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT session_id, crm_id, synthetic FROM conversations ORDER BY start_time"
        ).fetchall()
        messages = database.execute("SELECT count(*) FROM messages JOIN conversations USING (kind, session_id)")
        total = sum(len(row["chat_conversation"]) for row in sandbox.conversations("sms"))
        assert total == messages.fetchone()[0]
    day = 86_400_000
    assert [
        ("s", "earlier", 0),
        (f"s#{(FIRST_MS + 2 * day) * 1000}", "later", 1),
        (f"s#{(FIRST_MS + 3 * day) * 1000}", "latest", 1),
    ] == rows
    delivered = list(open_export(tmp_path / "out").delivered())
    assert ["s", "s", "s"] == [row["alive5_sessionID"] for row in delivered]


DAY = 86_400
SPANS = (Span(1_767_225_600, 1_767_225_600 + DAY), Span(1_767_225_600 + DAY, 1_767_225_600 + 2 * DAY))
SPEC = Job(account="sandbox", kinds=("sms",), first=date(2026, 1, 1)).spec()
START_MS = 1_767_229_200_000


def chat(start: int, *numbers: int, **values: Any) -> dict[str, Any]:
    entries = [
        {"created_at": START_MS + number * 1000, "created_by": "Ada", "message_content": f"Number {number}"}
        for number in numbers
    ]
    row = {"alive5_sessionID": "s1", "start_time": START_MS + start * 1000, "end_time": START_MS}
    return {**row, "chat_conversation": entries, **values}


class Kept:
    """A store, and what it keeps under one id."""

    def __init__(self, directory: Path) -> None:
        self.store = Store.open(directory, Disk())
        self.run = self.store.begin(SPEC)
        self.store.replan("sms", [], [StoredWindow(kind="sms", span=span) for span in SPANS])

    def put(self, *rows: dict[str, Any], window: int = 0) -> Change:
        made = encode("sms", list(rows), 1_800_000_000_000_000, {})
        done = FetchedWindow(kind="sms", span=SPANS[window], rows=made, observed_us=1, count=len(made))
        (change,) = self.store.finish([done], self.run)
        return change

    def names(self) -> dict[str, list[str]]:
        """Return the messages by the name files have."""
        self.store.settle_names("sms")
        kept = [row for month in self.store.months("sms") for row in self.store.rows("sms", month)]
        return {row.id: [said["message_content"] for said in messages_of(row.raw)] for row in kept}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.store.close()


SECOND = f"s1#{(START_MS + 60_000) * 1000}"
THIRD = f"s1#{(START_MS + 120_000) * 1000}"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("together", [True, False])
def test_the_earliest_has_the_id_whichever_came_first(order: tuple[int, ...], together: bool, kept: Kept) -> None:
    rows = [chat(number * 60, number) for number in order]
    if together:
        kept.put(*rows)
    else:
        for number, row in enumerate(rows):
            kept.put(row, window=number % 2)
    expected = {"s1": ["Number 0"], SECOND: ["Number 1"], THIRD: ["Number 2"]}
    assert expected == kept.names() == kept.names()
    assert 2 == kept.store.sharing_ids("sms")
    # Again, in the same run and in the next: nothing is new.
    assert 0 == sum(kept.put(row).new for row in rows)
    kept.run = kept.store.begin(SPEC)
    assert 0 == sum(kept.put(row).new for row in rows)
    assert expected == kept.names()


def test_a_later_state_of_each_replaces_that_one(kept: Kept) -> None:
    kept.put(chat(0, 1), chat(60, 61))
    kept.run = kept.store.begin(SPEC)
    assert Change(messages=2) == kept.put(chat(60, 61, 62, 63))
    assert {"s1": ["Number 1"], SECOND: ["Number 61", "Number 62", "Number 63"]} == kept.names()


def test_a_start_that_moved_is_told_by_a_message(kept: Kept) -> None:
    kept.put(chat(0, 1))
    kept.run = kept.store.begin(SPEC)
    kept.put(chat(60, 1, 61))
    assert {"s1": ["Number 1", "Number 61"]} == kept.names()


def test_people_who_began_in_the_same_second_are_kept_apart(kept: Kept) -> None:
    rows = [chat(0, number, crm_id=f"c{number}") for number in range(3)]
    kept.put(rows[0], rows[1])
    kept.put(rows[2], window=1)
    names = kept.names()
    assert 3 == len(names)
    assert [[f"Number {number}"] for number in range(3)] == sorted(names.values())


def test_what_is_set_aside_is_told_apart_as_well(kept: Kept) -> None:
    for number in (0, 1, 0, 1):
        kept.store.set_aside("sms", SPANS[0], encode("sms", [chat(number * 60, number)], 1_800_000_000_000_000, {}))
    assert Change(new=2, messages=2) == kept.put()
    assert {"s1": ["Number 0"], SECOND: ["Number 1"]} == kept.names()
