"""Programs made of a page's code blocks, run against a sandbox on a socket, under a hard kill."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from support.scripts import run_and_end, uncovered
from support.watch import CANARY, shows_key

PROJECT = Path(__file__).parents[2]
ENGINES = PROJECT / "docs" / "engines"
# Ray and Airflow take half a minute to start where others use the machine, too.
LONGEST = 240.0
# What these tools tell their makers, switched off as each of them documents it.
SILENT = {
    "DO_NOT_TRACK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # it starts in ten where nothing else runs
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "SCARF_ANALYTICS": "false",
}


def environment(origin: str, folder: Path, **more: str) -> dict[str, str]:
    """
    Return the variables of a program that reads a served sandbox; what it keeps is in its folder.
    """
    reach = {"ALIVE5_API_KEY": CANARY, "ALIVE5_BASE_URL": f"{origin}/public/1.0", "PYTHONPATH": str(PROJECT)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**uncovered(), **SILENT, **reach, "HOME": str(folder), "PATH": path, **more}


def run(arguments: Sequence[str], folder: Path, variables: dict[str, str], *, code: int = 0) -> str:
    """
    Run a command in a folder, and return what it printed, which holds no key.
    """
    ended = run_and_end(arguments, folder, variables, LONGEST)
    assert code == ended.returncode, ended.stderr[-3000:]
    assert not shows_key(ended.stdout + ended.stderr), "the key was printed"
    return ended.stdout


def run_blocks(blocks: Sequence[str], folder: Path, origin: str, *arguments: str, **more: str) -> str:
    """
    Run blocks as one program.
    """
    program = folder / "program.py"
    program.write_text("\n\n".join(blocks), encoding="utf-8")
    return run([sys.executable, str(program), *arguments], folder, environment(origin, folder, **more))
