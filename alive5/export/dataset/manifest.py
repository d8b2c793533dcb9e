"""
The manifest: the list of an export's files, the only one its readers trust.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from ..._json import codec as json
from ...errors import ExportError
from ...models.conversation import KINDS
from ..disk.files import Disk
from .schema import SCHEMA_VERSION, TABLES

MANIFEST: Final = "MANIFEST.json"
STATE: Final = ".alive5"
"""The directory, within that of an export, of what is not part of it."""
PART: Final = re.compile(
    rf"(?P<table>conversations|messages)/kind=(?P<kind>{'|'.join(KINDS)})/month=(?P<month>[0-9]{{4}}-[0-9]{{2}}|unknown)"
    r"/part-[0-9a-f]{16}\.(?P<format>jsonl|csv|parquet)(?:(?<=jsonl)\.gz|(?<!jsonl))"
    r"|export-[0-9a-f]{16}\.(?P<whole>sqlite|duckdb|xlsx)|(?P<all>conversations|messages)-[0-9a-f]{16}\.(?P<single>csv)",
    re.ASCII,
)
"""Every name a part can have; nothing else is ever read or deleted."""


@attrs.frozen(kw_only=True)
class FileEntry:
    """
    One table in one file.

    ``kind`` and ``month`` are None for a file that holds them all; it counts
    its rows in ``kinds``. ``messages`` counts those nested in the rows.
    """

    path: str
    table: str
    format: str
    rows: int
    bytes: int
    sha256: str
    kind: str | None = None
    month: str | None = None
    messages: int | None = None
    kinds: Mapping[str, int] | None = None
    oddities: Mapping[str, int] = attrs.field(factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """
        Return the entry as JSON-ready values.
        """
        facts = attrs.asdict(self)
        return {name: value for name, value in facts.items() if name not in _OPTIONAL or value}


_OPTIONAL: Final = frozenset(("messages", "kinds", "oddities"))
_DIGEST: Final = "manifest_sha256"


@attrs.frozen(kw_only=True)
class Manifest:
    """
    The content of an export.

    ``oddities`` counts values no column could hold as they came, and cells of
    CSV that were altered; ``anomalies`` is what went wrong while fetching;
    ``as_of`` is when the oldest reading of each kind began; ``forgotten`` counts
    conversations of people who were forgotten, and are left out for good.
    ``manifest_sha256`` is that of all else it says, None in one of an older alive5.
    """

    schema_version: int = SCHEMA_VERSION
    generator: Mapping[str, str] = attrs.field(factory=dict)
    job: Mapping[str, Any] = attrs.field(factory=dict)
    sandbox: bool = False
    kinds: tuple[str, ...] = ()
    complete: bool | None = None
    grades: Mapping[str, Any] = attrs.field(factory=dict)
    counts: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict)
    anomalies: tuple[str, ...] = ()
    oddities: Mapping[str, int] = attrs.field(factory=dict)
    finished_at: str | None = None
    as_of: Mapping[str, str | None] = attrs.field(factory=dict)
    sweep_runs: Mapping[str, int | None] = attrs.field(factory=dict)
    forgotten: int = 0
    files: tuple[FileEntry, ...] = ()
    manifest_sha256: str | None = attrs.field(default=None, eq=False)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of its files."""
        return tuple(dict.fromkeys(entry.format for entry in self.files))

    def to_dict(self) -> dict[str, Any]:
        """
        Return the manifest as JSON-ready values, in the order of the file.
        """
        facts = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}
        facts |= {
            "kinds": list(self.kinds),
            "anomalies": list(self.anomalies),
            "files": [entry.to_dict() for entry in self.files],
        }
        return {**facts, _DIGEST: _digest_of(facts)}

    def to_json(self) -> bytes:
        """
        Return the text of the file.
        """
        return (json.document(self.to_dict(), indent=1) + "\n").encode("ascii")


