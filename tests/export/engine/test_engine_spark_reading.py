"""What the Spark data source reads, without Spark: shares of slices, and their rows as batches."""

from __future__ import annotations

import gzip
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from support.accounts import Accounts
from support.exporting import JANUARY, export
from support.front import served

from alive5 import AuthenticationError, ConfigurationError, ExportError
from alive5.export.dataset.schema import TABLES, arrow_schema
from alive5.export.read.reader import open_export
from alive5.sandbox import Sandbox
from alive5.spark import reading
from alive5.spark.options import read_options
from alive5.spark.reading import RAW, batches, shares, table_of
from alive5.spark.shares import Wanted

UTC = timezone.utc
ALL = Wanted()
FEW = {"livechat": 200, "sms": 60, "fbm": 40}
PERIOD = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC) - timedelta(microseconds=1))


def read(options: dict[str, str], wanted: Wanted = ALL, **more: Any) -> tuple[int, pa.Table]:
    """
    Return the number of shares, and their rows.
    """
    asked = read_options({**JANUARY, **options})
    planned = shares(asked, PERIOD, wanted)
    found = [batch for pieces in planned for batch in batches(asked, pieces, **more)]
    schema = arrow_schema(table_of(asked)).remove_metadata()
    assert all(batch.schema.equals(schema, check_metadata=True) for batch in found)
    return len(planned), pa.Table.from_batches(found, schema=schema)


def exported(directory: Path) -> Iterator[str]:
    for path in open_export(directory).files("conversations", "jsonl"):
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            yield from (line.removesuffix("\n") for line in file)


@pytest.mark.parametrize("most", ["1", "5"])
def test_raw_lines_are_those_of_an_export(most: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # So few lines a batch that a slice takes several.
    monkeypatch.setattr(reading, "_LINES", 7)
    # A conversation whose start cannot be read may come in two slices: with odd values there is one a kind.
    sandbox = Sandbox(**FEW, odd_values=0.2 if most == "1" else 0.0, missing_ids=0.2, times="iso")
    export(sandbox, tmp_path / "out")
    with sandbox.patch():
        number, found = read({"table": "raw", "maxConcurrency": most})
    assert Counter(exported(tmp_path / "out")) == Counter(found["row"].to_pylist())
    assert number == int(most)
    assert ["kind", "session_id", "row"] == found.column_names == list(RAW.names)


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_those_of_an_export(table: str, tmp_path: Path) -> None:
    sandbox = Sandbox(**FEW)
    export(sandbox, tmp_path / "out")
    with sandbox.patch():
        _, found = read({"table": table})
    order = [(name, "ascending") for name in TABLES[table].key]
    expected = open_export(tmp_path / "out").to_arrow(table).replace_schema_metadata(None)
    assert expected.sort_by(order).equals(found.sort_by(order))


def test_conditions_leave_kinds_accounts_and_periods_out() -> None:
    sandbox = Sandbox(**FEW)
    with sandbox.patch():
        number, found = read({}, Wanted(kinds=frozenset(["fbm"])))
        assert (0, 0) == (read({}, Wanted(kinds=frozenset()))[0], read({}, Wanted(accounts=frozenset(["x"])))[0])
    assert 1 == number
    assert {"fbm"} == set(found["kind"].to_pylist())
    assert [] == shares(read_options(JANUARY), None, Wanted())


def test_each_account_has_its_key_and_one_request_in_flight(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / ".hidden").write_text("no key")
    (keys / "folder").mkdir()
    few = {"livechat": 0, "sms": 20, "fbm": 0}
    hosts = {name: Sandbox(seed=seed, **few, api_key=f"test_key_{name}") for seed, name in enumerate("ab")}
    for name, sandbox in hosts.items():
        (keys / name).write_text(sandbox.settings.key)
    host = Accounts(*hosts.values())
    with served(host) as origin:
        options = {"baseUrl": f"{origin}/public/1.0", "accounts": str(keys), "maxConcurrency": "1"}
        options |= {"table": "raw", "kinds": "sms"}
        number, found = read(options)
        assert (1, 1) == (number, host.most)
        only, some = read({**options, "maxConcurrency": "4"}, Wanted(accounts=frozenset(["b"])))
        (keys / "b").write_text("test_key_wrong")
        with pytest.raises(AuthenticationError, match="Invalid token") as caught:
            read(options)
    for name, sandbox in hosts.items():
        export(sandbox, tmp_path / name, kinds=("sms",))
        mine = found.filter(pc.equal(found["account"], name))
        assert Counter(exported(tmp_path / name)) == Counter(mine["row"].to_pylist())
    assert {"b"} == set(some["account"].to_pylist())
    assert 1 <= only <= 4
    assert ["account b"] == caught.value.__notes__
    assert ("account", "kind", "session_id") == table_of(read_options({**JANUARY, **options})).key


def test_a_folder_without_keys_is_refused(tmp_path: Path) -> None:
    for folder, said in ((tmp_path, "is empty"), (tmp_path / "none", "cannot be read: No such file")):
        with pytest.raises(ConfigurationError, match=said):
            read({"accounts": str(folder)})


def test_a_key_comes_from_its_file_alone(tmp_path: Path) -> None:
    sandbox = Sandbox(**FEW, api_key="test_key_right")
    (tmp_path / "key").write_text(f"{sandbox.settings.key}\n")
    with served(sandbox) as origin:
        options = {"baseUrl": f"{origin}/public/1.0", "kinds": "fbm"}
        with pytest.raises(ConfigurationError, match="no API key"):
            read(options)
        (tmp_path / "wrong").write_text("test_key_wrong")
        with pytest.raises(AuthenticationError, match="apiKeyFile") as caught:
            read({**options, "apiKeyFile": str(tmp_path / "wrong")})
        assert "test_key_wrong" not in str(caught.value)
        assert 0 < read({**options, "apiKeyFile": str(tmp_path / "key")})[1].num_rows


@pytest.mark.parametrize("require", ["B", "C"])
def test_a_slice_of_grade_c_raises_with_its_name(require: str) -> None:
    sandbox = Sandbox(livechat=2_000, ignored_page=True, clamped_limit=4)
    options = {"kinds": "livechat", "maxConcurrency": "1", "require": require}
    with sandbox.patch():
        if require == "C":
            assert 0 < read(options)[1].num_rows
            return
        with pytest.raises(ExportError, match=r"^livechat 2026-01-01\.\.2026-01-31: grade C, B is required"):
            read(options)


def test_what_a_stream_reads_has_ended_by_the_servers_clock() -> None:
    """The sandbox's present is in January: a clock here that is months ahead must not move an offset over it."""
    sandbox = Sandbox(**FEW, now=datetime(2026, 1, 20, tzinfo=UTC), dated=True)
    with sandbox.patch():
        assert 0 < read({"kinds": "sms"})[1].num_rows
        with pytest.raises(ExportError, match=r"^sms 2026-01-01\.\.2026-01-31: by the server's clock"):
            read({"kinds": "sms", "maxConcurrency": "1"}, finished=True)


def test_the_extra_brings_no_pyspark_beside_the_clusters() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [need for need in project["optional-dependencies"]["spark"] if "pyspark" in need] == []


def test_the_package_says_what_it_needs() -> None:
    import alive5.spark

    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        alive5.spark.Nothing  # noqa: B018
    try:
        import pyspark  # noqa: F401
    except ImportError:
        with pytest.raises(ImportError, match="pip install 'pyspark>=4'"):
            from alive5.spark import Alive5DataSource  # noqa: F401
