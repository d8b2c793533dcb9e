"""Every Python block of the guides runs, in the order of its page, and prints what the page says it prints."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import anyio
import httpx
import pytest

import alive5
from alive5._sansio.endpoints import ENDPOINTS
from alive5.cli._exits import ExitCode
from alive5.sandbox import Sandbox
from alive5.sandbox.embedded.faults import FAULTS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FOLDERS = ("tutorials", "howto", "reference", "explanations")
GUIDES = sorted([DOCS / "index.md", *(page for folder in FOLDERS for page in (DOCS / folder).glob("*.md"))])
BLOCK = re.compile(r"^```python\n(.*?)^```$(?:\n+```text\n(.*?)^```$)?", flags=re.MULTILINE | re.DOTALL)
WITH_CODE = [page for page in GUIDES if "```python" in page.read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(livechat=60, sms=20, fbm=10, now=datetime(2026, 3, 31, tzinfo=timezone.utc)).patch() as sandbox:
        yield sandbox


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_blocks_of_a_page_run(
    page: Path, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {"__name__": "docs"}
    for code, printed in BLOCK.findall(page.read_text(encoding="utf-8")):
        exec(compile(code, str(page), "exec"), scope)
        shown = capsys.readouterr().out
        if printed:
            assert printed == shown
    for client in scope.values():
        if isinstance(client, alive5.Alive5):
            client.close()
        elif isinstance(client, alive5.AsyncAlive5):
            anyio.run(client.aclose)


def test_the_tests_a_guide_shows_pass(tmp_path: Path) -> None:
    page = (DOCS / "howto" / "testing.md").read_text(encoding="utf-8")
    (code,) = [code for code, _ in BLOCK.findall(page) if "def test_" in code]
    (tmp_path / "test_guide.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert (0, "2 passed") == (ran.returncode, ran.stdout.splitlines()[-1][:8]), ran.stdout + ran.stderr


def test_the_page_on_moving_has_every_operation() -> None:
    page = (DOCS / "howto" / "moving.md").read_text(encoding="utf-8")
    assert {endpoint.operation for endpoint in ENDPOINTS} == set(re.findall(r"^### (\S+)$", page, flags=re.MULTILINE))
    for endpoint in ENDPOINTS:
        assert endpoint.documented is None or endpoint.documented.path.partition("{")[0] in page


def test_the_reference_has_every_fault_variable_and_code() -> None:
    sandbox = (DOCS / "reference" / "sandbox.md").read_text(encoding="utf-8")
    assert list(FAULTS) == re.findall(r"^\| `(\w+)` \| (?:yes|no) ", sandbox, flags=re.MULTILINE)
    line = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert [code.value for code in ExitCode] == [int(code) for code in re.findall(r"^\| (\d+) \|", line, flags=re.M)]
    package = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "alive5").rglob("*.py"))
    variables = set(re.findall(r'"(ALIVE5_[A-Z_]+)"', package))
    assert variables == set(re.findall(r"ALIVE5_[A-Z_]+", line))


def test_the_reference_has_every_public_name() -> None:
    shown = set(re.findall(r"^::: alive5\.(?:\S+\.)?(\w+)$", "".join(p.read_text() for p in GUIDES), flags=re.M))
    described = {*shown, *alive5.errors.__all__}
    text = "".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    missing = {name for name in dir(alive5) if name[0].isupper() and not name.isupper()} - described
    assert {name for name in missing if f"`{name}" not in text} == set()


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    named = re.findall(r'"([\w/-]+\.md)"', (ROOT / "zensical.toml").read_text(encoding="utf-8"))
    assert sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")) == sorted(named)


async def ask_as_curl(sandbox: Sandbox, line: str) -> dict[str, Any]:
    """Send what a line of curl says to the sandbox."""
    line = line.replace("acme", "Sandbox Ltd")
    words = shlex.split(line.replace("${A5%1.0}", "/public/").replace("$A5", "/public/1.0"), comments=True)
    method = next((words[at + 1] for at, word in enumerate(words) if word == "-X"), None)
    pairs = [unquote(pair).split("=", 1) for at, pair in enumerate(words) if words[at - 1] in ("-d", "-F")]
    body = next((words[at + 1] for at, word in enumerate(words) if word == "--json"), None)
    form = {name: (None, value) for name, value in pairs} if "-F" in words else None
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.asgi), base_url="http://a5.test") as web:
        answer = await web.request(
            method or ("POST" if form or body else "GET"),
            words[-1],
            params=None if form else pairs,
            files=form,
            content=body,
            headers={"X-A5-APIKEY": "test_key", **({"content-type": "application/json"} if body else {})},
        )
    return {"status": answer.status_code, **answer.json()}


def test_each_line_of_curl_is_answered_as_its_call_is() -> None:
    page = (DOCS / "howto" / "moving.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\$ curl (.*)$", page, flags=re.MULTILINE)
    assert len(ENDPOINTS) == len(lines)
    sandbox = Sandbox(livechat=5, sms=5, fbm=5)
    known = anyio.run(ask_as_curl, sandbox, lines[[line.endswith('contact/create-new"') for line in lines].index(True)])
    contact = known["data"]["crm_id"]
    for line in lines:
        told = anyio.run(ask_as_curl, sandbox, line.replace('"crm_id": "..."', f'"crm_id": "{contact}"'))
        if "interceptorUuid" not in line:  # its id is made when it is registered
            assert (200, 200, None) == (told["status"], told["code"], told["error"]), line
