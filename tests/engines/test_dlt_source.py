"""The dlt source loads what an export holds, run after run, and its state moves with the rows only."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import attrs
import dlt
import pytest
from dlt.pipeline.exceptions import PipelineStepFailed
from support.front import served
from support.postgres import postgres
from support.unpacked import unpacked
from support.watch import CANARY, shows_key

from alive5 import Alive5, OtherJobError, open_export
from alive5.dlt import alive5_source
from alive5.export.dataset.formats._cells import to_cell
from alive5.export.dataset.schema import TABLES
from alive5.sandbox import Sandbox

# dlt logs by a method that is no more to be used, and nothing is to be done about it here.
pytestmark = pytest.mark.filterwarnings("ignore:The 'warn' method is deprecated:DeprecationWarning")

Row = dict[str, Any]
SIZES = {"livechat": 200, "sms": 60, "fbm": 40}


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's user is read or written, and dlt calls nobody."""
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres() as address:
        yield address


@attrs.frozen(eq=False)
class Warehouse:
    """A sandbox that is served, and a destination."""

    sandbox: Sandbox
    origin: str
    destination: Any
    home: Path

    def pipeline(self, machine: str = "first") -> Any:
        return dlt.pipeline(
            "alive5", destination=self.destination, dataset_name="chats", pipelines_dir=str(self.home / machine)
        )

    def source(self, **options: Any) -> Any:
        """Read all again, so that nothing is missed whatever the day is."""
        options = {"start": "2026-01-01", "sweep": "all", "api_key": CANARY, **options}
        return alive5_source(base_url=f"{self.origin}/public/1.0", **options)

    def load(self, machine: str = "first", **options: Any) -> Any:
        pipeline = self.pipeline(machine)
        pipeline.run(self.source(**options))
        return pipeline

    def execute(self, statement: str) -> Any:
        with self.pipeline().sql_client() as client:
            return client.execute_sql(statement)

    def rows(self, name: str) -> list[Row]:
        table = TABLES[name]
        rows = self.execute(f"SELECT {', '.join(table.names)} FROM {name}")
        return sorted(
            ({column: plain(value) for column, value in zip(table.names, row, strict=True)} for row in rows),
            key=lambda row: [row[column] for column in table.key],
        )

    def exported(self, name: str) -> list[Row]:
        """Return the rows an export of now has, as SQL has them."""
        with Alive5(CANARY, base_url=f"{self.origin}/public/1.0") as client:
            client.export(self.home / "export", start="2026-01-01", since_last=True, sweep="all")
        table = TABLES[name]
        types = {column.name: column.type for column in table.columns}

        def value(column: str, value: Any) -> Any:
            value = to_cell("texts", value) if types[column] == "texts" and value is not None else value
            return value.replace("\0", "") if isinstance(value, str) else value

        rows = getattr(open_export(self.home / "export"), name)()
        found = [{column: value(column, held) for column, held in row.items()} for row in rows]
        return sorted(found, key=lambda row: [row[column] for column in table.key])

    def check(self) -> None:
        """Fail unless both tables are those of an export."""
        for name in TABLES:
            wanted, found = self.exported(name), self.rows(name)
            assert [] == differences(wanted, found)


def differences(wanted: list[Row], found: list[Row]) -> list[Any]:
    """Return the values that differ, or the keys that only one side has."""
    keys = [[(row["kind"], row["session_id"], row.get("seq")) for row in rows] for rows in (wanted, found)]
    if keys[0] != keys[1]:
        return sorted(set(keys[0]) ^ set(keys[1])) or ["rows came twice"]
    both = zip(wanted, found, strict=True)
    return [(name, one[name], other[name]) for one, other in both for name in one if one[name] != other[name]]


def plain(value: Any) -> Any:
    return value.astimezone(timezone.utc) if isinstance(value, datetime) else value


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    sandbox = Sandbox(**SIZES, api_key=CANARY)
    if request.param == "duckdb":
        destination = dlt.destinations.duckdb(str(tmp_path / "rows.duckdb"))
    else:
        destination = dlt.destinations.postgres(request.getfixturevalue("database"))
    with served(sandbox) as origin:
        made = Warehouse(sandbox, origin, destination, tmp_path)
        yield made
        if request.param == "postgres":
            made.execute("DROP SCHEMA IF EXISTS chats CASCADE; DROP SCHEMA IF EXISTS chats_staging CASCADE")


