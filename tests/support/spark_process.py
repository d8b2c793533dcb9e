"""Spark in a process of its own, asked by lines of JSON; a hang ends in SIGKILL and a failed test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from support.scripts import run_and_end, uncovered

PROJECT = Path(__file__).parents[2]
PROGRAM = PROJECT / "tests" / "engines" / "apps" / "spark_host.py"
# A JVM that starts beside other work on two cores took 72 s; whatever hangs is killed after this.
LONGEST = 240.0


def _settings(folder: Path) -> dict[str, str]:
    return {
        "spark.master": "local[2,3]",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }


def environment() -> dict[str, str]:
    """
    Return the variables of a driver.
    """
    return {**uncovered(), "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(PROJECT), "TZ": "UTC"}


def submitted(program: Path, folder: Path, **variables: str) -> str:
    """
    Run a program that makes its own session, in a folder, and return what it printed.
    """
    told = " ".join(f"--conf {name}={value}" for name, value in _settings(folder).items())
    variables = {**environment(), "PYSPARK_SUBMIT_ARGS": f"{told} pyspark-shell", **variables}
    ended = run_and_end([sys.executable, str(program)], folder, variables, LONGEST)
    assert 0 == ended.returncode, ended.stderr[-3000:]
    return ended.stdout


class Spark:
    """
    A session of Spark on two cores, with three tries for a task.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.log = folder / "spark.log"
        told = {**_settings(folder), **settings}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(PROGRAM), str(folder), json.dumps(told)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,
                env=environment(),
                start_new_session=True,
                text=True,
            )

    def ask(self, do: str, name: str, **asked: Any) -> Any:
        """
        Return what was done.
        """
        said = self._said({"do": do, "name": name, **asked})
        assert "done" in said, said["error"]
        return said["done"]

    def fail(self, do: str, name: str, **asked: Any) -> str:
        """
        Return the error of what was asked.
        """
        said = self._said({"do": do, "name": name, **asked})
        assert "error" in said, said
        return str(said["error"])

    def table(self, name: str) -> pa.Table:
        """
        Return a table that was kept.
        """
        return pq.read_table(self.folder / name, partitioning=None)

    def read(self, name: str, options: dict[str, str], **more: Any) -> pa.Table:
        """
        Return what a read brought.
        """
        self.ask("read", name, options=options, **more)
        return self.table(name)

    def _said(self, asked: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        killer = threading.Timer(LONGEST, self.kill)
        killer.start()
        try:
            stdin.write(json.dumps(asked) + "\n")
            stdin.flush()
            for line in stdout:
                if line.startswith("> "):
                    said: dict[str, Any] = json.loads(line[2:])
                    return said
        finally:
            killer.cancel()
        raise AssertionError(f"Spark ended, or was killed after {LONGEST} s: {self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """
        End it in order, or by force when that takes long.
        """
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(60)
        finally:
            self.kill()

    def kill(self) -> None:
        """
        Kill it and all it started.
        """
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