def read_manifest(text: bytes) -> Manifest:
    """
    Return the manifest of a text.

    :raises ExportError: when it is damaged or of a newer schema.
    """
    try:
        facts = json.loads(text)
        version = facts["schema_version"]
        if version.__class__ is int and version > SCHEMA_VERSION:
            raise ExportError(f"{MANIFEST} is of schema version {version}: a newer alive5 reads it")
        known = {field.name for field in attrs.fields(Manifest)}
        values = {name: value for name, value in facts.items() if name in known}
        values["files"] = tuple(_entry(entry) for entry in facts["files"])
        values["kinds"] = tuple(map(str, facts.get("kinds", ())))
        values["anomalies"] = tuple(map(str, facts.get("anomalies", ())))
        manifest = Manifest(**values)
        if not _is_whole(manifest) or manifest.manifest_sha256 not in (None, _digest_of(facts)):
            raise ValueError("not what was written")
        return manifest
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ExportError(f"{MANIFEST} is damaged; run the export again to write a new one") from None


def load_manifest(directory: Path) -> Manifest:
    """
    Return the manifest of an export's directory.

    :raises ExportError: when there is none or it is damaged.
    """
    try:
        text = Disk().read(directory / MANIFEST)
    except FileNotFoundError:
        raise ExportError(f"no {MANIFEST} in {directory}: it holds no finished export") from None
    except OSError as error:
        raise ExportError(f"{MANIFEST} cannot be read: {error.strerror}") from None
    return read_manifest(text)


def tally_of(entries: Iterable[FileEntry]) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """
    Return the rows by kind, and the oddities; every format holds the same rows.
    """
    rows: dict[tuple[str, str], Counter[str]] = {}
    oddities: dict[str, Counter[str]] = {}
    for entry in entries:
        oddities.setdefault(entry.format, Counter()).update(entry.oddities)
        by_kind = entry.kinds if entry.kinds is not None else {str(entry.kind): entry.rows}
        rows.setdefault((entry.format, entry.table), Counter()).update(by_kind)
        if entry.messages is not None:
            rows.setdefault((entry.format, "messages"), Counter()).update({str(entry.kind): entry.messages})
    counts: dict[str, dict[str, int]] = {}
    for (_, table), found in rows.items():
        for kind in found:
            counts.setdefault(kind, dict.fromkeys(TABLES, 0))[table] = found[kind]
    worst: Counter[str] = Counter()
    for seen in oddities.values():
        worst |= seen
    ordered: dict[str, dict[str, int]] = {kind: counts[kind] for kind in KINDS if kind in counts}
    return ordered, dict(sorted(worst.items()))


def _digest_of(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a manifest's facts but for the digest itself, whatever their order and spacing."""
    others = {name: value for name, value in facts.items() if name != _DIGEST}
    return hashlib.sha256(json.document(others, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _is_whole(manifest: Manifest) -> bool:
    """Whether every value is of its type: the only check of a manifest without a digest."""
    groups = (manifest.generator, manifest.job, manifest.grades, manifest.counts)
    return (
        all(isinstance(group, dict) for group in groups)
        and all(map(_is_tally, (manifest.oddities, *manifest.counts.values())))
        and manifest.sandbox.__class__ is bool
        and manifest.forgotten.__class__ is int
        and (manifest.complete is None or manifest.complete.__class__ is bool)
    )


def _entry(facts: Mapping[str, Any]) -> FileEntry:
    known = {field.name for field in attrs.fields(FileEntry)}
    entry = FileEntry(**{name: value for name, value in facts.items() if name in known})
    numbers = (entry.rows, entry.bytes, 0 if entry.messages is None else entry.messages)
    if (
        not _is_at_home(entry)
        or entry.sha256.__class__ is not str
        or any(number.__class__ is not int for number in numbers)
        or not _is_tally(entry.oddities)
        or not (entry.kinds is None or _is_tally(entry.kinds))
    ):
        raise ValueError("not a part of an export")
    return entry


def _is_at_home(entry: FileEntry) -> bool:
    """Whether a path is one of a part, and that of what the entry says of it."""
    part = PART.fullmatch(entry.path)
    if part is None:
        return False
    if part["whole"] is not None:
        return entry.table in TABLES and (entry.format, entry.kind, entry.month) == (part["whole"], None, None)
    if part["all"] is not None:
        return (entry.table, entry.format, entry.kind, entry.month) == (part["all"], part["single"], None, None)
    return (entry.table, entry.format, entry.kind, entry.month) == part.group("table", "format", "kind", "month")


def _is_tally(value: Any) -> bool:
    return isinstance(value, dict) and all(number.__class__ is int for number in value.values())