def named(sandbox: Sandbox, kind: str, number: int) -> Row:
    """Return one of the conversations of the period."""
    return [row for row in sandbox.conversations(kind) if row["start_time"] >= 1_767_225_600_000][number]


def live_on(sandbox: Sandbox) -> None:
    """Let conversations grow, shrink, lose all messages, change their tags, and new ones begin."""
    for kind in SIZES:
        grown, shrunk, empty, tagged = (named(sandbox, kind, number) for number in range(4))
        said = {"created_at": grown["start_time"], "created_by": "Visitor", "message_content": "null\0 and \U0001f600"}
        sandbox.change(kind, grown["alive5_sessionID"], chat_conversation=[*grown["chat_conversation"], said])
        sandbox.change(kind, shrunk["alive5_sessionID"], chat_conversation=shrunk["chat_conversation"][:1])
        sandbox.change(kind, empty["alive5_sessionID"], chat_conversation=[])
        sandbox.change(kind, tagged["alive5_sessionID"], tags=["one", 'a "quoted", one', "nul\0"])
        sandbox.add(kind, start_time=named(sandbox, kind, 5)["start_time"] + 1)


def test_two_runs_over_changed_data_equal_the_export(warehouse: Warehouse) -> None:
    warehouse.load()
    warehouse.check()
    live_on(warehouse.sandbox)
    warehouse.load()
    warehouse.check()
    live_on(warehouse.sandbox)
    warehouse.load()
    warehouse.check()


def test_the_feed_of_the_current_edition_finds_threads_of_long_ago(warehouse: Warehouse) -> None:
    options = {"edition": "current", "read_url": f"{warehouse.origin}/public/1.0", "sweep": "none", "kinds": ["sms"]}
    warehouse.load(**options)
    old = named(warehouse.sandbox, "sms", 2)
    now = int(datetime.now(timezone.utc).timestamp() * 1000)
    said = {"created_at": now, "created_by": "Visitor", "message_content": "Still there?"}
    warehouse.sandbox.change("sms", old["alive5_sessionID"], chat_conversation=[*old["chat_conversation"], said])
    warehouse.load(**options)
    found = [
        row["message_content"] for row in warehouse.rows("messages") if row["session_id"] == old["alive5_sessionID"]
    ]
    assert "Still there?" == found[-1]


def test_state_comes_back_from_the_destination(warehouse: Warehouse) -> None:
    first = warehouse.load()
    asked = len(warehouse.sandbox.requests)
    live_on(warehouse.sandbox)
    second = warehouse.load("second", sweep="none")
    assert first.state["sources"]["alive5"]["kinds"].keys() == second.state["sources"]["alive5"]["kinds"].keys()
    assert len(warehouse.sandbox.requests) - asked < asked / 2, "it began anew"
    warehouse.load("third")
    warehouse.check()


def test_one_reading_serves_both_tables(warehouse: Warehouse) -> None:
    """However many requests a run takes, it lists each page of the period once more at most, and not twice."""
    pages: list[int] = []
    for names in (["conversations", "messages"], ["conversations"]):
        before = len(warehouse.sandbox.requests)
        warehouse.pipeline().extract(warehouse.source().with_resources(*names))
        pages.append(len(warehouse.sandbox.requests) - before)
        warehouse.pipeline().drop()
    assert pages[0] < 1.2 * pages[1]


def test_a_table_that_is_added_later_is_whole(warehouse: Warehouse) -> None:
    warehouse.pipeline().run(warehouse.source(sweep="none").with_resources("conversations"))
    warehouse.load(sweep="none")
    warehouse.check()


@pytest.mark.parametrize("machine", ["first", "second"])
def test_a_failed_load_moves_no_state(machine: str, warehouse: Warehouse) -> None:
    """On the machine where it failed the rows wait for the next run; on another one they are read again."""
    warehouse.load()
    before = warehouse.execute("SELECT version_hash FROM _dlt_pipeline_state")
    live_on(warehouse.sandbox)
    with failing(warehouse), pytest.raises(PipelineStepFailed):
        warehouse.load()
    assert before == warehouse.execute("SELECT version_hash FROM _dlt_pipeline_state")
    warehouse.load(machine, sweep="none" if machine == "first" else "all")
    warehouse.check()


def test_an_aborted_load_moves_no_state(warehouse: Warehouse) -> None:
    before = warehouse.load().state["sources"]
    live_on(warehouse.sandbox)
    with failing(warehouse), pytest.raises(PipelineStepFailed):
        warehouse.load()
    warehouse.pipeline().abort_packages()
    assert before == warehouse.pipeline().state["sources"]
    warehouse.load()
    warehouse.check()


