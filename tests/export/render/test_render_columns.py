"""Parquet files are read as columns, without a tuple of Python a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.render import chats, export

from alive5.errors import ExportError
from alive5.export.dataset.formats.parquet import Parquet
from alive5.export.dataset.schema import TABLES, arrow_schema
from alive5.export.read.reader import open_export

READINGS = {
    "arrow": lambda reader, table: reader.to_arrow(table).to_pylist(),
    "pandas": lambda reader, table: reader.to_pandas(table).to_dict("records"),
    "polars": lambda reader, table: reader.to_polars(table).to_dicts(),
    "lazy": lambda reader, table: reader.scan_polars(table).collect().to_dicts(),
    "sql": lambda reader, table: reader.sql(f"FROM {table}").fetchall(),
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    export(tmp_path, chats(20), "parquet", "jsonl")
    return tmp_path


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("reading", READINGS)
def test_parquet_is_read_as_columns(out: Path, monkeypatch: pytest.MonkeyPatch, reading: str, table: str) -> None:
    wanted = [row["session_id"] for row in getattr(open_export(out), table)()]

    def tuples(*_: Any) -> Any:
        raise AssertionError("read row by row")

    monkeypatch.setattr(Parquet, "read", tuples)
    rows = READINGS[reading](open_export(out), table)
    assert wanted == [row[1] if isinstance(row, tuple) else row["session_id"] for row in rows]


@pytest.mark.parametrize("table", TABLES)
def test_columns_have_the_schema_of_the_version(out: Path, table: str) -> None:
    assert arrow_schema(TABLES[table]).equals(open_export(out).to_arrow(table).schema, check_metadata=True)


@pytest.mark.parametrize("reading", READINGS)
def test_a_damaged_file_is_refused_before_it_is_read(out: Path, reading: str) -> None:
    for path in open_export(out).files("messages", "parquet")[-1:]:
        content = path.read_bytes()
        path.write_bytes(content[:-9] + b"x" + content[-8:])
    with pytest.raises(ExportError, match="not what was written"):
        READINGS[reading](open_export(out), "messages")


def test_a_lazy_frame_reads_what_the_manifest_names(out: Path) -> None:
    stray = open_export(out).files("messages", "parquet")[0]
    stray.with_name("part-0123456789abcdef.parquet").write_bytes(stray.read_bytes())
    reader = open_export(out)
    expected = sum(counts["messages"] for counts in reader.manifest.counts.values())
    assert expected == reader.scan_polars("messages").collect().height
    assert [(expected,)] == reader.sql("SELECT count(*) FROM messages").fetchall()


def test_an_export_without_rows_gives_empty_tables(tmp_path: Path) -> None:
    export(tmp_path, [], "parquet")
    for table in TABLES.values():
        assert (0, list(table.names)) == (
            (frame := open_export(tmp_path).scan_polars(table.name).collect()).height, frame.columns,
        )  # fmt: skip


@pytest.mark.parametrize("condition", ["created_at >= '{0}'", "created_at < '{0}' AND seq > 0", "created_by IS NULL"])
def test_a_condition_on_parquet_finds_what_it_finds_elsewhere(out: Path, tmp_path: Path, condition: str) -> None:
    export(tmp_path / "lines", chats(20), "jsonl")
    moments = sorted(row["created_at"] for row in open_export(out).messages())
    query = f"SELECT session_id, seq FROM messages WHERE {condition.format(moments[len(moments) // 2])} ORDER BY ALL"
    assert open_export(tmp_path / "lines").sql(query).fetchall() == open_export(out).sql(query).fetchall()


def test_a_query_cannot_write_to_the_files_it_reads(out: Path) -> None:
    reader = open_export(out)
    path = reader.files("messages", "parquet")[0]
    with pytest.raises(duckdb.PermissionException):
        reader.sql(f"COPY (SELECT 1) TO '{path}' (USE_TMP_FILE false)")
    reader.check()
