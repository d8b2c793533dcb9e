"""The public names: exported, lazy, visible to type checkers, and cheap."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest
from hygiene.sources import tree

import alive5
from alive5 import _core, models
from alive5._lazy import homes_of

# Each has a block for type checkers, whose names are imported on first use.
PACKAGES = (alive5, models, _core)


def type_checking_block(package: Any) -> dict[str, str]:
    """
    Read from which file each name comes for type checkers.
    """
    (block,) = [
        n
        for n in tree("/".join([*package.__name__.split(".")[1:], "__init__.py"])).body
        if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)
    ]
    return {
        alias.asname or alias.name: node.module or ""
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_table_block_all_and_dir_agree(package: Any) -> None:
    homes = {name: home.removeprefix(f"{package.__name__}.") for name, home in homes_of(vars(package)).items()}
    assert type_checking_block(package) == homes
    assert sorted(homes) == list(package.__all__)
    assert set(package.__all__) <= set(dir(package))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_each_name_is_what_its_home_has(package: Any) -> None:
    for name in package.__all__:
        home: Any = import_module(homes_of(vars(package))[name])
        assert getattr(package, name) is getattr(home, name), name
        assert getattr(package, name).__name__ == name
        assert getattr(package, name).__doc__, name


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'alive5' has no attribute 'Nothing'"):
        getattr(alive5, "Nothing")  # noqa: B009 - the attribute is the point
    assert not hasattr(alive5, "httpx")


def test_errors_and_models_are_all_exported() -> None:
    from alive5 import errors

    assert {*errors.__all__, *models.__all__} <= set(alive5.__all__)


def loaded(code: str) -> set[str]:
    """
    Return what a fresh interpreter has loaded after some code.
    """
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


HEAVY = {"httpx", "httpcore", "anyio", "attr", "attrs", "msgspec", "sniffio", "ssl", "asyncio"}
TRANSPORTS = {"httpx", "httpcore", "anyio", "sniffio", "trio", "asyncio"}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded("import alive5") & HEAVY == set()
    assert loaded("import alive5; alive5.__version__, dir(alive5)") & HEAVY == set()


@pytest.mark.parametrize("name", ["Alive5", "AsyncAlive5", "Alive5Error", "Message", "RetryPolicy", "Port"])
def test_a_name_loads_no_transport(name: str) -> None:
    assert loaded(f"from alive5 import {name}") & TRANSPORTS == set()


def test_the_pytest_plugin_imports_only_pytest_at_its_top() -> None:
    top = [n for n in tree("pytest_plugin.py").body if isinstance(n, (ast.Import, ast.ImportFrom))]
    modules = {n.module if isinstance(n, ast.ImportFrom) else n.names[0].name for n in top}
    assert modules - {"pytest", "__future__", "typing", "collections.abc"} == set()


def test_the_version_is_the_projects() -> None:
    from importlib.metadata import version

    assert version("alive5") == alive5.__version__