class failing:
    """A destination whose table of messages is one that cannot be written to."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._execute = warehouse.execute

    def __enter__(self) -> None:
        self._execute("ALTER TABLE messages RENAME TO kept")
        self._execute("CREATE VIEW messages AS SELECT DISTINCT * FROM kept")

    def __exit__(self, *_: Any) -> None:
        self._execute("DROP VIEW messages")
        self._execute("ALTER TABLE kept RENAME TO messages")


def test_what_is_not_proven_fails_with_its_name_and_moves_no_state(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=2_000, ignored_page=True, clamped_limit=4, api_key=CANARY)
    with served(sandbox) as origin:
        made = Warehouse(sandbox, origin, dlt.destinations.duckdb(str(tmp_path / "rows.duckdb")), tmp_path)
        with pytest.raises(PipelineStepFailed, match=r"livechat 2026-01-01\.\.2026-01-31: grade C, B is required"):
            made.load(kinds=["livechat"], end="2026-01-31")
        assert not made.pipeline().state.get("sources", {}).get("alive5", {}).get("kinds")
        made.load(kinds=["livechat"], end="2026-01-31", require="C")
        assert made.rows("conversations")


def test_another_account_is_refused(tmp_path: Path) -> None:
    sandbox = Sandbox(**SIZES, api_key=CANARY)
    with served(sandbox) as origin:
        made = Warehouse(sandbox, origin, dlt.destinations.duckdb(str(tmp_path / "rows.duckdb")), tmp_path)
        pipeline = made.load()
        with pipeline.managed_state(extract_state=True) as state:
            state["sources"]["alive5"]["kinds"]["livechat"]["known"]["account"] = "0123456789abcdef"
        pipeline.normalize()
        pipeline.load()
        with pytest.raises(PipelineStepFailed) as failed:
            made.load()
        assert isinstance(failed.value.__cause__.__cause__, OtherJobError)


def test_it_runs_inside_a_running_loop(warehouse: Warehouse) -> None:
    async def main() -> None:
        warehouse.load()

    asyncio.run(main())
    warehouse.check()


def secret_of_env(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("SOURCES__ALIVE5__API_KEY", CANARY)
    return {"api_key": dlt.secrets.value}


def secret_of_dlt(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setitem(dlt.secrets, "sources.alive5.api_key", CANARY)
    return {"api_key": dlt.secrets.value}


def argument(_: pytest.MonkeyPatch) -> dict[str, Any]:
    return {"api_key": CANARY}


@pytest.mark.promise("D1")
@pytest.mark.parametrize(
    ("warehouse", "given"),
    [("duckdb", argument), ("duckdb", secret_of_env), ("duckdb", secret_of_dlt), ("postgres", secret_of_env)],
    indirect=["warehouse"],
)
def test_the_key_is_nowhere_in_the_pipelines_directory(
    given: Callable[[pytest.MonkeyPatch], dict[str, Any]], warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = given(monkeypatch)
    warehouse.load(**options)
    live_on(warehouse.sandbox)
    with failing(warehouse), pytest.raises(PipelineStepFailed):
        warehouse.load(**options)
    warehouse.load(**options)
    warehouse.sandbox.fail("server_error_before", times=None)
    with pytest.raises(PipelineStepFailed):
        warehouse.load(**options)
    places = list(leaks(warehouse.home / "first")) + list(leaks(warehouse.home / "dlt"))
    assert [] == places
    assert {".gz", ".json", ".pickle"} <= {path.suffix for path, _ in unpacked(warehouse.home / "first")}


def leaks(folder: Path) -> Iterator[Path]:
    for path, content in unpacked(folder):
        if shows_key(content.decode("latin-1")):
            yield path


def test_a_key_that_is_packed_would_be_found(tmp_path: Path) -> None:
    import base64
    import zlib

    import pyarrow as pa
    import pyarrow.parquet as pq

    state = base64.b64encode(zlib.compress(json.dumps({"key": CANARY}).encode())).decode()
    (tmp_path / "a.gz").write_bytes(gzip.compress(f"INSERT INTO t VALUES ('{state}')".encode()))
    (tmp_path / "b.json").write_text(json.dumps({"key": CANARY}))
    pq.write_table(pa.table({"state": [state]}), tmp_path / "c.parquet")
    (tmp_path / "d.bin").write_bytes(os.urandom(1000))
    assert {"a.gz", "b.json", "c.parquet"} == {path.name for path in leaks(tmp_path)}
