"""One conversation of an export: found by its id, and written so that nothing leaves its quote."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from support.render import FORMATS, export

from alive5 import InvalidArgumentError, open_export

AT = 1_767_625_140_000  # 2026-01-05T14:59:00Z
SAID = [
    {
        "created_at": AT,
        "created_by": "Ana Silva",
        "message_content": "Hi *there* <b>\n# not a title\r1. first\u2028- last",
    },
    {"created_at": "soon", "created_by": "Maria", "message_content": None},
    {"created_at": AT + 60_000, "created_by": None, "message_content": "    indented"},
]
ROW: dict[str, Any] = {
    "alive5_sessionID": "s_1", "start_time": AT, "end_time": None, "assigned_to": "Maria", "channel_name": "Support",
    "contacts_first_name": "Ana", "contacts_last_name": "Silva", "tags": ["vip", "new"], "chat_conversation": SAID,
}  # fmt: skip
OTHER = {**ROW, "alive5_sessionID": "s_2", "chat_conversation": []}
ROWS = [("livechat", OTHER), ("sms", ROW), ("fbm", {**ROW, "channel_name": "Page", "chat_conversation": SAID[:1]})]
EXPECTED = """\
# Conversation s\\_1

- Kind: sms
- Channel: Support
- Assigned to: Maria
- Contact: Ana Silva
- Tags: vip, new
- Started: 2026-01-05 09:59
- Times: America/New\\_York

**Ana Silva** (customer), 2026-01-05 09:59

> Hi \\*there\\* \\<b\\>\\
> \\# not a title\\
> 1\\. first\\
> \\- last

**Maria** (agent), no time

> 

**\\-** (unknown), 2026-01-05 10:00

> indented
"""  # noqa: W291 - an empty text is an empty quote


@pytest.mark.parametrize("name", FORMATS)
def test_a_transcript(name: str, tmp_path: Path) -> None:
    export(tmp_path, ROWS, name)
    found = open_export(tmp_path).conversation("s_1", kind="sms")
    assert EXPECTED == found.transcript(tz="America/New_York")
    assert "<ExportedConversation 's_1' messages=3>" == repr(found)


def test_it_is_found_by_its_id_and_kind(tmp_path: Path) -> None:
    export(tmp_path, ROWS, "jsonl")
    reader = open_export(tmp_path)
    assert () == reader.conversation("s_2").messages
    assert 1 == len(reader.conversation("s_1", kind="fbm").messages)
    assert reader.conversation("s_1").row["kind"] in ("sms", "fbm")
    for session_id, kind in (("s_3", None), ("s_2", "sms"), ("", None)):
        with pytest.raises(InvalidArgumentError, match="is of no conversation in this export"):
            reader.conversation(session_id, kind=kind)


def test_a_time_at_the_end_of_the_calendar(tmp_path: Path) -> None:
    export(tmp_path, [("sms", {**ROW, "start_time": "0001-01-01T00:00:00Z"})], "jsonl")
    found = open_export(tmp_path).conversation("s_1")
    assert found.header(tz="America/New_York")["Started"].endswith("1-01-01 00:00Z")
    assert "UTC" == found.header(tz=timezone.utc)["Times"]
    assert datetime(2026, 1, 5, 14, 59, tzinfo=timezone.utc) == found.messages[0]["created_at"]
