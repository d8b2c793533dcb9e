"""The data source in a real Spark, over a socket: rows are those of an export, whatever happens to its tasks."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from support.accounts import Accounts
from support.exporting import JANUARY, export
from support.front import served
from support.spark_process import LONGEST, Spark
from support.watch import CANARY

from alive5.export.dataset.schema import TABLES
from alive5.export.read.reader import open_export
from alive5.sandbox import Sandbox
from alive5.spark.shares import settled_through

pytestmark = pytest.mark.timeout(2 * LONGEST)
COUNTS = {"livechat": 300, "sms": 80, "fbm": 30, "api_key": CANARY}
# Rows as odd as they come: values of other types, and times, numbers and shapes as text.
ODD = {"odd_values": 0.2, "missing_ids": 0.2, "times": "iso"}
DAY = timedelta(days=1)
PUSHES = pytest.mark.skipif(version("pyspark").startswith("4.0."), reason="Spark 4.1 is the first to push conditions")
Ask = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """
    One session for all tests here, which takes longest to start.
    """
    session = Spark(tmp_path_factory.mktemp("spark"))
    try:
        yield session
    finally:
        session.stop()


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Ask]:
    """
    Options that read a sandbox, which is served until the test ends.
    """
    with _Serving(tmp_path) as serving:
        yield serving.options


class _Serving:
    def __init__(self, folder: Path) -> None:
        self._folder, self._open = folder, []

    def __enter__(self) -> _Serving:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._open:
            one.__exit__(None, None, None)

    def options(self, host: Any, **more: str) -> dict[str, str]:
        key = self._folder / "key"
        key.write_text(f"{CANARY}\n")
        serving = served(host)
        origin = serving.__enter__()
        self._open.append(serving)
        base = {"baseUrl": f"{origin}/public/1.0", "apiKeyFile": str(key)}
        return {name: value for name, value in {**JANUARY, **base, **more}.items() if value}


def lines(directory: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in open_export(directory).files("conversations", "jsonl"):
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            found.update(line.removesuffix("\n") for line in file)
    return found


def rows(table: pa.Table) -> Counter[str]:
    return Counter(table["row"].to_pylist())


def ids(table: pa.Table) -> Counter[str]:
    return Counter(table["session_id"].to_pylist())


def true_starts(sandbox: Sandbox, kind: str, low: datetime, high: datetime) -> set[str]:
    low_ms, high_ms = low.timestamp() * 1_000, high.timestamp() * 1_000
    return {r["alive5_sessionID"] for r in sandbox.conversations(kind) if low_ms <= r["start_time"] < high_ms}


def test_raw_equals_the_export_line_for_line(spark: Spark, asked: Ask, tmp_path: Path) -> None:
    sandbox = Sandbox(**COUNTS, **ODD)
    export(sandbox, tmp_path / "out")
    options = asked(sandbox, table="raw")
    found = spark.read("raw", {**options, "maxConcurrency": "1"})
    assert lines(tmp_path / "out") == rows(found)
    assert found.num_rows > 60
    # Of what has no readable start, and of nothing else, a line may come in two slices.
    again = rows(spark.read("raw in slices", options)) - rows(found)
    assert [line for line in again if re.search(r'"start_time":"20', line)] == []
    assert {"livechat", "sms", "fbm"} == set(found["kind"].to_pylist())


def test_days_of_a_zone_are_those_of_the_export(spark: Spark, asked: Ask, tmp_path: Path) -> None:
    sandbox = Sandbox(**COUNTS)
    zone = {"tz": "America/New_York"}
    export(sandbox, tmp_path / "out", **zone)
    assert lines(tmp_path / "out") == rows(spark.read("zone", asked(sandbox, table="raw", **zone)))


@pytest.mark.parametrize("table", TABLES)
def test_tables_have_the_names_types_and_rows_of_the_export(
    spark: Spark, asked: Ask, tmp_path: Path, table: str
) -> None:
    sandbox = Sandbox(**COUNTS, **{**ODD, "odd_values": 0.0})
    export(sandbox, tmp_path / "out")
    wanted = open_export(tmp_path / "out").to_arrow(table)
    said = spark.ask("read", table, options=asked(sandbox, table=table))
    found = spark.table(table)
    columns = TABLES[table].columns
    assert [column.name for column in columns] == found.column_names
    assert [column.required for column in columns] == [not field["nullable"] for field in said["schema"]["fields"]]
    order = [(name, "ascending") for name in TABLES[table].key]
    schema = wanted.schema.remove_metadata()
    assert wanted.replace_schema_metadata(None).sort_by(order).equals(found.cast(schema).sort_by(order))


@pytest.mark.parametrize("how", ["raise", "exit"])
def test_a_task_that_dies_changes_nothing(spark: Spark, asked: Ask, tmp_path: Path, how: str) -> None:
    """By an exception, and as a process that is gone."""
    sandbox = Sandbox(**COUNTS)
    export(sandbox, tmp_path / "out")
    order = spark.folder / "die"
    order.write_text(how)
    found = spark.read("died", asked(sandbox, table="raw"), source="mortal")
    assert not order.exists(), "no task has died"
    assert lines(tmp_path / "out") == rows(found)


def test_a_slice_of_grade_c_fails_the_job_with_its_name(spark: Spark, asked: Ask) -> None:
    cut = Sandbox(livechat=2_000, sms=0, fbm=0, ignored_page=True, clamped_limit=4, api_key=CANARY)
    options = asked(cut, kinds="livechat", maxConcurrency="1")
    said = spark.fail("read", "cut", options=options)
    assert re.search(r"livechat 2026-01-01\.\.2026-01-31: grade C, B is required", said), said
    assert 0 < spark.read("kept", {**options, "require": "C"}).num_rows


@pytest.mark.parametrize(("cap", "partitions"), [(1, 1), (8, 8)])
def test_no_more_requests_are_in_flight_than_the_cap(spark: Spark, asked: Ask, cap: int, partitions: int) -> None:
    host = Accounts(Sandbox(livechat=400, sms=80, fbm=30, api_key=CANARY, latency=0.03))
    said = spark.ask("read", "cap", options=asked(host, maxConcurrency=str(cap)))
    assert partitions == said["partitions"]
    # Two tasks run at a time here, and planning has eight in flight: the count sees more than one.
    assert host.most == 1 if cap == 1 else 1 < host.most <= cap


@PUSHES
def test_conditions_narrow_what_is_asked_for_where_both_sides_allow_it(spark: Spark, asked: Ask) -> None:
    """With Spark's default settings, the same read works without the option, and fails with a hint with it."""
    sandbox = Sandbox(**COUNTS)
    options, setting = asked(sandbox), "spark.sql.python.filterPushdown.enabled"
    where = "kind = 'sms' AND start_time >= '2026-01-20' AND n_messages > 2"
    plain = spark.read("plain", options, where=where)
    asked_of_all = {one.operation for one in sandbox.requests}
    assert setting in spark.fail("read", "pushed", options={**options, "pushFilters": "true"}, where=where)
    sandbox.requests.clear()
    pushing = {"settings": {setting: "true"}, "where": where}
    pushed = spark.read("pushed", {**options, "pushFilters": "true"}, **pushing)
    without = spark.read("plain again", options, settings={setting: "false"}, where=where)
    assert ids(plain) == ids(pushed) == ids(without)
    assert pushed.num_rows > 0
    assert {"conversations.livechat", "conversations.sms", "conversations.fbm"} <= asked_of_all
    nothing = spark.read("nothing", {**options, "pushFilters": "true"}, settings={setting: "true"}, where="kind = 'x'")
    spark.ask("sql", "reset", statements=[f"SET {setting}=false"])
    assert 0 == nothing.num_rows


