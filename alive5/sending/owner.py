"""The process that let a key leave, and whether it still runs."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
# Field 22 of /proc/PID/stat, counted behind the name, which may hold spaces and parentheses.
_STATE, _STARTED = 0, 19


def owner() -> str:
    """
    Return the identity of this process: its machine, number and start.
    """
    pid = os.getpid()
    return f"{_machine()} {pid} {_start_of(pid) or ''}"


def is_over(identity: str) -> bool:
    """
    Whether a process provably ended; one of another machine or container never does.
    """
    machine, _, rest = identity.partition(" ")
    number, _, start = rest.partition(" ")
    if machine != _machine() or not number.isdigit():
        return False
    if (_PROC / "self" / "stat").exists():
        return _start_of(int(number)) != start
    return _is_missing(int(number))


def _machine() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        # A number means another process in another container.
        return f"{boot}/{os.readlink(_PROC / 'self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def _start_of(pid: int) -> str | None:
    """Return when a process started, in ticks; None when it ended, a zombie included, or nothing is known."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[_STATE] == "Z" else fields[_STARTED]


def _is_missing(pid: int) -> bool:
    if sys.platform == "win32":
        return False  # os.kill would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
