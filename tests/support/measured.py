"""An export of many texts in a process of its own: ``python -m support.measured DIRECTORY FORMAT MESSAGES``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alive5 import open_export
from alive5.export.disk.files import Disk
from alive5.export.render.render import render
from alive5.export.rows.json_lines import line_of
from support import plenty

EACH = 10


class Row:
    """A stored row, made when it is asked for; each is of a contact of its own."""

    kind = "sms"

    def __init__(self, number: int) -> None:
        at = 1_767_225_600_000 + number * 1_000
        sides = (f"+1202{number:07}", "Maria Ortiz")
        said = [
            {"created_at": at + turn * 30_000, "created_by": sides[turn % 2], "message_content": "hello there " * 6}
            for turn in range(EACH)
        ]
        self.id = f"s-{number:07}"
        self.raw: dict[str, Any] = {
            "alive5_sessionID": self.id,
            "start_time": at,
            "assigned_to": "Maria Ortiz",
            "contacts_phone": sides[0],
            "chat_conversation": said,
        }
        self.line = line_of(self.kind, self.raw)
        self.n_msg = EACH


class Store:
    """A store of any size."""

    def __init__(self, count: int) -> None:
        self.count = count

    def months(self, kind: str) -> list[str]:
        return ["2026-01"] if kind == "sms" else []

    def rows(self, kind: str, month: str) -> Iterator[Any]:
        return (Row(number) for number in range(self.count))

    def content_key(self, kind: str, month: str) -> str:
        return "key"


def main(directory: str, name: str, messages: str) -> None:
    path, count = Path(directory), int(messages) // EACH
    if not path.exists():
        render(Store(count), path, Disk(), formats=[name])
        return
    found = sum(row.from_customer for row in open_export(path).metrics(hours="mon-fri 9-17"))
    assert found == count * EACH // 2
    assert f'<data value="{count * EACH}">' in open_export(path).report(hours="mon-fri 9-17").html
    print(plenty.peak())  # noqa: T201 - MiB, for the test


if __name__ == "__main__":
    main(*sys.argv[1:])