@PUSHES
def test_a_condition_asks_for_one_kind_alone(spark: Spark, asked: Ask) -> None:
    sandbox, setting = Sandbox(**COUNTS), "spark.sql.python.filterPushdown.enabled"
    options = asked(sandbox, pushFilters="true")
    spark.read("one kind", options, settings={setting: "true"}, where="kind = 'sms' AND start_time >= '2026-01-20'")
    spark.ask("sql", "reset", statements=[f"SET {setting}=false"])
    listed = [one for one in sandbox.requests if one.operation.startswith("conversations.")]
    assert {"conversations.sms"} == {one.operation for one in listed}
    # A day of margin, a day more on each side that every window has, and probes, which lie in the period asked for.
    assert all("01-1" not in one.query or "01-18" in one.query or "01-19" in one.query for one in listed)


def test_the_end_is_frozen_at_load_and_each_action_reads_again(spark: Spark, asked: Ask) -> None:
    now = datetime.now(timezone.utc)
    sandbox = Sandbox(**COUNTS, now=now)
    options = asked(sandbox, start=(now - 20 * DAY).date().isoformat(), end="", kinds="sms")
    before = len(true_starts(sandbox, "sms", now - 21 * DAY, now + DAY))

    def add(call: Any) -> None:
        # While the first action reads: it began an hour from now, as far as the data source can know.
        if len(sandbox.requests) == 8:
            sandbox.add("sms", start_time=int((now.timestamp() + 3_600) * 1_000))

    sandbox.on_request = add
    said = spark.ask("read", "frozen", options=options, again=1)
    assert said["rows"] == said["again 0"]
    assert before + 1 == len(true_starts(sandbox, "sms", now - 21 * DAY, now + DAY))
    assert 2 * 8 < len(sandbox.requests)


