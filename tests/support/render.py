"""A store in memory, and rows with every surprise a server has thought of."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from alive5.export.dataset.manifest import MANIFEST, Manifest
from alive5.export.disk.files import Disk
from alive5.export.render.render import render
from alive5.export.rows.json_lines import delivered_id, line_of, messages_of
from alive5.models._times import read_epoch, read_text
from alive5.sandbox.data import conversations as sandbox_rows

FORMATS = ("jsonl", "csv", "sqlite", "parquet", "duckdb")
ALL = (*FORMATS, "xlsx")
"""Those, and one that is for people and not read by code."""
Row = dict[str, Any]

NASTY_TEXTS = (
    "plain",
    "",
    "   ",
    "👋🏽 👩‍👩‍👧 café cafe\u0301",
    "line\nline\r\nline\rend\n",
    "she said \"hi\", 'then' left; \\ back\\slash \\n \\N",
    "nul\x00inside\x00",
    "\x00",
    "tab\tand\x1bescape\x7f",
    "שלום \u202eevil\u202c \u200f",
    "\u2028\u2029\u0085",
    "\ufeffbom",
    "\ud800 lone \udfff",
    "\ud83d",
    "=1+1",
    "-2+3",
    "+1 (202) 555-0147",
    "-12.50",
    "'=1+1",
    "''",
    "null",
    "NaN",
    "0123",
    "true",
    "a,b;c\t|d",
    "x" * 200_000,
)
NASTY_TIMES = (
    1_767_225_600_000,
    1_767_225_600,
    1_767_225_600_123,
    1_767_225_600_123.5,
    "1767225600000",
    "2026-01-01T00:00:00Z",
    "2026-01-01T02:00:00.123456+0200",
    "2026-01-01 00:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    0,
    "",
    None,
    "soon",
    -5,
    True,
    [],
    {"$date": None},
)
NASTY_VALUES = (None, "", True, False, 0, 7, 1.5, 2**70, {"value": None}, ["a", 1, None], [], {})


class StoredRow(NamedTuple):
    """As much of a stored row as rendering reads."""

    kind: str
    id: str
    raw: Row

    @property
    def n_msg(self) -> int:
        return len(messages_of(self.raw))

    @property
    def line(self) -> bytes:
        return line_of(self.kind, self.raw, None if delivered_id(self.raw) == self.id else self.id)


class MemoryStore:
    """Rows by kind and month; it counts how many rows are alive."""

    def __init__(self, rows: Iterable[tuple[str, Row]] = ()) -> None:
        self.parts: dict[tuple[str, str], list[StoredRow]] = {}
        self.read: list[tuple[str, str]] = []
        for number, (kind, row) in enumerate(rows):
            self.add(kind, row, f"synthetic-{number}")

    def add(self, kind: str, row: Row, synthetic: str = "synthetic") -> None:
        thread = row.get("threadData") or {}
        given = row.get("alive5_sessionID") or thread.get("thread_id")
        name = str(given) if isinstance(given, (str, int)) and given else synthetic
        start = row.get("start_time") or thread.get("thread_start_chat")
        self.parts.setdefault((kind, month_of(start)), []).append(StoredRow(kind, name, row))

    def months(self, kind: str) -> list[str]:
        return sorted(month for of, month in self.parts if of == kind)

    def rows(self, kind: str, month: str) -> Iterator[StoredRow]:
        self.read.append((kind, month))
        for row in sorted(self.parts[kind, month], key=lambda row: (start_of(row.raw), row.id)):
            yield row._replace(raw=copy.deepcopy(row.raw))

    def content_key(self, kind: str, month: str) -> str:
        texts = sorted(f"{row.id} {json.dumps(row.raw, sort_keys=True)}" for row in self.parts[kind, month])
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def month_of(start: Any) -> str:
    if isinstance(start, (int, float)) and not isinstance(start, bool):
        moment = read_epoch(start)
    else:
        moment = read_text(start) if isinstance(start, str) else None
    return "unknown" if moment is None else f"{moment.year:04}-{moment.month:02}"


def start_of(raw: Row) -> str:
    return json.dumps(raw.get("start_time"), sort_keys=True)


def chats(count: int, kinds: Iterable[str] = ("livechat", "sms", "fbm")) -> list[tuple[str, Row]]:
    """Ordinary conversations of half a year, *count* of each kind."""
    made = []
    for kind in kinds:
        for number in range(count):
            start = sandbox_rows.start_of(1, kind, number, count)
            made.append((kind, sandbox_rows.conversation(1, kind, number, start)))
    return made


def nasty() -> list[tuple[str, Row]]:
    """One conversation a surprise: texts, times, tags, odd types, the newer shape, missing ids."""
    rows: list[tuple[str, Row]] = []
    for number, text in enumerate(NASTY_TEXTS):
        said = [{"created_at": 1_767_225_600_000 + n, "created_by": text, "message_content": text} for n in range(2)]
        row = {"contacts_notes": text, "assigned_to": text, "tags": [text, "vip"], "new_field": {text: text}}
        rows.append(("sms", _row(f"text-{number}", **row, chat_conversation=said)))
    for number, moment in enumerate(NASTY_TIMES):
        said = [{"created_at": moment, "created_by": "Ana", "message_content": "hi"}]
        rows.append(("fbm", _row(f"time-{number}", start_time=moment, end_time=moment, chat_conversation=said)))
    for number, value in enumerate(NASTY_VALUES):
        said = [{"created_at": value, "created_by": value, "message_content": value, "more": value}]
        rows.append(("livechat", _row(f"odd-{number}", city=value, tags=value, zip=value, chat_conversation=said)))
        rows.append(("livechat", _row(f"said-{number}", chat_conversation=value, org_name=value)))
    rows.append(("livechat", _row("mixed", chat_conversation=[None, "text", {}, {"created_by": 7}, {"deep": [[]]}])))
    rows.append(("sms", _row("null tags", tags=None)))
    rows.append(("sms", _row("no tags at all")))
    rows.append(("sms", _row("taken", kind="lead", delivered_kind=1, synthetic_id="s", delivered_synthetic_id=None)))
    rows.append(("sms", _row("deep", deep=_deep(150))))
    rows.append(("sms", {"start_time": 1_767_225_600_000, "contacts_notes": "no id"}))
    rows.append(("livechat", _thread()))
    picture = {"created_at": 1_767_225_600_000, "message_id": "m1", "media_url": "https://x.test/a.png"}
    rows.append(("sms", _row("picture", contacts_phone="1", contacts_phone_mobile="2", chat_conversation=[picture])))
    rows.append(("sms", _row("mobile", contacts_phone_mobile="+12025550147")))
    return rows


def export(directory: Path, rows: Iterable[tuple[str, Row]], *formats: str, **options: Any) -> Manifest:
    """Render rows into a directory."""
    return render(MemoryStore(rows), directory, Disk(), formats=formats or ("jsonl",), **options)


def sealed(facts: Mapping[str, Any]) -> str:
    """The text of a manifest whose digest is right, as whoever changes one with care writes it."""
    others = {name: value for name, value in facts.items() if name != "manifest_sha256"}
    digest = hashlib.sha256(json.dumps(others, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return json.dumps({**others, "manifest_sha256": digest})


def reseal(out: Path, **rows: int) -> None:
    """Make the manifest agree with the files as they are now, as a careful forger would."""
    manifest = json.loads((out / MANIFEST).read_bytes())
    for entry in manifest["files"]:
        content = (out / entry["path"]).read_bytes()
        entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        entry["rows"] += rows.get(entry["table"], 0)
        manifest["counts"].get(entry["kind"], {}).setdefault(entry["table"], 0)
        if entry["kind"]:
            manifest["counts"][entry["kind"]][entry["table"]] += rows.get(entry["table"], 0)
    (out / MANIFEST).write_text(sealed(manifest))


def tree(directory: Path) -> dict[str, bytes]:
    """Every file of an export, by its path; not what the store keeps for itself."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and ".alive5" not in path.parts
    }


def _row(name: str, **values: Any) -> Row:
    return {"alive5_sessionID": name, "start_time": 1_767_225_600_000, "end_time": None, **values}


def _thread() -> Row:
    thread: Mapping[str, Any] = {
        "thread_id": "thread-1", "created_at": 1_765_000_000_000, "thread_start_chat": 1_767_225_600_000,
        "thread_end_chat": 0, "channel_name": "Support", "assignedTo": "u1", "tags": ["new"], "tone": "calm",
        "crmData": {"first_name": "Bo", "rank": 3},
    }  # fmt: skip
    source = {"created_at": 1_767_225_600_001, "created_by": "Bo", "message_content": "hi", "message_id": "m0"}
    said = [{"_id": "0", "_source": source}]
    return {"threadData": dict(thread), "threadConversation": said}


def _deep(levels: int) -> Any:
    value: Any = "bottom"
    for _ in range(levels):
        value = [value]
    return value
