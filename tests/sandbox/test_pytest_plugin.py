"""The pytest plugin, by whichever of its names it comes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WAYS = {
    "by the entry point": ([], ""),
    "by name, too": (["-p", "alive5.pytest_plugin"], ""),
    "by the entry point's name, too": (["-p", "alive5"], ""),
    "by all of them": (["-p", "alive5", "-p", "alive5.pytest_plugin"], 'pytest_plugins = ["alive5.pytest_plugin"]'),
    "by a conftest.py, too": ([], 'pytest_plugins = ["alive5.pytest_plugin"]'),
    "by a conftest.py alone": (["-p", "no:alive5"], 'pytest_plugins = ["alive5.pytest_plugin"]'),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_plugin_may_be_named_beside_its_entry_point(tmp_path: Path, way: str) -> None:
    (tmp_path / "test_theirs.py").write_text("def test_it(alive5_sandbox):\n    assert alive5_sandbox.seed\n")
    options, conftest = WAYS[way]
    (tmp_path / "conftest.py").write_text(conftest)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert (0, "1 passed") == (ran.returncode, " ".join(ran.stdout.splitlines()[-1:])[:8]), ran.stdout + ran.stderr


def test_a_client_of_a_module_without_a_key_is_redirected(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("import alive5\n\nclient = alive5.Alive5()\n")
    (tmp_path / "test_shop.py").write_text(
        "import shop\n\ndef test_it(alive5_sandbox):\n"
        "    assert shop.client.tags.list()\n    assert alive5_sandbox.requests\n"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALIVE5_")}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert (0, "1 passed") == (ran.returncode, " ".join(ran.stdout.splitlines()[-1:])[:8]), ran.stdout + ran.stderr
