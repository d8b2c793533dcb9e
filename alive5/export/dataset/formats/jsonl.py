"""JSON Lines, compressed: the lossless form, one delivered row a line."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from ...disk.files import Disk
from ...rows.compression import gzipped
from ...rows.json_lines import read_line
from ..flatten import Values, flatten
from ..schema import Table
from ._base import Format, Stored, Tally, create


class JsonLines(Format):
    """JSON Lines in one nested file; messages stay inside their conversation."""

    name = "jsonl"
    suffixes: ClassVar[Mapping[str, str]] = {"conversations": "jsonl.gz"}

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write one line a row.
        """
        with create(disk, paths["conversations"]) as file, gzipped(file) as lines:
            for row in rows:
                lines.write(row.line)
                tally.conversations[row.kind] += 1
                tally.messages[row.kind] += row.n_msg

    def read(self, path: Path, table: Table) -> Iterator[Values]:
        """
        Yield the rows of a table, flattened from the lines.
        """
        tally = Tally()
        for kind, session_id, raw in delivered(path):
            flat = flatten(kind, session_id, raw, tally.oddities)
            if table.name == "conversations":
                yield flat.conversation
            else:
                yield from flat.messages


def delivered(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """
    Yield the lines as kind, session id and delivered row.
    """
    with gzip.open(path, "rb") as lines:
        for line in lines:
            yield read_line(line)