def test_a_period_without_rows_has_one_partition_and_the_columns(spark: Spark, asked: Ask) -> None:
    said = spark.ask("read", "empty", options=asked(Sandbox(livechat=0, sms=0, fbm=0, api_key=CANARY)))
    assert 0 == said["rows"]
    assert list(TABLES["conversations"].names) == spark.table("empty").column_names


def test_a_view_in_sql(spark: Spark, asked: Ask) -> None:
    sandbox = Sandbox(**COUNTS)
    said = ", ".join(f"{name} '{value}'" for name, value in asked(sandbox).items())
    create = f"CREATE OR REPLACE TEMPORARY VIEW chats USING alive5 OPTIONS ({said})"
    spark.ask("sql", "counted", statements=[create, "SELECT kind, count(*) AS n FROM chats GROUP BY kind"])
    counted = {row["kind"]: row["n"] for row in spark.table("counted").to_pylist()}
    low, high = datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(2026, 2, 1, tzinfo=timezone.utc)
    assert {kind: len(true_starts(sandbox, kind, low, high)) for kind in counted} == counted
    assert 3 == len(counted)


def test_two_accounts_are_read_with_their_own_keys(spark: Spark, asked: Ask, tmp_path: Path) -> None:
    north, south = Sandbox(seed=1, **COUNTS), Sandbox(seed=2, **{**COUNTS, "api_key": f"{CANARY}south", "livechat": 90})
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "north").write_text(north.settings.key)
    (keys / "south").write_text(south.settings.key)
    (keys / "..data").write_text("what a folder of mounted secrets has beside them")
    expected = {}
    for name, sandbox in (("north", north), ("south", south)):
        export(sandbox, tmp_path / name)
        expected[name] = lines(tmp_path / name)
    options = asked(Accounts(north, south), table="raw", apiKeyFile="", accounts=str(keys))
    for cap in ("1", "8"):
        found = spark.read("accounts", {**options, "maxConcurrency": cap})
        assert "account" == found.column_names[0]
        both = {name: rows(found.filter(pc.equal(found["account"], name))) for name in expected}
        assert expected == both
    (keys / "south").write_text("test_key_wrong")
    assert "account south" in spark.fail("read", "wrong", options=options)


def test_a_stream_goes_on_at_its_offset(spark: Spark, asked: Ask, tmp_path: Path) -> None:
    now = datetime.now(timezone.utc)
    sandbox = Sandbox(**COUNTS, now=now)
    first = (now - 30 * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    middle, settled = first + 10 * DAY, settled_through(now.timestamp())
    options = asked(
        sandbox, start=first.date().isoformat(), end=(middle - DAY).date().isoformat(), kinds="sms,livechat"
    )
    batches = spark.ask("stream", "stream", options=options, checkpoint="offsets")
    assert ["0"] == list(batches)
    assert expected_of(sandbox, first, middle) == ids(spark.table("stream-0"))
    # It started within the days read again, and was not there before.
    late = sandbox.add("sms", start_time=int((middle - 2 * DAY).timestamp() * 1_000))["alive5_sessionID"]
    going_on = {name: value for name, value in options.items() if name != "end"}
    sandbox.fail("server_error_before", times=None)
    assert spark.fail("stream", "failed", options=going_on, checkpoint="offsets")
    sandbox.clear_faults()
    batches = spark.ask("stream", "stream", options=going_on, checkpoint="offsets")
    assert ["1"] == list(batches)
    second = ids(spark.table("stream-1"))
    assert expected_of(sandbox, middle - 3 * DAY, settled) == second
    assert 1 == second[late]
    assert {} == spark.ask("stream", "stream", options=going_on, checkpoint="offsets")


def expected_of(sandbox: Sandbox, low: datetime, high: datetime) -> Counter[str]:
    return Counter(true_starts(sandbox, "sms", low, high)) + Counter(true_starts(sandbox, "livechat", low, high))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"apiKey": "test_key"}, "use apiKeyFile"),
        ({"colour": "red"}, "colour is no option of alive5"),
        ({"start": ""}, "start is needed"),
        ({"table": "users"}, "table must be one of: conversations, messages, raw"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_load(spark: Spark, asked: Ask, options: dict[str, str], said: str) -> None:
    sandbox = Sandbox(**COUNTS)
    assert said in spark.fail("read", "wrong", options=asked(sandbox, **options))
    assert [] == sandbox.requests


def test_another_schema_is_refused(spark: Spark, asked: Ask) -> None:
    options = ", ".join(f"{name} '{value}'" for name, value in asked(Sandbox(**COUNTS)).items())
    create = f"CREATE OR REPLACE TEMPORARY VIEW odd (kind INT) USING alive5 OPTIONS ({options})"
    said = spark.fail("sql", "odd", statements=[create, "SELECT * FROM odd"])
    assert "schema is that of the table" in said
