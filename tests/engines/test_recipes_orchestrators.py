"""The mapping of exit codes for orchestrators, over the real command and a server that makes it end so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.front import served
from support.orchestrators import PAGE, refuse_once
from support.pages import python_blocks
from support.recipes import LONGEST, PROJECT, run_blocks
from support.watch import CANARY

from alive5.sandbox import Sandbox

pytestmark = pytest.mark.timeout(2 * LONGEST)
MAPPING = python_blocks(PAGE)[0]
DAYS = '["--start", "2026-03-20", "--end", "2026-03-31"]'
COUNTS = {"livechat": 60, "sms": 20, "fbm": 10, "api_key": CANARY}


def ended(folder: Path, origin: str, arguments: str = DAYS, **more: str) -> str:
    proof = f"""
try:
    export({str(folder / "out")!r}, {arguments})
    print("done")
except (RepeatError, FinalError) as error:
    print(type(error).__name__, error)
"""
    return run_blocks([MAPPING, proof], folder, origin, **more).strip()


def test_each_way_to_end_is_repeated_or_final(tmp_path: Path) -> None:
    sandbox = Sandbox(**COUNTS)
    with served(sandbox) as origin:
        refuse_once(sandbox)
        assert ended(tmp_path, origin).startswith("RepeatError exit code 3: ")
        assert "done" == ended(tmp_path, origin)
        assert "done" == ended(tmp_path, origin, '["--since-last"]')
        assert ended(tmp_path, origin, ALIVE5_API_KEY="test_key_wrong").startswith("FinalError exit code 5: ")
        assert ended(tmp_path, origin, '["--start", "soon"]').startswith("FinalError exit code 2: ")
        assert ended(tmp_path, origin, '["--start", "2026-01-01"]').startswith("RepeatError exit code 7: ")


def test_what_is_not_proven_is_final(tmp_path: Path) -> None:
    cut = Sandbox(livechat=2_000, sms=0, fbm=0, ignored_page=True, clamped_limit=4, api_key=CANARY)
    with served(cut) as origin:
        assert ended(tmp_path, origin).startswith("FinalError exit code 4: ")


def test_the_mapping_has_every_code_of_an_export() -> None:
    scope: dict[str, dict[int, str]] = {}
    exec(compile(MAPPING, str(PAGE), "exec"), scope)
    page = (PROJECT / "docs" / "export.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d[\d, ]*) \|", page[page.index("## When the exit code") :], flags=re.MULTILINE)
    documented = [int(code) for row in rows for code in row.split(", ")]
    assert sorted(documented) == sorted([*scope["REPEATED"], *scope["FINAL"]])
