"""Opening an SQLite file without leaving anything beside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def connect_read_only(path: Path) -> sqlite3.Connection:
    """
    Open a file for reading only; without a journal beside it none is made either.
    """
    quiet = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{quiet}", uri=True)
