"""What decides whether a release may go out: its tag, its section of the changelog, and the actions it is made by."""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import alive5

ROOT = Path(__file__).parents[2]
notes: Callable[[str, str, str | None], str] = runpy.run_path(str(ROOT / ".github" / "release.py"))["notes"]
CHANGES = """# Changelog

## [Unreleased]

- Later.

## [1.2.0] - 2026-05-01

### Added

- This.

## [1.1.0] - 2026-04-01

- That.
"""


def test_the_notes_are_those_of_the_tag() -> None:
    assert "### Added\n\n- This." == notes(CHANGES, "1.2.0", "v1.2.0")
    assert "- That." == notes(CHANGES, "1.1.0", "v1.1.0")
    assert "- Later." == notes(CHANGES, "1.3.0", None)


@pytest.mark.parametrize(
    ("text", "version", "tag"),
    [
        (CHANGES, "1.2.0", "v1.2.1"),
        (CHANGES, "1.2.0", "1.2.0"),
        (CHANGES, "1.3.0", "v1.3.0"),
        (CHANGES, "1.2", "v1.2"),
        (CHANGES.replace(" - 2026-05-01", ""), "1.2.0", "v1.2.0"),
        (CHANGES.replace("- This.", ""), "1.2.0", "v1.2.0"),
    ],
)
def test_what_is_not_written_down_does_not_go_out(text: str, version: str, tag: str) -> None:
    with pytest.raises(SystemExit):
        notes(text, version, tag)


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert ["version"] == project["project"]["dynamic"]
    assert f'__version__ = "{alive5.__version__}"' in (ROOT / project["tool"]["hatch"]["version"]["path"]).read_text()


def test_every_action_is_pinned_and_no_secret_is_used() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = workflow.read_text(encoding="utf-8")
        used = re.findall(r"uses: (\S+)", text)
        assert used == [name for name in used if re.fullmatch(r"[\w/.-]+@[0-9a-f]{40}", name)]
        assert "secrets." not in text
        assert "permissions: {}" in text


def test_the_container_runs_as_nobody_special() -> None:
    lines = (ROOT / "examples" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER 10001" in lines
    assert lines.index("USER 10001") < lines.index('ENTRYPOINT ["nightly"]')
    assert "VOLUME /data" in lines
