"""An export searched: its parts, as an index of what was said needs them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from ..._sansio.validate import count
from ...errors import ExportError
from ..dataset.manifest import FileEntry, load_manifest
from ..insight.found import Needle, SearchHit
from ..search.file import SearchIndex
from ..search.index import Part
from .measured import apart, joined
from .rows import ExportRows

Row = dict[str, Any]


def searched(export: ExportRows, text: str, limit: int | None) -> Iterator[SearchHit]:
    """
    Return the messages of an export that hold a text, the latest first.

    Arguments are checked now, rows are read as they are asked for.
    """
    needle, most = Needle(text), None if limit is None else count("limit", limit)
    return SearchIndex(export.path, [*_parts(export)], partial(_is_current, export)).find(needle, most)


def _parts(export: ExportRows) -> Iterator[Part]:
    messages = {_place(entry): entry for entry in export.entries_for_rows("messages")}
    for entry in export.entries_for_rows("conversations"):
        # A file of conversations without a message is none of messages.
        both = [entry, *filter(None, [messages.pop(_place(entry), None)])]
        yield Part(_key(both), partial(_rows, export, *both))
    if messages:
        raise apart()


def _place(entry: FileEntry) -> tuple[str | None, str | None]:
    return entry.kind, entry.month


def _key(entries: list[FileEntry]) -> str:
    return hashlib.sha256("\n".join(f"{entry.path} {entry.sha256}" for entry in entries).encode()).hexdigest()


def _rows(
    export: ExportRows, conversations: FileEntry, messages: FileEntry | None = None
) -> Iterator[tuple[Row, list[Row]]]:
    said = iter(()) if messages is None else export.rows_of(messages, "messages")
    return joined(export.rows_of(conversations, "conversations"), said)


def _is_current(export: ExportRows) -> bool:
    """Whether the directory still holds the export that was opened: a run may have gone on with it."""
    try:
        return load_manifest(export.path) == export.manifest
    except ExportError:
        return False
