"""One conversation of an export: found by its id, and written so that nothing leaves its quote."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from support.render import FORMATS, export
from support.report_pages import HOSTILE, Seen

from alive5 import FbmConversation, InvalidArgumentError, LivechatConversation, SmsConversation, open_export
from alive5._sansio.decode import shape
from alive5.export.insight.transcript import of_service
from alive5.models import Conversation

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


def test_a_page_shows_what_strangers_wrote_and_runs_none_of_it(tmp_path: Path) -> None:
    said = [{"created_at": AT, "created_by": text, "message_content": f"{text}\n{text}"} for text in HOSTILE]
    row = {**ROW, "contacts_first_name": HOSTILE[0], "channel_name": HOSTILE[1], "tags": list(HOSTILE[:9])}
    export(tmp_path, [("sms", {**row, "alive5_sessionID": HOSTILE[2], "chat_conversation": said})], "jsonl")
    html = open_export(tmp_path).conversation(HOSTILE[2]).html(tz="America/New_York")
    seen = Seen()
    seen.feed(html)
    tags = {"html", "head", "meta", "title", "style", "body", "h1", "bdi", "dl", "dt", "dd", "main", "article", "p"}
    assert tags == {tag for tag, _ in seen.tags}
    assert {"lang", "charset", "http-equiv", "content", "name", "class", "dir"} == {
        n for _, found in seen.tags for n in found
    }
    assert len(HOSTILE) == sum(tag == "article" for tag, _ in seen.tags)
    for text in HOSTILE[:6]:
        assert text in seen.text
    assert "\\u202egnp.exe\\u2066 \\u200f" in seen.text
    assert "a\\x00b\\x1bc\ufffdd" in seen.text
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u202e\u2066]", html) == []


def test_a_page_loads_nothing_and_has_the_style_its_policy_names(tmp_path: Path) -> None:
    export(tmp_path, ROWS, "jsonl")
    html = open_export(tmp_path).conversation("s_1", kind="sms").html()
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in html
    assert re.findall(r"url\(|@import|src=|href=", html) == []
    assert "@page { size: A4;" in style
    assert "2026-01-05 14:59" in html


@pytest.mark.parametrize("kind", [SmsConversation, LivechatConversation, FbmConversation])
def test_of_the_service_it_reads_the_same(kind: type[Conversation], tmp_path: Path) -> None:
    export(tmp_path, [(kind.kind, {**ROW, "contacts_phone_mobile": "+12025550123"})], "jsonl")
    exported = open_export(tmp_path).conversation("s_1")
    served = of_service(shape(kind, copy.deepcopy({**ROW, "contacts_phone_mobile": "+12025550123"})))
    if kind is not FbmConversation:  # of Messenger tags are not documented
        assert exported.transcript() == served.transcript()
    assert [one.side for one in exported.spoken()] == [one.side for one in served.spoken()]
    assert "chat_conversation" not in served.row
    assert exported.row["session_id"] == served.row["session_id"]
    assert "" == of_service(shape(kind, {})).row["session_id"]
