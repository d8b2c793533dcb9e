"""E9: every surprise through every format, read back by the tools people use."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow.parquet as pq
import pytest
from support import render_expected as expected
from support.render import FORMATS, MemoryStore, Row, export, nasty

from alive5.export.dataset.formats._csv_guard import guard
from alive5.export.dataset.schema import TABLES
from alive5.export.disk.files import Disk
from alive5.export.read.reader import open_export
from alive5.export.render.render import render

pytestmark = pytest.mark.promise("E9")
TABLE_NAMES = tuple(TABLES)


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return MemoryStore(nasty())


@pytest.fixture(scope="module")
def truth(store: MemoryStore) -> dict[str, list[Row]]:
    return expected.tables(store)


@pytest.fixture(scope="module")
def out(store: MemoryStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("nasty")
    render(store, directory, Disk(), formats=FORMATS)
    return directory


@pytest.fixture(autouse=True)
def long_cells() -> Iterator[None]:
    before = csv.field_size_limit(2**24)
    yield
    csv.field_size_limit(before)


def rows_of(names: tuple[str, ...], values: Any) -> list[Row]:
    return [opened(dict(zip(names, row, strict=True))) for row in values]


def opened(row: Row) -> Row:
    """Read what is JSON in a row; the texts themselves are compared where they are written."""
    return {**row, "extra_json": json.loads(row["extra_json"]) if row["extra_json"] else {}}


def test_jsonl_is_what_was_delivered(out: Path, store: MemoryStore) -> None:
    delivered = []
    for path in open_export(out).files("conversations", "jsonl"):
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            delivered += [json.loads(line) for line in lines]
    wanted = []
    for kind in ("livechat", "sms", "fbm"):
        for month in store.months(kind):
            for row in store.rows(kind, month):
                line = {("delivered_" * (name in TAKEN) + name): value for name, value in row.raw.items()}
                given = row.raw.get("alive5_sessionID") or "threadData" in row.raw
                wanted.append({**line, "kind": kind, **({} if given else {"synthetic_id": row.id})})
    assert wanted == delivered
    restored = [{**row.raw, "kind": kind} for kind, row in every(store)]
    assert restored == list(open_export(out).delivered())


TAKEN = ("kind", "delivered_kind", "synthetic_id", "delivered_synthetic_id")


def every(store: MemoryStore) -> Iterator[tuple[str, Any]]:
    for kind in ("livechat", "sms", "fbm"):
        for month in store.months(kind):
            for row in store.rows(kind, month):
                yield kind, row


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_parquet_by_pyarrow(out: Path, truth: dict[str, list[Row]], table: str) -> None:
    found: list[Row] = []
    for path in open_export(out).files(table, "parquet"):
        found += map(opened, pq.read_table(path, partitioning=None).to_pylist())
    assert truth[table] == found


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_parquet_and_its_folders_by_duckdb(out: Path, truth: dict[str, list[Row]], table: str) -> None:
    names = TABLES[table].names
    with closing(duckdb.connect()) as database:
        database.execute("SET TimeZone = 'UTC'")
        # A glob over the folders, as people write it; the folders' own columns do not clash with the rows'.
        where = out.as_posix()
        query = f"SELECT {', '.join(names)} FROM read_parquet('{where}/{table}/**/*.parquet')"
        found = rows_of(names, database.execute(query).fetchall())
    assert by_key(truth[table]) == by_key(found)


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_duckdb_by_duckdb(out: Path, truth: dict[str, list[Row]], table: str) -> None:
    (path,) = open_export(out).files(table, "duckdb")
    with closing(duckdb.connect(str(path), read_only=True)) as database:
        database.execute("SET TimeZone = 'UTC'")
        found = rows_of(TABLES[table].names, database.execute(f"SELECT * FROM {table}").fetchall())
        assert [(1,)] == database.execute("SELECT 1 FROM conversations WHERE session_id = 'thread-1'").fetchall()
    assert truth[table] == found


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_sqlite_by_sqlite3(out: Path, truth: dict[str, list[Row]], table: str) -> None:
    (path,) = open_export(out).files(table, "sqlite")
    with closing(sqlite3.connect(path)) as database:
        found = rows_of(TABLES[table].names, database.execute(f"SELECT * FROM {table} ORDER BY rowid"))
        assert [("ok",)] == database.execute("PRAGMA integrity_check").fetchall()
        joined = "SELECT count(*) FROM messages JOIN conversations USING (kind, session_id)"
        assert [(len(truth["messages"]),)] == database.execute(joined).fetchall()
    wanted = [{name: lite(value) for name, value in row.items()} for row in truth[table]]
    assert wanted == [{**row, **({"tags": tags(row)} if "tags" in row else {})} for row in found]


def lite(value: Any) -> Any:
    if isinstance(value, datetime):
        return text_of(value)
    return int(value) if isinstance(value, bool) else value


def tags(row: Row) -> Any:
    return None if row["tags"] is None else json.loads(row["tags"])


def text_of(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_csv_by_the_csv_module(out: Path, truth: dict[str, list[Row]], table: str) -> None:
    found: list[Row] = []
    for path in open_export(out).files(table, "csv"):
        raw = path.read_bytes()
        assert raw.endswith(b'"\r\n')
        assert b"\x00" not in raw
        header, *lines = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))
        assert list(TABLES[table].names) == header
        found += rows_of(tuple(header), lines)
    assert [cells(row) for row in truth[table]] == [
        {**row, **({"tags": seen(row)} if "tags" in row else {})} for row in found
    ]


def seen(row: Row) -> Any:
    return json.loads(row["tags"]) if row["tags"] else ""


def cells(row: Row) -> Row:
    made = {}
    for name, value in row.items():
        if value is None:
            made[name] = ""
        elif isinstance(value, datetime):
            made[name] = text_of(value)
        elif isinstance(value, bool):
            made[name] = "true" if value else "false"
        elif isinstance(value, str):
            made[name] = guard(value.replace("\x00", ""))
        else:
            made[name] = value if name in ("tags", "extra_json") else str(value)
    return made


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_csv_by_pandas_polars_and_duckdb(out: Path, truth: dict[str, list[Row]], table: str) -> None:
    names = TABLES[table].names
    with closing(duckdb.connect()) as database:
        for path in open_export(out).files(table, "csv"):
            with path.open(encoding="utf-8", newline="") as text:
                _, *lines = csv.reader(text)
            frame = pandas.read_csv(path, dtype=str, keep_default_na=False, na_filter=False)
            assert lines == frame.to_numpy().tolist()
            polar = polars.read_csv(path, infer_schema=False).fill_null("")
            assert [tuple(line) for line in lines] == polar.rows()
            options = "all_varchar = true, header = true, hive_partitioning = false, max_line_size = 2000000"
            query = f"FROM read_csv('{path}', {options})"
            duck = [tuple(cell or "" for cell in row) for row in database.execute(query).fetchall()]
            assert [tuple(line) for line in lines] == duck
            assert len(names) == len(frame.columns)


@pytest.mark.parametrize("table", TABLE_NAMES)
@pytest.mark.parametrize("name", FORMATS)
def test_the_reader_gives_the_same_from_every_format(
    tmp_path: Path, store: MemoryStore, truth: dict[str, list[Row]], name: str, table: str
) -> None:
    render(store, tmp_path, Disk(), formats=[name])
    reader = open_export(tmp_path)
    found = list(reader.conversations() if table == "conversations" else reader.messages())
    wanted = [csv_sees(row) for row in truth[table]] if name == "csv" else truth[table]
    assert wanted == [opened(row) for row in found]
    arrow = reader.to_arrow(table)
    assert found == arrow.to_pylist()
    assert TABLES[table].names == tuple(arrow.column_names)
    assert found == reader.to_polars(table).to_dicts() == reader.scan_polars(table).collect().to_dicts()
    assert [row["session_id"] for row in found] == reader.to_pandas(table)["session_id"].tolist()
    assert [(len(found),)] == reader.sql(f"SELECT count(*) FROM {table}").fetchall()


def csv_sees(row: Row) -> Row:
    """CSV has no null, and no NUL."""
    plain = {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in row.items()}
    return {name: None if value == "" else value for name, value in plain.items()}


def by_key(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["kind"], row["session_id"], row.get("seq", 0)))


def test_pandas_keeps_moments_in_the_zone_asked_for(tmp_path: Path) -> None:
    export(tmp_path, [("sms", {"alive5_sessionID": "a", "start_time": 1_767_225_600_123, "tags": ["vip"]})], "parquet")
    frame = open_export(tmp_path).to_pandas("conversations", tz="America/New_York")
    assert "2025-12-31 19:00:00.123000-05:00" == str(frame["start_time"][0])
    assert ["vip"] == list(frame["tags"][0])
    assert pandas.isna(frame["end_time"][0])


def test_duckdb_reads_the_json_lines(tmp_path: Path) -> None:
    export(tmp_path, [("sms", {"alive5_sessionID": "a", "start_time": 1_767_225_600_123, "contacts_notes": "\x00é"})])
    (path,) = open_export(tmp_path).files("conversations")
    with closing(duckdb.connect()) as database:
        query = f"SELECT kind, contacts_notes FROM read_json('{path}')"
        assert [("sms", "\x00é")] == database.execute(query).fetchall()


def test_what_could_not_be_held_is_counted(out: Path, store: MemoryStore) -> None:
    oddities = open_export(out).manifest.oddities
    lone = 2 * (3 + 4)  # in two rows: notes, assigned_to and tags; author and text of two messages
    assert lone == oddities["surrogates_replaced"]
    unread_starts = 5  # "soon", -5, True, [] and {...}; each as start, end and in a message
    unread_in_messages = 7  # of the odd values: what is neither null, "" nor 0, nor a moment
    assert 3 * unread_starts + unread_in_messages == oddities["times_unread"]
    assert oddities["csv_nul_removed"] > 0
    assert oddities["csv_cells_escaped"] > 0
