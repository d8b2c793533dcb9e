"""
Verification of an export from its files alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from ...errors import ConfigurationError, ExportError
from ..dataset.manifest import PART, FileEntry, Manifest, tally_of
from .reader import ExportReader
from .recount import Recount

# Problems of one check in a sentence: enough to see what happened.
_SHOWN: Final = 5


@attrs.frozen
class Check:
    """
    One check; ``ok`` is None when it could not be made.
    """

    name: str
    ok: bool | None
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        """
        Return it as JSON-ready values.
        """
        return attrs.asdict(self)


@attrs.frozen(kw_only=True)
class VerifyReport:
    """
    The result of verifying; ``ok`` when nothing is wrong.

    ``damaged`` of the ``files`` are missing or not what was written.
    """

    checks: tuple[Check, ...]
    files: int = 0
    damaged: int = 0
    rows: dict[str, dict[str, int]] = attrs.field(factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not self.problems

    @property
    def problems(self) -> tuple[str, ...]:
        """The failed checks, a sentence each."""
        return tuple(f"{check.name}: {check.detail}" for check in self.checks if check.ok is False)

    def to_dict(self) -> dict[str, Any]:
        """
        Return it as JSON-ready values.
        """
        checks = [check.to_dict() for check in self.checks]
        return {"ok": self.ok, "files": self.files, "damaged": self.damaged, "rows": self.rows, "checks": checks}


def verify_files(path: str | os.PathLike[str]) -> VerifyReport:
    """
    Return the checks of an export's files: digests, rows, keys, and what the manifest counts.
    """
    root = Path(path)
    try:
        reader = ExportReader(root)
    except ExportError as error:
        return VerifyReport(checks=(Check("manifest", False, str(error)),))
    entries = {entry.path: entry for entry in reader.manifest.files}
    damaged = {entry.path: problem for entry in entries.values() if (problem := reader.problem(entry))}
    checks = [*_manifest(reader.manifest), _check("files", [*damaged.values()])]
    rows: dict[str, dict[str, int]] = {}
    for name in reader.manifest.formats:
        if any(entry.path in damaged for entry in entries.values() if entry.format == name):
            checks.append(Check(f"{name} rows", None, "not read, since a file is damaged"))
            continue
        found, more = _rows(reader, name)
        rows |= {} if found is None else {name: found}
        checks += more
    checks += [*_agreement(rows), _strays(root, entries)]
    return VerifyReport(checks=tuple(checks), files=len(entries), damaged=len(damaged), rows=rows)


def _manifest(manifest: Manifest) -> Iterator[Check]:
    yield Check("manifest", True)
    if manifest.manifest_sha256 is None:
        yield Check("manifest digest", None, "it has none: an older alive5 wrote it, or it was changed")
    wrong = []
    if tally_of(manifest.files) != (manifest.counts, manifest.oddities):
        wrong.append("its counts are not those of its files")
    if manifest.complete not in (None, manifest.grades.get("complete", manifest.complete)):
        wrong.append("complete and grades disagree")
    yield _check("manifest counts", wrong)


def _rows(reader: ExportReader, name: str) -> tuple[dict[str, int] | None, list[Check]]:
    """Return the rows of both tables of one format, None when they cannot be read, and what is wrong with them."""
    try:
        found = Recount(reader, name)
    except (ExportError, ConfigurationError) as error:
        unread = None if isinstance(error, ConfigurationError) else False
        return None, [Check(f"{name} rows", unread, str(error))]
    return found.rows, [
        _check(f"{name} rows", found.wrong),
        _check(f"{name} keys", [f"{found.doubled} rows share a key"] * bool(found.doubled)),
        _check(f"{name} messages", [f"{found.lost} have no conversation"] * bool(found.lost)),
    ]


def _agreement(rows: dict[str, dict[str, int]]) -> Iterator[Check]:
    if len(rows) > 1:
        agree = len({tuple(found.items()) for found in rows.values()}) == 1
        yield _check("formats agree", [] if agree else ["they hold different numbers of rows"])


def _strays(root: Path, entries: dict[str, FileEntry]) -> Check:
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir())
    strays = sorted(name for name in found if name not in entries and PART.fullmatch(name))
    detail = f"{strays[0]}{_more(len(strays) - 1)}: not of this export; the next run removes it" if strays else ""
    return Check("nothing else", not strays, detail)


def _check(name: str, wrong: Sequence[str]) -> Check:
    return Check(name, not wrong, "; ".join(wrong[:_SHOWN]) + _more(len(wrong) - _SHOWN))


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""
