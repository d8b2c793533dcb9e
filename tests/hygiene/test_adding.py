"""What CONTRIBUTING.md says an operation takes, done in a copy: four files and thirty lines beside its model."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.scripts import uncovered

PACKAGE = Path(__file__).parents[2] / "alive5"
# What stands before a line that is there, or at the end of the file; each with a blank line or two around it.
STEPS = {
    "_sansio/later_endpoints.py": [
        (
            "LATER: Final = ",
            """\
RENAME_BOTCHAIN = Endpoint(
    operation="botchains.rename",
    method="POST",
    returns=lambda: models.Botchain,
    documented=Route(path="/rename/botchain", version="1.0"),
)
""",
        )
    ],
    "resources/widgets.py": [
        (
            "",
            '''
    async def rename(self, *, botchain_id: str, botchain_name: str) -> models.Botchain:
        """
        Rename a botchain.

        Calls ``POST /rename/botchain``. Never tried.

        :param botchain_id: Id of the botchain.
        :param botchain_name: Its new name.
        """
        given = {"botchain_id": botchain_id, "botchain_name": botchain_name}
        arguments = {name: identifier(name, value) for name, value in given.items()}
        botchain: models.Botchain = await self._caller.call(later_endpoints.RENAME_BOTCHAIN, arguments)
        return botchain
''',
        ),
        ("from .._sansio.validate", "from .._sansio import later_endpoints\n"),
    ],
    "sandbox/service/later.py": [
        (
            "LATER: Final[",
            '''\
def rename_botchain(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``botchains.rename``.
    """
    return Result(data={**(asked.arguments or {}), "updated_at": store.moment(number)})


''',
        ),
        ('    "users.list": users,\n', '    "botchains.rename": rename_botchain,\n'),
    ],
    "cli/content.py": [
        ("", '    add_write(botchains, "rename", "botchains.rename", done="The botchain was renamed.")\n'),
    ],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """
    A copy of the package with one operation more, and its blocking front written anew.
    """
    shutil.copytree(PACKAGE, tmp_path / "alive5", ignore=shutil.ignore_patterns("__pycache__"))
    for name, additions in STEPS.items():
        file = tmp_path / "alive5" / name
        for anchor, addition in additions:
            before, found, after = file.read_text().partition(anchor) if anchor else (file.read_text(), "", "")
            assert found == anchor, (name, anchor)
            file.write_text(before + addition + found + after)
    assert "" == run(tmp_path, "alive5._mirror")
    return tmp_path


def run(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=home,
        env={**uncovered(), "PYTHONPATH": str(home)},
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def test_an_operation_takes_four_files_and_thirty_lines(home: Path) -> None:
    lines = [line for additions in STEPS.values() for _, text in additions for line in text.splitlines()]
    assert (len(STEPS), True) == (4, len(lines) <= 30), len(lines)
    command = ("alive5", "--sandbox", "botchains", "rename", "--botchain-id", "b1", "--botchain-name", "Hours")
    made = json.loads(run(home, *command, "--json"))
    assert ("botchains.rename", "b1", "Hours") == (
        made["operation"],
        made["data"]["botchain_id"],
        made["data"]["botchain_name"],
    )
    shown = json.loads(run(home, *command, "--dry-run", "--json"))["data"]
    assert ("/rename/botchain", {"botchain_id": "b1", "botchain_name": "Hours"}) == (shown["path"], shown["body"])
