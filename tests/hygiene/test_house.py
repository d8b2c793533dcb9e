"""The numbers of the house, its picture, and what the pages about it say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hygiene.house import circles, lines
from hygiene.rooms import ROOMS
from hygiene.sources import PACKAGE, tree

PROJECT = Path(__file__).parents[2]
ARCHITECTURE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
(PORT,) = re.findall(r"^```python\n(.*?)^```$", ARCHITECTURE, flags=re.MULTILINE | re.DOTALL)


def constants(name: str) -> dict[str, str]:
    """
    Return the constants of a file, and the defaults of its classes, as they are written.
    """
    found = {}
    for node in ast.walk(tree(name)):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            value = node.value
            if isinstance(value, ast.Call):
                value = next((word.value for word in value.keywords if word.arg == "default"), value)
            found[ast.unparse(target)] = ast.unparse(value)
    return found


def test_no_arrow_goes_up_and_nothing_goes_round() -> None:
    printed = "\n".join(lines())
    assert "\nupward arrows 0, explained exceptions 3\n" in printed
    assert "\ncircles among rooms 0, among files 0\n" in printed
    assert "\nlaws kept 5 of 5\n" in printed


def test_a_circle_is_found() -> None:
    assert [["a", "b"]] == circles({"a": {"b"}, "b": {"a", "c"}, "c": set()})
    assert [["a"]] == circles({"a": {"a"}})


@pytest.mark.parametrize(
    "command", [["tests/hygiene/house.py"], ["docs/rooms.py", "--check"], ["docs/names.py", "--check"]], ids=str
)
def test_scripts_run(command: list[str]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_every_room_is_explained() -> None:
    assert [room.name for room in ROOMS if f"| `{room.name}` |" not in ARCHITECTURE] == []


def test_numbers_of_the_page_are_those_of_the_code() -> None:
    """A cell says ``name = value``; the row names the file."""
    rows = [line for line in ARCHITECTURE.splitlines() if re.search(r"`\w+ = [^`]+`", line)]
    assert 8 <= len(rows)
    for row in rows:
        files = re.findall(r"`([\w/]+\.py)`", row)
        known = {name: value for file in files for name, value in constants(file).items()}
        said = dict(re.findall(r"`(\w+) = ([^`]+)`", row))
        assert said == {name: known.get(name) for name in said}, row


@pytest.mark.parametrize("page", [ARCHITECTURE, CONTRIBUTING], ids=["architecture", "contributing"])
def test_files_that_are_named_exist(page: str) -> None:
    named = set(re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?)`", page))
    assert [name for name in named if not ((PACKAGE / name).exists() or (PROJECT / name).exists())] == []


def test_the_port_of_the_page_answers(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(PORT, "architecture.md", "exec"), {"__name__": "example"})
    assert "['From a port']\n" == capsys.readouterr().out


def test_the_sessions_of_the_page_are_those_of_nox() -> None:
    sessions = re.findall(
        r"^@nox\.session.*\n(?:@.*\n)*def (\w+)", (PROJECT / "noxfile.py").read_text(encoding="utf-8"), re.M
    )
    assert sorted(sessions) == sorted(re.findall(r"^\| `(\w+)` \|", CONTRIBUTING, re.MULTILINE))
