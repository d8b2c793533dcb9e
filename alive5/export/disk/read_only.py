"""Read-only access to an SQLite file, which leaves nothing beside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def connect_read_only(path: Path) -> sqlite3.Connection:
    """
    Return a read-only connection to a file; without a journal beside it none is created either.
    """
    quiet = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{quiet}", uri=True)
