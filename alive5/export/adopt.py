"""
Adoption of a directory that lost its state, as after a backup without hidden files.

The rows of its JSON Lines become the state again, so that nothing is lost that
the service has no more; when they were read is not known, so all is read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ..errors import ExportError
from .dataset.formats import DEFAULT_FORMATS
from .dataset.formats.jsonl import delivered
from .dataset.manifest import MANIFEST, STATE, Manifest, load_manifest
from .keep_out import read_list
from .plan.job import Job
from .plan.span import Span
from .plan.window import FetchedWindow
from .read.verify import verify_files
from .rows.encode import encode
from .state.store import Store

# Rows that are stored together: a page's worth is one block.
_AT_ONCE: Final = 100
# A fact of the state until all rows of the files are in it.
_ADOPTING: Final = "adopting"


def is_orphaned(directory: Path) -> bool:
    """
    Whether a directory has the files of an export and no state.
    """
    return (directory / MANIFEST).is_file() and not (directory / STATE / "state.db").exists()


def is_half_adopted(store: Store) -> bool:
    """
    Whether an adoption was cut off: the files of a directory hold rows that its state lacks.
    """
    if not (store.directory / MANIFEST).is_file():
        return False
    if store.is_bound():
        return store.facts("").get(_ADOPTING) is True
    try:
        return bool(load_manifest(store.directory).files)
    except ExportError:
        return False


def sound_manifest(directory: Path) -> Manifest:
    """
    Return the manifest of a directory that can be adopted.

    :raises ExportError: when its files are not sound, or none holds rows as they were delivered.
    """
    report = verify_files(directory)
    if not report.ok:
        raise ExportError(
            f"{directory} has files of an export and no {STATE}, and cannot be gone on with,"
            f" since {report.problems[0]}: export to another directory"
        )
    manifest = load_manifest(directory)
    read_list(directory, expected=manifest.forgotten)
    if manifest.files and "jsonl" not in manifest.formats:
        raise ExportError(
            f"{directory} has files of an export and no {STATE}; only JSON Lines hold rows as they were delivered:"
            " export to another directory"
        )
    return manifest


def kept_formats(directory: Path) -> tuple[str, ...]:
    """
    Return the formats a directory's files have, or the default.
    """
    try:
        return load_manifest(directory).formats or DEFAULT_FORMATS
    except ExportError:
        return DEFAULT_FORMATS


def adopt(store: Store, manifest: Manifest) -> None:
    """
    Rebuild the state of a directory from its files.
    """
    job = Job.read({name: value for name, value in manifest.job.items() if name != "id"})
    run = store.begin(job.spec())
    if (forgotten := read_list(store.directory, expected=manifest.forgotten)) is not None:
        store.keep_out(forgotten)
    store.remember("", {"formats": list(manifest.formats), _ADOPTING: True})
    for entry in manifest.files:
        if entry.format != "jsonl":
            continue
        rows = delivered(store.directory / entry.path)
        for kind, some in _grouped(rows):
            # The time is the earliest there is: whatever is read now wins.
            found = encode(kind, some, 0, {})
            seen = FetchedWindow(kind=kind, span=Span(0, 0), rows=found, observed_us=0)
            store.remember(kind, {}, seen, run)
    store.remember("", {_ADOPTING: False})


def _grouped(rows: Iterator[tuple[str, str, dict[str, Any]]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    while some := [*islice(rows, _AT_ONCE)]:
        for kind in dict.fromkeys(kind for kind, _, _ in some):
            yield kind, [raw for each, _, raw in some if each == kind]
