"""
Rendering of the store's rows to files, and the manifest last.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..._version import __version__
from ..._zones import read_zone
from ...models.conversation import KINDS
from ..dataset.formats import Tally, choose
from ..dataset.manifest import FileEntry, Manifest, tally_of
from ..dataset.schema import TABLES
from ..disk.errors import explained
from ..disk.files import Disk
from .parts import Part, RowSource, parts_of
from .publish import discard, entries_before, move_into_place, prune, publish, work_directory


def render(
    store: RowSource,
    directory: str | os.PathLike[str],
    disk: Disk,
    *,
    formats: Iterable[str] = ("jsonl",),
    single: bool = False,
    job: Mapping[str, Any] | None = None,
    grades: Mapping[str, Any] | None = None,
    sandbox: bool = False,
    complete: bool | None = None,
    anomalies: Iterable[str] = (),
    finished_at: str | None = None,
    as_of: Mapping[str, str | None] | None = None,
    sweep_runs: Mapping[str, int | None] | None = None,
    forgotten: int = 0,
) -> Manifest:
    """
    Write the store's rows in every format asked for, keeping parts that did not change.

    :raises ExportError: when the disk fails, or a link stands where a directory of the export belongs.
    """
    chosen, root = choose(formats, single=single, zone=read_zone((job or {}).get("tz"))), Path(directory)
    with explained(root):
        work = work_directory(root, disk)
        before = entries_before(root, disk)
        entries: list[FileEntry] = []
        for part in parts_of(store, chosen):
            entries += _kept(part, before, root, disk) or _written(part, root, work, disk)
        counts, oddities = tally_of(entries)
        manifest = Manifest(
            generator={"name": "alive5", "version": __version__},
            job=dict(job or {}),
            sandbox=sandbox,
            kinds=tuple((job or {}).get("kinds", counts)),
            complete=(grades or {}).get("complete") if complete is None else complete,
            grades=dict(grades or {}),
            counts=counts,
            anomalies=tuple(anomalies),
            oddities=oddities,
            finished_at=finished_at,
            as_of=dict(as_of or {}),
            sweep_runs=dict(sweep_runs or {}),
            forgotten=forgotten,
            files=tuple(entries),
        )
        publish(manifest, root, work, disk)
        prune(manifest, root, disk)
    return manifest


def render_again(
    store: RowSource,
    root: Path,
    disk: Disk,
    before: Manifest,
    *,
    formats: Iterable[str],
    single: bool,
    forgotten: int,
) -> Manifest:
    """
    Write what is left of the rows, with a manifest that says all else as the one before.
    """
    return render(
        store,
        root,
        disk,
        formats=formats,
        single=single,
        job=before.job,
        grades=before.grades,
        sandbox=before.sandbox,
        complete=before.complete,
        anomalies=before.anomalies,
        finished_at=before.finished_at,
        as_of=before.as_of,
        sweep_runs=before.sweep_runs,
        forgotten=forgotten,
    )


def _kept(part: Part, before: Mapping[tuple[str, str], FileEntry], root: Path, disk: Disk) -> list[FileEntry]:
    """Return the entries of a part that exists already, as the last manifest has them; else none."""
    found = [before.get((path, table)) for table, path in part.homes.items()]
    entries = [entry for entry in found if entry is not None and _is_there(root / entry.path, entry.bytes, disk)]
    return entries if len(entries) == len(found) else []


def _is_there(path: Path, size: int, disk: Disk) -> bool:
    return disk.is_file(path) and path.lstat().st_size == size


def _written(part: Part, root: Path, work: Path, disk: Disk) -> list[FileEntry]:
    tally = Tally()
    paths = {table: work / f"{table}.new" for table in part.format.suffixes}
    try:
        part.format.write(part.rows(), paths, disk, tally)
        digests = {part.homes[table]: disk.digest(path) for table, path in paths.items()}
        for table, path in paths.items():
            move_into_place(path, root, part.homes[table], disk)
    except BaseException:
        discard(work)
        raise
    return [_entry(part, table, tally, digests) for table in part.homes]


def _entry(part: Part, table: str, tally: Tally, digests: Mapping[str, tuple[int, str]]) -> FileEntry:
    path, is_first = part.homes[table], table == "conversations"
    rows = tally.conversations if is_first else tally.messages
    size, digest = digests[path]
    return FileEntry(
        path=path,
        table=table,
        format=part.format.name,
        rows=rows.total(),
        bytes=size,
        sha256=digest,
        kind=part.kind,
        month=part.month,
        messages=None if len(part.homes) == len(TABLES) else tally.messages.total(),
        kinds={kind: rows[kind] for kind in KINDS if tally.conversations[kind]} if part.format.whole else None,
        oddities=dict(sorted((+tally.oddities).items())) if is_first else {},
    )
