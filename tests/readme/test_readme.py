"""Every code block of the README runs."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from alive5.sandbox import Sandbox

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]


def block(word: str) -> str:
    (found,) = [code for code in PYTHON if word in code]
    return found


def run(code: str) -> dict[str, Any]:
    scope: dict[str, Any] = {"__name__": "readme"}
    exec(compile(code, "README.md", "exec"), scope)
    return scope


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ALIVE5_API_KEY", "test_key_readme")
    sandbox = Sandbox(livechat=120)
    with sandbox.patch():
        yield sandbox


async def remind(text: str = "Hello") -> int:
    scope = run(block("FastAPI"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(scope["app"]), base_url="http://app.test") as web:
        answer = await web.post("/reminders", params={"number": "+12025550123", "text": text})
    await scope["client"].aclose()
    return answer.status_code


def test_each_block_is_tested_here() -> None:
    words = {"sender(", "FastAPI", "prefetch", "django", "fail("}
    assert words == {word for word in words for code in PYTHON if word in code}
    assert 5 == len(PYTHON)
    assert 1 == sum(language == "sh" for language, _ in BLOCKS)
    assert 6 == len(BLOCKS)


def test_the_first_lines_send_a_text_and_list_chats(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    run(block("sender("))

    assert 1 == len(sandbox.deliveries)
    assert len(sandbox.conversations("livechat")) >= len(capsys.readouterr().out.splitlines()) > 0


def test_the_table_of_comparisons_is_of_the_programs_that_are_there() -> None:
    text = README.read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| .*\((benchmarks/compare/\w+\.py)\).*\((benchmarks/compare/\w+\.py)\) \| \*\*(\d+)\*\* / (\d+) ",
        text,
        re.M,
    )
    assert 5 == len(rows)
    for ours, theirs, *lines in rows:
        for program, count in zip((ours, theirs), lines, strict=True):
            source = (README.parent / program).read_text(encoding="utf-8")
            first = ast.parse(source).body[0].end_lineno or 0
            assert int(count) == sum(bool(line.strip()) for line in source.splitlines()[first:]), program


def test_the_fastapi_route_sends_one_text(sandbox: Sandbox) -> None:
    assert 200 == anyio.run(remind)
    assert 1 == len(sandbox.deliveries)


def test_the_fastapi_route_says_when_the_outcome_is_unknown(sandbox: Sandbox) -> None:
    sandbox.fail("server_error_after", on="sms.send")

    assert 502 == anyio.run(remind)
    assert 1 == len(sandbox.deliveries)


@pytest.mark.parametrize(
    ("text", "fault", "status"),
    [("", None, 400), ("Hello", "client_error", 400), ("Hello", "unauthorized", 500), ("Hello", "rate_limited", 503)],
)
def test_the_fastapi_route_says_whether_to_repeat(sandbox: Sandbox, text: str, fault: str | None, status: int) -> None:
    if fault is not None:
        sandbox.fail(fault, times=None, on="sms.send", **({"retry_after": 90} if fault == "rate_limited" else {}))

    assert status == anyio.run(remind, text)
    assert [] == sandbox.deliveries


def test_the_bulk_read_prints_chats(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    run(block("prefetch"))

    assert "ListingReport" in capsys.readouterr().out


def test_the_django_view_lists_tags(sandbox: Sandbox) -> None:
    from django.conf import settings
    from django.test import RequestFactory

    if not settings.configured:
        settings.configure()
    scope = run(block("django"))
    with scope["client"]:
        response = scope["tags"](RequestFactory().get("/tags"))

    assert json.loads(response.content)["tags"]


def test_the_sandbox_block_shows_an_unknown_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    run(block("fail("))

    assert "unknown 1\n" == capsys.readouterr().out


def test_the_first_command_exports(tmp_path: Path) -> None:
    (commands,) = [code for language, code in BLOCKS if language == "sh"]
    command = commands.splitlines()[0].partition(" && ")[2].replace("alive5 ", f"{sys.executable} -m alive5 ", 1)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALIVE5_")}

    subprocess.run(command, shell=True, check=True, cwd=tmp_path, env=environment, timeout=60)

    manifest = json.loads((tmp_path / "out" / "MANIFEST.json").read_bytes())
    assert True is manifest["sandbox"]
    assert [] == [entry["path"] for entry in manifest["files"] if not (tmp_path / "out" / entry["path"]).is_file()]
    assert sum(entry["rows"] for entry in manifest["files"]) > 100
