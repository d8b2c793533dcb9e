"""Chaos as a test uses it: what can happen to an exchange, and a spoiling proxy before a service in a child process."""

from __future__ import annotations

import json
import os
import random
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal

import attrs

Truth = Literal["accepted", "rejected", "again", "unknown", "not_left"]


@attrs.frozen
class Fault:
    """
    A fault: whether the request reaches the service, and the only true word for it.

    "again" was refused unprocessed and may be repeated, "not_left" ended before
    the request could leave; "unknown" is true where the answer cannot tell.
    """

    name: str
    delivers: bool
    truth: Truth


_TABLE: Final[Mapping[Truth, Mapping[bool, str]]] = {
    "accepted": {True: "none slices interim"},
    "unknown": {
        True: "reset_after_delivery truncated delayed drip drip_body garbage flood broken_gzip"
        " status_500 status_502 status_503 status_504 html error_500_in_200",
        False: "reset_before_read reset_after_read fin_after_read accept_reset",
    },
    "rejected": {False: "status_422 error_400_in_200"},
    "again": {False: "status_429 status_429_waiting status_429_day status_429_limit error_429_in_200"},
    "not_left": {False: "handshake_reset handshake_silent handshake_drip"},
}
FAULTS: Final[dict[str, Fault]] = {
    name: Fault(name, delivers, truth)
    for truth, kinds in _TABLE.items()
    for delivers, names in kinds.items()
    for name in names.split()
}
NONE: Final = FAULTS["none"]
EARLY: Final = ("accept_reset", "handshake_reset", "handshake_silent", "handshake_drip")
ASKED_FOR: Final = ("status_429_day", "status_429_limit")
STRIKING: Final = tuple(name for name in FAULTS if name not in ("none", *EARLY, *ASKED_FOR))
# These keep a call until its time is used up, so they are drawn less often.
SLOW: Final = frozenset({"delayed", "drip", "drip_body", "flood"})


@attrs.frozen(kw_only=True)
class Plan:
    """
    Which faults strike, and how large a share of the requests.

    The draw depends on the seed, the call's token and the attempt alone, so a
    run is repeated by its seed whatever the order in which calls arrive.
    *early* is the share of connections that meet one of ``EARLY``: in the TLS
    handshake, or where there is none as soon as they are accepted. With
    *by_name* a token such as "token-1-drip-body" asks for its fault itself. With
    *limit* that many requests are let through in each *window* of seconds, which
    starts with its first request; the others are told to retry after a window.
    With *idle* a connection is closed within that many seconds after an answer.
    """

    seed: int
    share: float = 0.5
    names: Sequence[str] = STRIKING
    early: float = 0.0
    early_name: str = "handshake_reset"
    by_name: bool = False
    limit: int = 0
    window: float = 1.0
    idle: float = 0.0

    def draw(self, token: str, attempt: int) -> Fault:
        """
        Draw the fault of an attempt.
        """
        if self.by_name:
            return FAULTS.get("_".join(token.split("-")[2:]), NONE)
        rng = random.Random(f"{self.seed}/{token}/{attempt}")
        if rng.random() >= self.share:
            return NONE
        weights = [0.4 if name in SLOW else 1.0 for name in self.names]
        return FAULTS[rng.choices(self.names, weights)[0]]

    def strikes_early(self, connection: int) -> bool:
        """
        Whether a connection is struck before anything is read.
        """
        return random.Random(f"{self.seed}/early/{connection}").random() < self.early


@attrs.frozen(kw_only=True)
class Struck:
    """One exchange as the proxy saw it; the token is "" where the request was not read."""

    token: str
    attempt: int
    fault: str
    connection: int


def plan_of(values: Mapping[str, object]) -> Plan:
    """
    Read a plan from JSON.
    """
    return Plan(**values)  # type: ignore[arg-type]


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
            [sys.executable, "-m", "support.chaos_serve", json.dumps(options)],
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
