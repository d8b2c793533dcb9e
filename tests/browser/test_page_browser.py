"""The page in a browser: nothing runs, nothing is loaded, nothing is wider than the screen, and axe finds nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.render import export
from support.report_pages import hostile_rows

from alive5 import open_export
from alive5.sandbox import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
HOURS = {"tz": "America/New_York", "hours": "mon-fri 9-17"}
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("browser")
    pages = Path(os.environ.get("ALIVE5_PAGES", folder / "pages"))
    pages.mkdir(parents=True, exist_ok=True)
    with Sandbox(livechat=600, sms=300, fbm=200, rhythm=True).client() as client:
        client.export(folder / "usual", start="2025-10-01", end="2026-03-31")
    export(folder / "hostile", hostile_rows(), "jsonl")
    export(folder / "empty", [], "jsonl")
    wanted = {"usual": 0, "hostile": 12, "empty": 0}
    files = [pages / f"{name}.html" for name in wanted]
    for (name, transcripts), file in zip(wanted.items(), files, strict=True):
        open_export(folder / name).report(**HOURS, transcripts=transcripts).write(file)
    browser = next(path for name in NAMES if (path := shutil.which(name)))
    command = ["node", str(Path(__file__).with_name("look.js")), browser, str(pages), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert 0 == done.returncode, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_page_was_seen_in_every_light_and_size(looks: list[dict[str, Any]]) -> None:
    seen = {(look["page"], look["width"], look["colorScheme"]) for look in looks}
    assert 12 == len(seen) == len(looks)


def test_nothing_runs_and_nothing_is_loaded(looks: list[dict[str, Any]]) -> None:
    for look in looks:
        assert (None, 0, [], 1) == (look["ran"], look["dialogs"], look["console"], len(look["requests"])), look


def test_nothing_is_wider_than_the_screen(looks: list[dict[str, Any]]) -> None:
    """Neither as it opens, nor with all tables and transcripts open."""
    assert {(0, 0)} == {(look["wide"], look["open"]) for look in looks}


def test_axe_finds_no_serious_fault(looks: list[dict[str, Any]]) -> None:
    assert all(look["passes"] > 10 for look in looks)
    assert [] == [fault for look in looks for fault in look["violations"] if fault["impact"] in ("serious", "critical")]


def test_transcripts_are_searched(looks: list[dict[str, Any]]) -> None:
    found = [(look["none"], look["all"]) for look in looks if look["page"] == "hostile.html"]
    assert [(0, 12)] * 4 == found
