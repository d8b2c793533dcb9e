"""Every Python found beside this one: installed anew, used without closing anything, ended by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hosts.load import check_connections
from hosts.process import APPS, Host
from hosts.server import FakeAlive5

PROJECT = Path(__file__).parents[2]
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
VERSION = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"


def output_of(*command: str, **variables: str) -> str:
    try:
        done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, timeout=20)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def find(python: str) -> str | None:
    """
    Find an interpreter by its name, asking pyenv for the version to stand behind the name.
    """
    versions = output_of("pyenv", "versions", "--bare").split()
    for chosen in ["", *(version for version in versions if version.startswith(f"{python}."))]:
        variables = {"PYENV_VERSION": chosen} if chosen else {}
        found, _, executable = output_of(f"python{python}", "-c", VERSION, **variables).strip().partition(" ")
        if found == python:
            return executable
    return None


def install(python: str, folder: Path) -> str:
    """
    Make an environment with the project in it; gives its interpreter.
    """
    interpreter = str(folder / "bin" / "python")
    for command in (
        [python, "-m", "venv", str(folder)],
        [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(PROJECT)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        assert 0 == done.returncode, done.stderr
    return interpreter


@pytest.fixture(scope="module", params=PYTHONS)
def interpreter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """
    An interpreter that can import the package.
    """
    python = find(request.param)
    if python is None:
        pytest.skip(f"there is no Python {request.param} here")
    return install(python, tmp_path_factory.mktemp("environment"))


@pytest.mark.hosts
@pytest.mark.timeout(400)
@pytest.mark.parametrize("mode", ["plain", "dev"])
def test_a_script_that_closes_nothing_ends(interpreter: str, mode: str, fake: FakeAlive5, tmp_path: Path) -> None:
    options = ["-X", "dev"] if mode == "dev" else []
    with Host([*options, APPS / "plain_script.py"], tmp_path, python=interpreter, FAKE_URL=fake.url) as host:
        host.find("python .* done")
        assert 0 == host.wait(2.0), host.output()
        warned = "was not closed" in host.output()
        assert (mode == "dev") == warned, host.output()
        assert "Traceback" not in host.output()
    check_connections(fake) if fake.ledger.owners() else None
