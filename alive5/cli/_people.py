"""A CSV file of people, and one of what became of their texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from ..errors import Alive5Error, ConfigurationError, LedgerError
from ..export.dataset.formats._csv_guard import guard
from ..export.disk.errors import explained
from ..export.disk.files import Disk
from ..sending.plan.results import TextResult

COLUMNS: Final = (
    *("line", "phone_number", "outcome", "reason", "parts", "credits", "message_id", "thread_id", "key"),
)  # fmt: skip


class Row(dict[str, Any]):
    """A row with its line in the file."""

    line = 0


def read_people(path: Path) -> list[Row]:
    """
    Return the rows of a CSV file with a head; a blank line is none.

    :raises ConfigurationError: when it is none, or a row has more cells than its head.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(file, path))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or "it is no CSV file in UTF-8"
        raise ConfigurationError(f"{path}: {why}") from None


def _rows(file: io.TextIOBase, path: Path) -> Iterator[Row]:
    reader = csv.reader(file)
    head = next(reader, [])
    if "phone_number" not in head:
        raise ConfigurationError(f"{path}: its first line must name the columns, phone_number among them")
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if len(cells) > len(head):
            raise ConfigurationError(f"{path}: line {line} has more cells than there are columns")
        if cells:
            row = Row(zip(head, cells, strict=False))
            row.line = line
            yield row


class Results:
    """The file of results, for its owner alone: it takes its name once the run ends, however it ends."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._rows = csv.writer(file)
        self._rows.writerow(COLUMNS)

    def add(self, result: TextResult) -> None:
        """
        Write a result, at once.
        """
        sent = result.sent
        ids = ("", "") if sent is None else (sent.message_id or "", sent.thread_id or "")
        texts = (result.phone_number_to, result.outcome, result.reason)
        values = (result.line, *map(guard, texts), result.parts, result.credits, *map(guard, (*ids, result.key)))
        self._rows.writerow(values)
        self._file.flush()


@contextmanager
def results_to(path: Path) -> Iterator[Results]:
    """
    Return the file of results, which replaces an older one at the end.
    """
    disk, draft = Disk(), path.with_name(f".{path.name}.part")
    with explained(path, LedgerError, "file of results"):
        disk.unlink(draft)
        raw = disk.create(draft)
    file = io.TextIOWrapper(io.BufferedWriter(cast("Any", raw)), encoding="utf-8", newline="")
    try:
        yield Results(file)
    finally:
        with explained(path, Alive5Error, "file of results"):
            file.close()
            disk.replace(draft, path)
