"""The code of docs/engines/dlt.md runs as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.front import served
from support.pages import python_blocks
from support.watch import CANARY

from alive5.sandbox import Sandbox

(CODE,) = python_blocks(Path(__file__).parents[2] / "docs" / "engines" / "dlt.md")


def test_the_code_of_the_page_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox = Sandbox(livechat=50, sms=20, fbm=10, api_key=CANARY)
    monkeypatch.chdir(tmp_path)
    with served(sandbox) as origin:
        for name, value in {
            "DLT_DATA_DIR": str(tmp_path),
            "RUNTIME__DLTHUB_TELEMETRY": "false",
            "SOURCES__ALIVE5__API_KEY": CANARY,
            "SOURCES__ALIVE5__BASE_URL": f"{origin}/public/1.0",
        }.items():
            monkeypatch.setenv(name, value)
        exec(compile(CODE, "dlt.md", "exec"), {"__name__": "example"})
    said = capsys.readouterr().out
    counts = {kind: len([row for row in sandbox.conversations(kind) if row["start_time"] >= 1_767_225_600_000])
              for kind in ("fbm", "livechat", "sms")}  # fmt: skip
    assert str(list(counts.items())) in said
    assert "contains no failed jobs" in said
