"""Every Python found beside this one: installed anew, used without closing anything, ended by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.host_process import APPS, Host
from support.host_server import FakeAlive5, check_connections

PROJECT = Path(__file__).parents[2]
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
VERSION = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"


def output_of(*command: str, **variables: str) -> str:
    try:
        return subprocess.run(
            command, check=True, env={**os.environ, **variables}, capture_output=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


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
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=240)
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


def check_ends(interpreter: str, mode: str, fake: FakeAlive5, folder: Path, within: float) -> None:
    options = ["-X", "dev"] if mode == "dev" else []
    with Host([*options, APPS / "plain_script.py"], fake=fake, folder=folder, python=interpreter) as host:
        host.find("python .* done")
        assert 0 == host.wait(within), host.output()
        assert "read at exit" in host.output()
        assert (mode == "dev") == ("was not closed" in host.output()), host.output()
    check_connections(fake)


@pytest.mark.promise("L4")
@pytest.mark.hosts
@pytest.mark.timeout(400)
@pytest.mark.parametrize("mode", ["plain", "dev"])
def test_a_script_that_closes_nothing_ends(interpreter: str, mode: str, fake: FakeAlive5, tmp_path: Path) -> None:
    check_ends(interpreter, mode, fake, tmp_path, within=2.0)


@pytest.mark.promise("L4")
@pytest.mark.parametrize("mode", ["plain", "dev"])
def test_a_script_that_closes_nothing_ends_on_this_python(mode: str, fake: FakeAlive5, tmp_path: Path) -> None:
    check_ends(sys.executable, mode, fake, tmp_path, within=10.0)
