"""Programs of docs/engines/orchestrators.md: the mapping, an orchestrator's block, and what starts it."""

from __future__ import annotations

from pathlib import Path

from alive5.sandbox import Sandbox
from support.pages import python_blocks
from support.recipes import ENGINES, run_blocks

PAGE = ENGINES / "orchestrators.md"
# Attempts of one read: so many refusals end a run, and the next one succeeds.
ATTEMPTS = 4


def told(name: str, start: str, folder: Path, origin: str, **more: str) -> str:
    """
    Run the mapping, the block of an orchestrator and *start*, without its pauses and in the folder.
    """
    mapping, *others = python_blocks(PAGE)
    (block,) = [one for one in others if f"from {name}" in one]
    first = 'arguments: Sequence[str] = ("--since-last",)'
    assert first in mapping
    mapping = mapping.replace(first, 'arguments: Sequence[str] = ("--start", "2026-03-20", "--end", "2026-03-31")')
    for pause in ("=600", "minutes=10"):
        block = block.replace(pause, f"{pause.partition('=')[0]}=0")
    directory = str(folder / "out")
    return run_blocks([mapping, block.replace("/srv/alive5/out", directory), start], folder, origin, **more)


def refuse_once(sandbox: Sandbox) -> None:
    """
    Refuse the reads of one run.
    """
    sandbox.fail("server_error_before", times=ATTEMPTS)
