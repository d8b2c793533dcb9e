"""
The end of forgetting somebody, once their rows left the state: nothing of them in any file.

Each step can be made again. What was cut off is finished by whoever opens the
directory for writing next.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from .._json import codec as json
from .._version import __version__
from ..errors import ExportError
from .dataset.formats import DEFAULT_FORMATS, choose
from .dataset.manifest import MANIFEST, PART, STATE, Manifest, load_manifest
from .disk.errors import explained
from .disk.files import Disk
from .keep_out import FOLDER, LIST, write_list
from .plan.job import Job
from .render.publish import WORK, prune, work_directory, write_whole
from .render.render import render_again
from .state.forgotten import Pending
from .state.store import Store

# The index of a search holds texts; the next search makes it again.
_INDEX: Final = ("search.db", "search.db-wal", "search.db-shm", "search.db-journal")
_OURS: Final = ("state.db", "state.db-wal", "state.db-shm", "state.db-journal", "lock", *_INDEX)


def finish(store: Store, disk: Disk) -> Path | None:
    """
    Finish what was begun, and return the receipt; None where there is nothing to finish.

    :raises ExportError: when the disk fails: what is left to do is kept for the next time.
    """
    pending = store.pending()
    if pending is None:
        return None
    with explained(store.directory):
        return _finish(store, pending, disk)


def _finish(store: Store, pending: Pending, disk: Disk) -> Path:
    root = store.directory
    store.compact()
    work_directory(root, disk)
    forgotten = write_list(store, root, disk)
    manifest = manifest_of(root)
    if manifest is None:
        prune(Manifest(), root, disk)
    else:
        _render(store, manifest, disk, forgotten)
    # After the manifest: a search that runs meanwhile publishes its index only while its parts are the manifest's.
    for name in _INDEX:
        disk.unlink(root / STATE / name)
    receipt = _write_receipt(pending, root, disk)
    store.end_forgetting()
    return receipt


def manifest_of(root: Path) -> Manifest | None:
    """
    Return the manifest of a directory; None before its first run has ended.

    :raises ExportError: when it is damaged.
    """
    return load_manifest(root) if (root / MANIFEST).exists() else None


def forms_of(store: Store, manifest: Manifest | None) -> tuple[tuple[str, ...], bool]:
    """
    Return the formats of a directory, and whether its CSV is one file a table.

    :raises ConfigurationError: when one of them needs an extra that is not installed.
    """
    facts = store.facts("")
    there = () if manifest is None else manifest.formats
    formats = there or tuple(facts.get("formats", ())) or DEFAULT_FORMATS
    single = any("/" not in entry.path for entry in manifest.files if entry.format == "csv") if manifest else False
    choose(formats, single=single)
    return formats, single


def next_number(root: Path) -> int:
    """
    Return the number of the next receipt.
    """
    numbers = [path.stem.rpartition("-")[2] for path in (root / FOLDER).glob("receipt-*.json")]
    return max((int(number) for number in numbers if number.isdigit()), default=0) + 1


def others_in(root: Path, disk: Disk) -> tuple[str, ...]:
    """
    Return the files of a directory that are not the export's.
    """
    named = {MANIFEST, LIST, *(f"{STATE}/{name}" for name in _OURS)}
    found = [path.relative_to(root).as_posix() for path in disk.files(root)]
    ours = (f"{FOLDER}/receipt-", f"{STATE}/{WORK}/")
    return tuple(name for name in found if name not in named and not PART.fullmatch(name) and not name.startswith(ours))


def _render(store: Store, manifest: Manifest, disk: Disk, forgotten: int) -> None:
    formats, single = forms_of(store, manifest)
    spec, finished = store.job(), manifest.finished_at
    if spec is not None and finished is not None:
        store.bounds = Job.read(spec).bounds_by(_seconds(finished))
    root = store.directory
    render_again(store, root, disk, manifest, formats=formats, single=single, forgotten=forgotten)


def _seconds(finished_at: str) -> float:
    try:
        return datetime.fromisoformat(finished_at).timestamp()
    except ValueError:
        raise ExportError(f"{MANIFEST} is damaged; run the export again to write a new one") from None


def _write_receipt(pending: Pending, root: Path, disk: Disk) -> Path:
    """Write what was done, and to nobody in particular."""
    facts: dict[str, Any] = {
        "alive5": __version__,
        "forgotten_at": pending.begun_at,
        "asked_by": list(pending.asked_by),
        "conversations": pending.conversations,
        "messages": pending.messages,
        "named_in": pending.named_in,
    }
    relative = f"{FOLDER}/receipt-{pending.number:04}.json"
    write_whole((json.document(facts, indent=1) + "\n").encode(), root, relative, disk)
    return root / relative
