"""What a new process loads for its first call, by name: a client must not become slow without a word."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from support.loopback import Loopback

import alive5

OURS = 'import alive5; alive5.Alive5("test_key", base_url="{url}"{more}).tags.list()'
THEIRS = 'import httpx; httpx.Client().get("{url}").json()'
# A call is no listing, no export and no sending, and needs no model but its own.
PACKAGE = Path(alive5.__file__).parent
ROOMS = {"_core", "_json", "_port", "_sansio", "errors", "models", "resources"}
LATE = {
    "_core.history",
    "_core.listing",
    "_core.pages",
    "_port.asynchronous",
    "_sansio.paging",
    "_sansio.person",
    "_sansio.segments",
    "_sansio.unite",
    "_sansio.window",
    "models.contact_record",
    "models.conversation",
    "models.faq",
    "models.feed",
    "models.listing",
    "models.report",
    "models.sms",
    "models.webhook",
    "models.widget",
}


@cache
def loaded(code: str, more: str = "") -> frozenset[str]:
    with Loopback() as server:
        program = f"{code.format(url=server.url, more=more)}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return frozenset(json.loads(done.stdout.splitlines()[-1]))


def ours(modules: frozenset[str]) -> set[str]:
    return {name.removeprefix("alive5").lstrip(".") for name in modules if name.partition(".")[0] == "alive5"}


def test_importing_the_package_loads_two_modules() -> None:
    assert {"", "_version"} == ours(loaded("import alive5"))


def test_a_first_call_loads_what_it_needs() -> None:
    modules = ours(loaded(OURS))
    assert set() == modules & LATE
    assert all((PACKAGE / f"{name.replace('.', '/')}.py").exists() for name in LATE)
    assert {"_port.blocking", "_sansio.decode", "models.directory", "resources.directory"} <= modules
    assert ROOMS == {name.partition(".")[0] for name in modules if name.partition(".")[0] in folders()}


def test_a_first_call_brings_three_libraries_beside_its_engine() -> None:
    found = {name.partition(".")[0] for name in loaded(OURS) - loaded(THEIRS)} - set(sys.stdlib_module_names)
    # The parser of JSON looks for one more. Where trio is installed the engine brings attrs itself.
    ours = {"alive5", "attr", "attrs", "cattr", "cattrs", "msgspec", "typing_extensions"}
    assert {"alive5", "cattrs", "msgspec"} <= found <= ours


@pytest.mark.parametrize(("engine", "other"), [("httpx", "httpx2"), ("httpx2", "httpx")])
def test_a_first_call_loads_one_engine(engine: str, other: str) -> None:
    pytest.importorskip("httpx2")
    modules = loaded(OURS, more=f', engine="{engine}"')
    assert {engine} == modules & {engine, other}


def test_plain_http_reads_no_certificates() -> None:
    watched = "import ssl; ssl.SSLContext.load_verify_locations = None; "
    assert "alive5._facade" in loaded(watched + OURS)
    with pytest.raises(subprocess.CalledProcessError):
        loaded(watched + THEIRS)


def folders() -> set[str]:
    return {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
