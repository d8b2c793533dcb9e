"""Reading: only what the manifest names, with an error that says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.render import FORMATS, chats, export, reseal, sealed

import alive5
from alive5.errors import ConfigurationError, ExportError, InvalidArgumentError
from alive5.export.dataset.extras import need
from alive5.export.dataset.manifest import MANIFEST
from alive5.export.read.reader import open_export


@pytest.fixture
def out(tmp_path: Path) -> Path:
    export(tmp_path, chats(3), "jsonl", "csv", job={"kinds": ["livechat", "sms", "fbm"]}, grades={"livechat": "A"})
    return tmp_path


def edit(out: Path, **values: Any) -> None:
    manifest = json.loads((out / MANIFEST).read_bytes())
    (out / MANIFEST).write_text(sealed({**manifest, **values}))


def test_the_manifest_tells_what_there_is(out: Path) -> None:
    facts = json.loads((out / MANIFEST).read_bytes())
    assert [
        "schema_version", "generator", "job", "sandbox", "kinds", "complete", "grades", "counts", "anomalies",
        "oddities", "finished_at", "as_of", "sweep_runs", "forgotten", "files", "manifest_sha256",
    ] == list(facts)  # fmt: skip
    assert {"name": "alive5", "version": alive5.__version__} == facts["generator"]
    assert (["livechat", "sms", "fbm"], {"livechat": "A"}) == (facts["kinds"], facts["grades"])
    for entry in facts["files"]:
        assert ["path", "table", "format", "rows", "bytes", "sha256", "kind", "month"] == list(entry)[:8]
    rows: dict[tuple[str, str], int] = {}
    for entry in facts["files"]:
        rows[entry["format"], entry["table"]] = rows.get((entry["format"], entry["table"]), 0) + entry["rows"]
    messages = sum(counts["messages"] for counts in facts["counts"].values())
    assert {("jsonl", "conversations"): 9, ("csv", "conversations"): 9, ("csv", "messages"): messages} == rows


def test_files_are_given_by_table_and_format(out: Path) -> None:
    reader = open_export(out)
    assert {".gz", ".csv"} == {path.suffix for path in reader.files("conversations")}
    assert all(path.is_file() and "messages" in path.parts for path in reader.files("messages", "csv"))
    assert reader.files("messages", "jsonl") == reader.files("conversations", "jsonl")
    assert [] == reader.files("messages", "parquet")
    for unknown in ("users", ""):
        with pytest.raises(InvalidArgumentError, match="conversations, messages"):
            reader.files(unknown)


def test_it_is_public(out: Path) -> None:
    assert list(alive5.open_export(out).conversations()) == list(open_export(str(out)).conversations())


def test_its_repr_counts_and_quotes_nothing(out: Path) -> None:
    assert repr(open_export(out)).startswith("<ExportReader formats=jsonl,csv counts=")


def test_a_directory_without_a_manifest_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="holds no finished export"):
        open_export(tmp_path)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b"null", b"\xff", b'{"schema_version": 1, "files": [{}]}'])
def test_a_damaged_manifest_is_refused(out: Path, text: bytes) -> None:
    (out / MANIFEST).write_bytes(text)
    with pytest.raises(ExportError, match="damaged"):
        open_export(out)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd", "../secret.csv", "conversations/../../secret.csv", "", "MANIFEST.json", None, 7,
        "conversations/kind=sms/month=2026-01/part-0123456789abcdef.csv/../x",
        "conversations/kind=other/month=2026-01/part-0123456789abcdef.csv",
        "conversations/kind=sms/month=2026-01/part-0123456789abcdef.csv\n",
    ],
)  # fmt: skip
def test_a_manifest_cannot_name_a_file_elsewhere(out: Path, path: Any) -> None:
    files = json.loads((out / MANIFEST).read_bytes())["files"]
    edit(out, files=[{**files[0], "path": path}])
    with pytest.raises(ExportError, match="damaged"):
        open_export(out)


def test_a_newer_schema_asks_for_a_newer_package(out: Path) -> None:
    edit(out, schema_version=2)
    with pytest.raises(ExportError, match="newer alive5"):
        open_export(out)


def test_a_newer_manifest_of_the_same_schema_is_read(out: Path) -> None:
    edit(out, something_new={"a": 1})
    assert len(list(open_export(out).conversations())) == 9


def test_a_missing_file_is_named(out: Path) -> None:
    path = open_export(out).files("conversations", "jsonl")[0]
    path.unlink()
    with pytest.raises(ExportError, match=r"part-\w+\.jsonl\.gz: is missing; run the export again"):
        list(open_export(out).conversations())
    with pytest.raises(ExportError, match="is missing"):
        open_export(out).check()


def test_a_file_of_another_size_is_not_read(out: Path) -> None:
    path = open_export(out).files("conversations", "jsonl")[0]
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ExportError, match="not what was written; delete it"):
        list(open_export(out).delivered())


def test_a_changed_byte_is_found_on_demand(out: Path) -> None:
    open_export(out).check()
    path = open_export(out).files("messages", "csv")[0]
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    with pytest.raises(ExportError, match="not what was written"):
        open_export(out).check()


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_named_without_its_content(tmp_path: Path, name: str) -> None:
    export(tmp_path, chats(3, ["sms"]), name)
    for path in open_export(tmp_path).files("conversations"):
        path.write_bytes(b"+12025550147" * (path.stat().st_size // 12) + b"." * (path.stat().st_size % 12))
    with pytest.raises(ExportError, match="not what was written"):
        list(open_export(tmp_path).conversations())
    reseal(tmp_path)
    with pytest.raises(ExportError, match="cannot be read") as caught:
        list(open_export(tmp_path).conversations())
    assert "2025550147" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_rows_as_delivered_need_the_json_lines(tmp_path: Path) -> None:
    export(tmp_path, chats(1), "csv")
    with pytest.raises(ExportError, match="jsonl"):
        next(open_export(tmp_path).delivered())


def test_sql_joins_both_tables_in_utc(out: Path) -> None:
    rows = open_export(out).sql(
        "SELECT kind, count(DISTINCT session_id), count(*) FROM conversations JOIN messages USING (kind, session_id)"
        " GROUP BY ALL ORDER BY kind"
    )
    counts = open_export(out).manifest.counts
    assert [(kind, 3, counts[kind]["messages"]) for kind in ("fbm", "livechat", "sms")] == rows.fetchall()
    assert [("UTC",)] == open_export(out).sql("SELECT current_setting('TimeZone')").fetchall()


QUERIES = (
    "SELECT * FROM read_csv('{}')",
    "SELECT * FROM '{}'",
    "SELECT * FROM read_text('{}')",
    "COPY conversations TO '{}.copy'",
    "ATTACH '{}.db' AS other",
    "EXPORT DATABASE '{}.folder'",
    "INSTALL httpfs",
    "LOAD '{}'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET enable_external_access",
)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_reaches_nothing_else(out: Path, tmp_path_factory: pytest.TempPathFactory, query: str) -> None:
    import duckdb

    secret = tmp_path_factory.mktemp("elsewhere") / "secret.csv"
    secret.write_text("a\nsecret\n")
    reader = open_export(out)
    with pytest.raises(duckdb.Error) as caught:
        reader.sql(query.format(secret)).fetchall()
    assert not isinstance(caught.value, duckdb.ParserException)
    assert ["secret.csv"] == [path.name for path in secret.parent.iterdir()]
    assert [(9,)] == reader.sql("SELECT count(*) FROM conversations").fetchall()


def test_what_is_outside_is_reached_when_asked_for(out: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    there = tmp_path_factory.mktemp("elsewhere") / "counts.csv"
    reader = open_export(out)
    assert [(9,)] == reader.sql("SELECT count(*) FROM conversations").fetchall()
    query = f"COPY (SELECT count(*) AS n FROM conversations) TO '{there}' (HEADER false)"
    reader.sql(query, external=True)
    assert "9" == there.read_text().strip()
    assert [(9,)] == reader.sql(f"SELECT * FROM read_csv('{there}')", external=True).fetchall()


def test_a_file_that_changes_while_it_is_read_is_refused(out: Path) -> None:
    reader = open_export(out)
    assert 9 == len(list(reader.conversations()))
    path = reader.files("conversations", "jsonl")[0]
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(bytes([*content[:-1], content[-1] ^ 1]))
    with pytest.raises(ExportError, match="not what was written"):
        list(reader.conversations())


def test_an_unknown_zone_is_refused(out: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="time zone"):
        open_export(out).to_pandas("messages", tz="Mars/Olympus")


def test_a_package_that_is_not_there_says_how_to_get_it() -> None:
    with pytest.raises(ConfigurationError, match=r"this needs nosuchpackage: pip install 'alive5\[parquet\]'"):
        need("nosuchpackage.part", "parquet")


@pytest.mark.parametrize("formats", [(), ("xls",), ("jsonl", "JSONL")])
def test_unknown_formats_are_refused_before_anything_is_written(tmp_path: Path, formats: tuple[str, ...]) -> None:
    from support.render import MemoryStore

    from alive5.export.disk.files import Disk
    from alive5.export.render.render import render

    with pytest.raises(InvalidArgumentError, match="formats must"):
        render(MemoryStore(), tmp_path / "out", Disk(), formats=formats)
    assert not (tmp_path / "out").exists()


def test_without_extras_the_free_formats_are_written_and_read(tmp_path: Path) -> None:
    script = f"""
import sys
for name in ("pyarrow", "duckdb", "pandas", "polars"):
    sys.modules[name] = None
sys.path[:0] = {sys.path!r}
from support.render import chats, export
from alive5.export.read.reader import open_export
from alive5.export.verify import verify
export(__import__("pathlib").Path({str(tmp_path)!r}), chats(2), "jsonl", "csv", "sqlite")
print(len(list(open_export({str(tmp_path)!r}).conversations())), verify({str(tmp_path)!r}).problems)
try:
    open_export({str(tmp_path)!r}).to_arrow("messages")
except Exception as error:
    print(type(error).__name__, error)
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert "6 ()\nConfigurationError this needs pyarrow: pip install 'alive5[parquet]'\n" == ran.stdout, ran.stderr
