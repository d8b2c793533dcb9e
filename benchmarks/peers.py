"""Peers, each in an environment of its own under ``.nox/peers``, so that none meets another's dependencies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pairs import ENVIRONMENT

HERE = Path(__file__).parent
HOME = HERE.parent / ".nox" / "peers"


def python(name: str, *packages: str) -> str:
    found = HOME / name / "bin" / "python"
    if not found.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME / name)], check=True)
        subprocess.run([str(found), "-m", "pip", "install", "-q", *packages], check=True)
    return str(found)


def measured(command: list[str], limit: float = 600) -> tuple[float, float, int]:
    """Run a command; gives wall seconds, CPU seconds and peak memory in MiB."""
    code = (
        "import resource, subprocess, sys, time\n"
        "started = time.perf_counter()\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)\n"
        "sys.exit(done.returncode)\n"
    )
    asked = [sys.executable, "-c", code, *command]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=limit, cwd=HERE, check=False, env=ENVIRONMENT)
    if done.returncode:
        raise RuntimeError(f"{command[1]} ended with {done.returncode}: {done.stderr[-2000:]}")
    wall, cpu, memory = done.stdout.split()
    return float(wall), float(cpu), int(memory)
