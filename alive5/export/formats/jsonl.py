"""JSON Lines, compressed: the lossless form, one delivered row a line."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ..disk import Disk
from ..flatten import Values, flatten
from ..json_lines import count_messages, line_of, read_line
from ..schema import Table
from ._base import Format, Stored, Tally, create

# A fifth larger than the usual level, in 40 % of its time, which was half of all rendering.
_LEVEL: Final = 4


class JsonLines(Format):
    """One nested file; messages stay inside their conversation."""

    name = "jsonl"
    suffixes = {"conversations": "jsonl.gz"}

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write one line a row.
        """
        with (
            create(disk, paths["conversations"]) as file,
            gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=file, mtime=0) as packed,
        ):
            for row in rows:
                raw = row.raw  # read anew each time it is asked for
                packed.write(line_of(row.kind, row.id, raw, tally.oddities))
                tally.conversations[row.kind] += 1
                tally.messages[row.kind] += count_messages(raw)

    def read(self, path: Path, table: Table) -> Iterator[Values]:
        """
        Flatten the lines again.
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
    Read the lines as kind, session id and delivered row.
    """
    with gzip.open(path, "rb") as lines:
        for line in lines:
            yield read_line(line)
