"""Running a script in a process of its own, under a hard kill, and without coverage where that is in the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import attrs

from support.watch import CANARY


def uncovered(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """
    Return an environment without what starts coverage in a child.

    Coverage holds a lock at every call: a fork beside threads or an interrupt
    inside it waits for ever. Its memory is not the program's, too.
    """
    return {name: value for name, value in environ.items() if not name.startswith("COVERAGE")}


STRICT = ("-W", "error", "-X", "dev")
START = f"""
import asyncio, gc, logging, os, signal, ssl, sys, threading, time
from alive5 import Alive5, AsyncAlive5, RetryPolicy, Timeout, errors
logging.getLogger("asyncio").setLevel(logging.ERROR)  # debug mode tells of slow steps
url, trusted = sys.argv[1:3]
KEY = {CANARY!r}
NUMBERS = dict(phone_number_from="+12025550100", phone_number_to="+12025550123")
options = dict(base_url=url, ssl_context=ssl.create_default_context(cafile=trusted))

def token_of(data):
    return data[0]["tag_label"]

def descriptors():
    return len(os.listdir("/proc/self/fd" if os.path.exists("/proc/self/fd") else "/dev/fd"))
"""


@attrs.frozen
class Ended:
    """How a script ended."""

    code: int
    out: str
    err: str
    seconds: float


def run_script(
    source: str, *arguments: object, flags: tuple[str, ...] = STRICT, limit: float = 60, covered: bool = True
) -> Ended:
    """
    Run a script to its end; it is killed when that does not come.

    A fork beside threads has to do without coverage.
    """
    environment = None if covered else uncovered()
    command = [sys.executable, *flags, "-c", START + source, *map(str, arguments)]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False, env=environment)
    return Ended(done.returncode, done.stdout.strip(), done.stderr.strip(), time.monotonic() - started)


def run_and_end(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], longest: float
) -> subprocess.CompletedProcess[str]:
    """
    Run a program in a folder, and end it after *longest* seconds, with all that it started.
    """
    process = subprocess.Popen(
        list(arguments),
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        printed, complained = process.communicate(timeout=longest)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(arguments, process.returncode, printed, complained)
