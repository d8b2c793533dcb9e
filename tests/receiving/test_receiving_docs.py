"""Every Python block of the page on receiving runs, and handles what it says."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from alive5.sandbox import Sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "receiving.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
TEXT = {"created_by": "+12025550123", "message_content": "Are you open?", "thread_id": "t1"}


def test_the_blocks_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIVE5_API_KEY", "test_key_docs")
    assert 3 == len(BLOCKS)
    scope: dict[str, Any] = {"__name__": "docs"}
    now = datetime.now(timezone.utc)
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, now=now)

    async def deliver() -> None:
        transport = httpx.ASGITransport(scope["app"])
        async with httpx.AsyncClient(transport=transport, base_url="http://texts.test") as web:
            for _ in range(2):
                answer = await web.post("/texts/0123456789abcdef", json={**TEXT, "created_at": ms})
                assert 200 == answer.status_code

    with sandbox.patch():
        exec(compile(BLOCKS[0], "docs/receiving.md", "exec"), scope)
        exec(compile(BLOCKS[1], "docs/receiving.md", "exec"), scope)
        ms = int(datetime.now(timezone.utc).timestamp() * 1000) + 1
        said = [{**TEXT, "created_at": ms, "media_url": ""}]
        said.append({**said[0], "created_at": ms + 7, "message_content": "", "media_url": "https://example.com/a.png"})
        sandbox.add("sms", alive5_sessionID="t1", start_time=ms, chat_conversation=said)
        anyio.run(deliver)
        anyio.run(scope["poll"])
        exec(compile(BLOCKS[2], "docs/receiving.md", "exec"), scope)
    lines = capsys.readouterr().out.splitlines()
    assert ["+12025550123 Are you open? None", "+12025550123  https://example.com/a.png", "1 0"] == lines
