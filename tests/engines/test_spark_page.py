"""The Python blocks of the page on Spark run as they stand, in a program that makes its own session."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.front import served
from support.pages import python_blocks
from support.spark_process import LONGEST, submitted
from support.watch import CANARY

from alive5.sandbox import Sandbox
from alive5.spark.options import TABLES, Options

pytestmark = pytest.mark.timeout(2 * LONGEST)
PAGE = Path(__file__).parents[2] / "docs" / "engines" / "spark.md"


def test_the_blocks_of_the_page_run(tmp_path: Path) -> None:
    key, program = tmp_path / "key", tmp_path / "page.py"
    key.write_text(CANARY)
    program.write_text("\n".join(python_blocks(PAGE)).replace("/etc/alive5/key", str(key)))
    sandbox = Sandbox(livechat=60, sms=20, fbm=10, api_key=CANARY)
    with served(sandbox) as origin:
        printed = submitted(program, tmp_path, ALIVE5_BASE_URL=f"{origin}/public/1.0")
    assert "Row(kind='fbm', count=" in printed
    raw, merged = pq.read_table(tmp_path / "raw"), pq.read_table(tmp_path / "batches" / "0")
    assert raw.num_rows == merged.num_rows > 20
    assert {"row"} <= set(raw.column_names)


def test_the_page_names_every_option_and_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    names = [name.replace("_", "") for name in Options.__annotations__]
    assert [name for name in names if f"`{name}`" not in text.lower()] == []
    assert [name for name in TABLES if f"`{name}`" not in text] == []
