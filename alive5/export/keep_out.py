"""
The list of those who were forgotten, as a file beside the manifest.

A state that is lost is made again from the files; the list keeps those out who
were in neither. It has the marks and their key, and nobody's number.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

from .._json import codec as json
from ..errors import ExportError
from .disk.errors import explained
from .disk.files import Disk
from .render.publish import write_whole
from .rows.suppression import Suppression
from .state.read_only_store import ReadOnlyStore

FOLDER: Final = "forgotten"
LIST: Final = f"{FOLDER}/list.json"
_SCHEMA: Final = 1


def write_list(store: ReadOnlyStore, root: Path, disk: Disk) -> int:
    """
    Write the list where anybody was forgotten, and return how many conversations are left out.
    """
    suppression = store.suppression()
    if suppression is None:
        return 0
    marks = sorted((sort, mark.hex()) for sort, mark in suppression.marks)
    facts: dict[str, Any] = {"schema": _SCHEMA, "key": suppression.key.hex(), "marks": marks}
    text = json.document({**facts, "sha256": _digest(facts)}, indent=1) + "\n"
    try:
        there = disk.read(root / LIST)
    except OSError:
        there = b""
    if there != text.encode():
        with explained(root):
            write_whole(text.encode(), root, LIST, disk)
    return suppression.conversations


def read_list(root: Path, *, expected: int) -> Suppression | None:
    """
    Return the list of a directory; None where nobody was forgotten.

    :raises ExportError: when it is damaged, or not there though the manifest says that somebody was.
    """
    try:
        facts = json.loads(Disk().read(root / LIST))
        if facts.pop("sha256") != _digest(facts):
            raise ValueError("not what was written")
        marks = frozenset((str(sort), bytes.fromhex(mark)) for sort, mark in facts["marks"])
        return Suppression(bytes.fromhex(facts["key"]), marks)
    except FileNotFoundError:
        if not expected:
            return None
        why = "is missing"
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        why = "is damaged"
    raise ExportError(
        f"{root / LIST} {why}, without which people who were forgotten would come back: restore it,"
        " or export to another directory"
    )


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.document(facts, sort_keys=True).encode()).hexdigest()
