"""Every Python block of the page on sending runs, and sends what it says."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from alive5 import Alive5, Ledger, OutcomeUnknownError
from alive5.sandbox import Sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "sending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_blocks_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIVE5_API_KEY", "test_key_docs")
    assert 5 == len(BLOCKS)
    scope: dict[str, Any] = {"__name__": "docs"}
    with Sandbox(livechat=0, sms=10, fbm=0).patch() as sandbox:
        for code in BLOCKS:
            exec(compile(code, "docs/sending.md", "exec"), scope)
    assert ["Your parcel is here", "Hi Grace, see you on Friday", "Hi Ada, see you on Friday"] == [
        delivery.arguments["message"] for delivery in sandbox.deliveries
    ]
    assert "UCS-2 19 1 1 ('\u263a',)\n1 accepted \n2 accepted \n" == capsys.readouterr().out


@pytest.mark.parametrize(("fault", "state"), [("reset_after", "accepted"), ("reset_before", "unknown")])
def test_the_look_before_repeating_resolves_what_was_sent_alone(tmp_path: Path, fault: str, state: str) -> None:
    (recipe,) = [code for code in BLOCKS if "find_sent" in code]
    ledger, sandbox = Ledger(tmp_path / "texts.ledger"), Sandbox(livechat=0, now=datetime.now(timezone.utc))
    sandbox.fail(fault, on="sms.send")
    with sandbox.patch(), Alive5() as client:
        sender = client.sms.sender(line="Texting")
        with pytest.raises(OutcomeUnknownError):
            sender.send(phone_number_to="+12025550123", message="Your parcel is here", ledger=ledger, key="order-4711")
        exec(compile(recipe, "docs/sending.md", "exec"), {"client": client, "ledger": ledger})
    entry = ledger.entry("order-4711")
    assert entry is not None
    assert state == entry.state
