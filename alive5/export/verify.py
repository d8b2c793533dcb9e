"""
Verification of an export: its files, and the state they came from.

A comparison with the service, which needs a client, is separate.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import attrs

from ..errors import ExportError
from .dataset.manifest import STATE
from .read.verify import Check, VerifyReport, verify_files
from .state.directory import peek


def verify(path: str | os.PathLike[str]) -> VerifyReport:
    """
    Return the checks of an export's files, and of its state when it is there.
    """
    report = verify_files(path)
    return attrs.evolve(report, checks=(*report.checks, *_state(Path(path))))


def _state(root: Path) -> Iterator[Check]:
    if not (root / STATE / "state.db").is_file():
        return
    try:
        with peek(root) as held:
            if held is not None:
                held[0].check_rows()
    except ExportError as error:
        yield Check("state", False, str(error))
    else:
        yield Check("state", True)
