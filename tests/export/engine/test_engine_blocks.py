"""Rows staged in blocks: given back whole in any order, and no block outlives its rows."""

from __future__ import annotations

import hashlib
import itertools
import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from support.exporting import DAY_MS, FIRST_MS, digests, export, found

from alive5 import ExportError
from alive5.export.disk.files import Disk
from alive5.export.fetch import collector
from alive5.export.plan.span import Span
from alive5.export.plan.window import StoredWindow
from alive5.export.rows import blocks
from alive5.export.rows.blocks import Blocks, laid
from alive5.export.rows.encode import Encoded, encode
from alive5.export.rows.json_lines import line_of
from alive5.export.state.store import Store
from alive5.sandbox import Sandbox

SPAN = Span(0, 86_400)


def state(directory: Path) -> sqlite3.Connection:
    return sqlite3.connect(directory / ".alive5" / "state.db")


def numbers(directory: Path, query: str) -> set[int]:
    """
    Ask a state file for numbers.
    """
    with closing(state(directory)) as database:
        return {row[0] for row in database.execute(query)}


def chats(*days: int) -> Sandbox:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)
    for number in range(200):
        day = days[number % len(days)]
        sandbox.add("livechat", start_time=FIRST_MS + day * DAY_MS + number * 1000, end_time=FIRST_MS + day * DAY_MS)
    return sandbox


def test_lines_come_back_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_LARGEST", 100)
    monkeypatch.setattr(blocks, "_KEPT_BYTES", 250)
    lines = [bytes([65 + place]) * size for place, size in enumerate((1, 40, 70, 20, 500, 99, 1, 100, 30))]
    places = list(laid(lines))
    packed = list(dict.fromkeys(block for block, _, _ in places))
    assert [2, 2, 1, 2, 1, 1] == [sum(block is one for block, _, _ in places) for one in packed]
    reads: list[int] = []

    def read(number: int) -> bytes:
        reads.append(number)
        return packed[number].packed

    back = Blocks(read)
    order = [(packed.index(block), at, size) for block, at, size in places]
    assert lines == [back.line(*one) for one in order]
    assert reads == list(range(6))
    mixed = list(zip(order, lines, strict=True)) * 20
    random.Random(7).shuffle(mixed)
    for place, line in mixed:
        assert line == back.line(*place)
        assert sum(map(len, back._kept.values())) <= 500


def test_no_rows_need_no_block() -> None:
    assert not encode("sms", [], 0, {})


def test_a_row_read_again_leaves_no_block_behind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    dead = set()
    for day in range(2, 7):
        clock = itertools.repeat(FIRST_MS / 1000 + day * 86_400).__next__
        export(chats(0, 1, 2), out, kinds=("livechat",), start="2026-01-01", end="2026-01-31", clock=clock)
        living, there = numbers(out, "SELECT block FROM conv"), numbers(out, "SELECT id FROM block")
        assert living <= there
        dead |= there - living
    assert dead
    Store.open(out, Disk()).close()
    assert numbers(out, "SELECT block FROM conv") == numbers(out, "SELECT id FROM block")
    assert 200 == len(found(out)["livechat"])


def test_what_was_set_aside_is_forgotten_with_its_blocks(tmp_path: Path) -> None:
    store = Store.open(tmp_path, Disk())
    store.begin({})
    store.replan("sms", [], [StoredWindow(kind="sms", span=SPAN)])
    store.set_aside("sms", SPAN, encode("sms", Sandbox(sms=30).conversations("sms"), 0, {}))
    store.close()
    assert numbers(tmp_path, "SELECT id FROM block")
    Store.open(tmp_path, Disk()).close()
    assert not numbers(tmp_path, "SELECT id FROM block UNION SELECT rowid FROM spill")


def test_rows_set_aside_come_to_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(livechat=400, sms=150, fbm=20, clamped_limit=5, sms_fbm_pages=3)
    whole = export(sandbox, tmp_path / "held")
    aside: list[int] = []
    set_aside = Store.set_aside

    def noted(store: Store, kind: str, span: Span, rows: Sequence[Encoded]) -> int:
        aside.append(len(rows))
        return set_aside(store, kind, span, rows)

    monkeypatch.setattr(Store, "set_aside", noted)
    monkeypatch.setattr(collector, "_HELD_BYTES", 500)
    report = export(sandbox, tmp_path / "aside")
    assert sum(aside) > 100
    assert digests(tmp_path / "held") == digests(tmp_path / "aside")
    assert whole.counts == report.counts
    Store.open(tmp_path / "aside", Disk()).close()
    assert numbers(tmp_path / "aside", "SELECT block FROM conv") == numbers(tmp_path / "aside", "SELECT id FROM block")


