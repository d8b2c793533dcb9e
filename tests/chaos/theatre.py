"""The proxy and the service behind it, in a child process, as a test uses them."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any

import attrs
from chaos.faults import Plan, Struck

TESTS = Path(__file__).parents[1]


def environment() -> dict[str, str]:
    """
    Return the environment in which a child process finds the tests' modules.
    """
    paths = [str(TESTS), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


class Chaos:
    """
    A sandbox behind a chaos proxy; ``url`` is the base URL of clients.

    *sandbox* holds the quirks of the sandbox.
    """

    def __init__(self, plan: Plan, *, tls: bool = False, **sandbox: Any) -> None:
        options = {"plan": attrs.asdict(plan), "tls": tls, "sandbox": sandbox}
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.serve", json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def __enter__(self) -> Chaos:
        ready = self._answer()
        self.trusted: str | None = ready["trusted"]
        self.port: int = ready["port"]
        self.url = f"{'https' if self.trusted else 'http'}://127.0.0.1:{self.port}/public/1.0"
        self.tls: ssl.SSLContext | None = None
        if self.trusted:
            self.tls = ssl.create_default_context(cadata=self.trusted)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            status = self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait(5)
        self._process.stdout.close()
        if error is None:
            assert 0 == status

    def options(self, **options: Any) -> dict[str, Any]:
        """
        Return the options of a client of this service.
        """
        return {"base_url": self.url, "ssl_context": self.tls, **options}

    def ask(self, what: str, **details: Any) -> Any:
        """
        Let the child do something, and give its answer.
        """
        with self._lock:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({"do": what, **details}) + "\n")
            self._process.stdin.flush()
            return self._answer()

    def replan(self, plan: Plan) -> None:
        """
        Let another plan rule from now on.
        """
        self.ask("plan", plan=attrs.asdict(plan))

    def begin(self, plan: Plan) -> None:
        """
        Let another plan rule, and forget what was logged and delivered before.
        """
        assert 0 == self.ask("settle")
        self.replan(plan)
        self.ask("forget")

    def log(self) -> list[Struck]:
        """
        List the exchanges.
        """
        names = [field.name for field in attrs.fields(Struck)]
        return [Struck(**dict(zip(names, row, strict=True))) for row in self.ask("log")]

    def delivered(self) -> Counter[str]:
        """
        Count the texts the service was given, by their message.
        """
        return Counter(self.ask("delivered"))

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"the service ended with {self._process.wait(5)}")
        return json.loads(line)
