"""Programs in process groups of their own; a hang ends in SIGKILL and a failed test, never in a hung suite."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from support.host_server import KEY, FakeAlive5
from support.scripts import uncovered

APPS = Path(__file__).parents[1] / "hosts" / "apps"
UNWANTED = {"the key": KEY, "a traceback": "Traceback (most recent call", "an ignored exception": "Exception ignored"}


class HostError(AssertionError):
    """A host did not do what was expected of it; shows what it printed."""


class Host:
    """
    A program that runs while a test talks to it.

    At the end the whole group is killed, and neither the key nor a traceback may be in what it printed.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        *,
        fake: FakeAlive5,
        folder: Path,
        python: str = sys.executable,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._log = folder / f"host-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [python, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=_environment({**fake.variables, **(variables or {})}),
                start_new_session=True,
            )

    def __enter__(self) -> Host:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.kill()
        if kind is None:
            printed = self.output()
            found = [what for what, text in UNWANTED.items() if text in printed]
            if found:
                raise HostError(f"{' and '.join(found)} was printed\n{printed.replace(KEY, '<key>')}")

    @property
    def pid(self) -> int:
        """The program's own process."""
        return self._process.pid

    def output(self) -> str:
        """
        Return what was printed so far.
        """
        return self._log.read_text(errors="replace")

    def find(self, pattern: str, *, times: int = 1, within: float = 40.0) -> list[str]:
        """
        Wait until the pattern has been printed so many times; gives all its occurrences.
        """
        end = time.monotonic() + within
        while len(found := re.findall(pattern, self.output())) < times:
            if self._process.poll() is not None:
                raise HostError(f"ended with {self._process.returncode} before it printed {pattern}\n{self.output()}")
            if time.monotonic() > end:
                raise HostError(f"did not print {pattern}\n{self._stacks()}")
            time.sleep(0.02)
        return found

    def stop(self, number: int = signal.SIGTERM, within: float = 10.0) -> int:
        """
        Ask the program to stop; gives its status. None of its children may outlive it.
        """
        self._process.send_signal(number)
        return self.wait(within)

    def wait(self, within: float) -> int:
        """
        Wait for the end of the program and all its children; gives its status.
        """
        end = time.monotonic() + within
        try:
            status = self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise HostError(f"did not end in {within} s\n{self._stacks()}") from None
        while self._has_children():
            if time.monotonic() > end:
                raise HostError(f"children outlived it\n{self._stacks()}")
            time.sleep(0.02)
        return status

    def kill(self) -> None:
        """
        Kill the whole group.
        """
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(10)

    def _has_children(self) -> bool:
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def _stacks(self) -> str:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGABRT)
        time.sleep(0.5)
        return self.output()


def run(script: str, *arguments: str, fake: FakeAlive5, folder: Path, within: float = 40.0) -> str:
    """
    Run one of the scripts to its end, which must be a good one; gives what it printed.
    """
    with Host([APPS / script, *arguments], fake=fake, folder=folder) as host:
        status = host.wait(within)
        if status != 0:
            raise HostError(f"{script} ended with {status}\n{host.output()}")
        return host.output()


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    left_out = ("ALIVE5_API_KEY", "ALIVE5_BASE_URL", "ALIVE5_SANDBOX")
    kept = {name: value for name, value in uncovered().items() if name not in left_out}
    return {**kept, "PYTHONFAULTHANDLER": "1", "PYTHONUNBUFFERED": "1", **variables}
