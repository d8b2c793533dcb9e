"""
Ids of the last listings that were shown on a terminal, kept for a shell to complete.

Kept are ids, with the names of channels and agents beside theirs: no number,
no address, no text and no name of a customer. A shell reads all of it as code
at some time, so ids and names are letters, digits and few marks.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

from .._json import codec as json
from ..errors import Alive5Error
from ..export.disk.files import Disk

VARIABLE: Final = "ALIVE5_REMEMBER_IDS"
Sort = Literal["agents", "channels", "conversations", "webhooks"]
Named = tuple[str, str]
"""An id, and a name or "" for none."""
Found = Iterable[tuple[str | None, str | None]]
"""Ids as a listing has them, with names."""

_OFF: Final = ("0", "false", "no", "off")
# More than anybody looks through with the tab key; of a long listing the last rows are still on the screen.
_MOST: Final = 200
# Some times what _MOST ids of each sort with their names take.
_LARGEST: Final = 1 << 18
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
# Whatever is written like a telephone number or an address is a person's, an id or not.
_PERSONAL: Final = re.compile(r"@|(?:\d[ .()-]*){7,}")
_LONGEST_DIGITS: Final = re.compile(r"\d{7,15}")
_LONGEST_NAME: Final = 40
# What a file of another making, a full disk or a home that is not there may raise.
_FAILURES: Final = (OSError, ValueError, RuntimeError, TypeError, AttributeError, Alive5Error)


def remember(environ: Mapping[str, str], found: Mapping[Sort, Found], *, sandbox: bool) -> None:
    """
    Keep the ids of a listing in place of those of the last one, where a terminal showed them; no failure is raised.
    """
    if environ.get(VARIABLE, "").lower() in _OFF:
        forget(environ)
        return
    if not sys.stdout.isatty():
        return
    with suppress(*_FAILURES):
        content = _read(environ)
        for sort, rows in found.items():
            kept = dict(filter(None, (_safe(one or "", name or "") for one, name in rows)))
            content.setdefault(_place(sandbox), {})[sort] = [*kept.items()][-_MOST:]
        _write(_file(environ), json.dumps(content))


def recall(environ: Mapping[str, str], sort: Sort, *, sandbox: bool) -> list[Named]:
    """
    Return the ids of the last listing, with their names.
    """
    if environ.get(VARIABLE, "").lower() in _OFF:
        return []
    with suppress(*_FAILURES):
        rows = _read(environ).get(_place(sandbox), {}).get(sort, [])
        return [*filter(None, (_safe(str(one), str(name)) for one, name in rows[:_MOST]))]
    return []


def forget(environ: Mapping[str, str]) -> None:
    """
    Remove all that was kept.
    """
    with suppress(OSError, RuntimeError):
        _file(environ).unlink(missing_ok=True)


def _safe(text: str, name: str) -> Named | None:
    if not _ID.fullmatch(text) or _LONGEST_DIGITS.fullmatch(text):
        return None
    plain = " ".join("".join(c if c.isalnum() or c in "._-" else " " for c in name).split())
    return text, "" if _PERSONAL.search(name) else plain[:_LONGEST_NAME]


def _place(sandbox: bool) -> str:
    return "sandbox" if sandbox else "service"


def _file(environ: Mapping[str, str]) -> Path:
    return _caches(environ) / "alive5" / "ids.json"


def _caches(environ: Mapping[str, str]) -> Path:
    """Return where a user's caches are, as each system has them."""
    chosen = Path(environ.get("XDG_CACHE_HOME", ""))
    if chosen.is_absolute():  # the specification has others ignored
        return chosen
    if os.name == "nt" and (local := environ.get("LOCALAPPDATA")):
        return Path(local)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


def _read(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what is kept; nothing where a file is not there, is another's work or is too large."""
    with suppress(OSError, ValueError, RecursionError), Disk().open(_file(environ)) as file:
        content = json.loads(file.read(_LARGEST))
        return content if isinstance(content, dict) else {}
    return {}


def _write(path: Path, content: bytes) -> None:
    disk, draft = Disk(), path.with_name(f".{path.name}.{os.getpid()}")
    disk.make_directories(path.parent)
    disk.keep_private(path.parent)
    disk.unlink(draft)
    try:
        with disk.create(draft) as file:
            file.write(content)
        disk.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