def test_a_missing_block_is_told(tmp_path: Path) -> None:
    export(sandbox := Sandbox(livechat=40, sms=20, fbm=10), tmp_path / "out")
    with closing(state(tmp_path / "out")) as database, database:
        database.execute("DELETE FROM block WHERE id = (SELECT max(block) FROM conv)")
    with pytest.raises(ExportError, match="damaged"):
        export(sandbox, tmp_path / "out", formats=("csv",))


def test_rows_left_unread_when_the_store_is_closed_are_no_error(tmp_path: Path) -> None:
    export(Sandbox(livechat=40, sms=20, fbm=10), tmp_path / "out")
    store = Store.open(tmp_path / "out", Disk())
    rows = store.rows("livechat", "2026-01")
    assert next(rows).id
    store.close()
    rows.close()


@pytest.mark.parametrize("statement", ["at = at + 1", "sha = zeroblob(32)", "size = size - 1"])
def test_a_line_that_is_not_what_was_stored_is_not_rendered(tmp_path: Path, statement: str) -> None:
    export(sandbox := Sandbox(livechat=40, sms=20, fbm=10), tmp_path / "out")
    with closing(state(tmp_path / "out")) as database, database:
        change = f"UPDATE conv SET {statement} WHERE rowid = (SELECT max(rowid) FROM conv)"
        assert 1 == database.execute(change).rowcount
    before = (tmp_path / "out" / "MANIFEST.json").read_bytes()
    with pytest.raises(ExportError, match="damaged"):
        export(sandbox, tmp_path / "out", formats=("csv",))
    assert before == (tmp_path / "out" / "MANIFEST.json").read_bytes()


def test_every_value_of_the_state_is_checked(tmp_path: Path) -> None:
    Store.open(tmp_path, Disk()).close()
    with closing(state(tmp_path)) as database:
        held = {}
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            names = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            for index in [row[1] for row in database.execute(f"PRAGMA index_list({table})") if row[3] != "pk"]:
                names -= {row[2] for row in database.execute(f"PRAGMA index_xinfo({index})")}
            held[table] = names
    # Rows have digests, which say whether the block and the place in it are right; what is set aside is not kept.
    assert {"sha", "at", "size", "block"} == held.pop("conv")
    assert {"id", "packed"} == held.pop("block")
    held.pop("spill")
    assert {"id"} == held.pop("job")
    assert {frozenset()} == {frozenset(names) for names in held.values()}


def test_a_state_of_before_gets_the_indexes_of_now(tmp_path: Path) -> None:
    export(sandbox := Sandbox(livechat=40, sms=20, fbm=10), tmp_path / "out")
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    with closing(state(tmp_path / "out")) as database, database:
        now = database.execute(query).fetchall()
        for name, _ in now:
            database.execute(f"DROP INDEX {name}")
        database.execute("CREATE INDEX conv_order ON conv(kind, start_us, id)")
        database.execute("CREATE INDEX win_values ON win(high)")
    before = digests(tmp_path / "out")
    export(sandbox, tmp_path / "out")
    assert before == digests(tmp_path / "out")
    with closing(state(tmp_path / "out")) as database:
        assert now == database.execute(query).fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE job SET spec = '{'",
        "UPDATE job SET spec = '[]'",
        "UPDATE job SET spec = replace(spec, '2026', 'soon')",
        "UPDATE facts SET value = '{'",
    ],
)
def test_values_that_cannot_be_read_are_damage(tmp_path: Path, statement: str) -> None:
    export(sandbox := Sandbox(livechat=10, sms=5, fbm=5), tmp_path / "out")
    with closing(state(tmp_path / "out")) as database, database:
        assert database.execute(statement).rowcount
    with pytest.raises(ExportError, match="damaged"):
        export(sandbox, tmp_path / "out")


@pytest.mark.parametrize("size", [0, 1, 2046, 2047, 2048, 4094, 9999])
def test_a_digest_is_of_the_whole_line(size: int) -> None:
    row = {"alive5_sessionID": "one", "text": "x" * size}
    (encoded,) = encode("sms", [row], 0, {})
    assert hashlib.sha256(line_of("sms", row)).digest() == encoded.sha


@pytest.mark.parametrize(("name", "synthetic"), [("ascii", False), ("séance-😀", False), ("lone-\ud800", True)])
def test_only_an_id_that_no_file_can_hold_is_made(name: str, synthetic: bool) -> None:
    (encoded,) = encode("sms", [{"alive5_sessionID": name}], 0, {})
    assert (synthetic, not synthetic) == (bool(encoded.synthetic), name == encoded.id)
    assert encoded.id.startswith("synthetic-") == synthetic
