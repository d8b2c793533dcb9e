"""The key stands nowhere that Spark writes: not in its event log, decompressed, nor in what it prints or keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from support.exporting import JANUARY
from support.front import served
from support.spark_process import LONGEST, Spark
from support.watch import CANARY, FORMS

from alive5.sandbox import Sandbox

pytestmark = pytest.mark.timeout(2 * LONGEST)
NEEDLES = [form.encode() for form in FORMS]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """
    Read every file, those of the event log decompressed.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            compressed = path.suffix == ".zstd"
            with pa.CompressedInputStream(str(path), "zstd") if compressed else path.open("rb") as file:
                yield str(path.relative_to(folder)), file.read()


def test_the_key_is_nowhere(tmp_path: Path) -> None:
    folder, key = tmp_path / "spark", tmp_path / "key"
    (folder / "events").mkdir(parents=True)
    key.write_text(CANARY)
    settings = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": str(folder / "events"),
        "spark.eventLog.compress": "true",
        "spark.sql.streaming.checkpointLocation": str(folder / "checkpoints"),
    }
    sandbox = Sandbox(livechat=100, sms=20, fbm=10, api_key=CANARY)
    with served(sandbox) as origin:
        options = {**JANUARY, "baseUrl": f"{origin}/public/1.0", "apiKeyFile": str(key)}
        wrong = {**options, "baseUrl": f"{origin}/public/1.0/nowhere"}
        spark = Spark(folder, **settings)
        try:
            assert 0 < spark.read("rows", options).num_rows
            assert spark.ask("stream", "stream", options=options, checkpoint="offsets")
            for name in ("apiKey", "api_key", "API-KEY", "x-a5-apikey"):
                assert "use apiKeyFile" in spark.fail("read", "refused", options={**options, name: CANARY})
            said = spark.fail("read", "failed", options=wrong)
        finally:
            spark.stop()
    found = dict(contents(folder))
    events = [name for name in found if name.startswith("events/") and name.endswith(".zstd")]
    assert events
    assert any(b"SparkListenerTaskEnd" in found[name] for name in events)
    assert [name for name, text in found.items() if any(needle in text for needle in NEEDLES)] == []
    assert not any(form in said for form in FORMS)


def test_the_search_would_find_it(tmp_path: Path) -> None:
    with pa.CompressedOutputStream(str(tmp_path / "events.zstd"), "zstd") as file:
        file.write(b"beside " + CANARY.encode())
    assert ["events.zstd"] == [name for name, text in contents(tmp_path) if any(needle in text for needle in NEEDLES)]
