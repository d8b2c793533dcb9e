"""
S3: Ctrl-C, SIGTERM and cancellation at random moments of sending.

Nothing new leaves afterwards, control returns within a second, the interrupt
stays what it is, and every write that reached the service was told of: as
accepted, or as unknown by its event and one warning line. What the command line
does is tried beside its own tests.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import Any

import pytest
from support import counts
from support.chaos import Chaos, Plan, environment

LATENCY = 0.04
HARD = 60.0
WAYS = {
    ("sync", "SIGINT"): "KeyboardInterrupt",
    ("sync", "SIGTERM"): "SystemExit",
    ("asyncio", "SIGINT"): "KeyboardInterrupt",
    ("asyncio", "SIGTERM"): "CancelledError",
    ("asyncio", "cancel"): "CancelledError",
    ("trio", "SIGINT"): "KeyboardInterrupt",
    ("trio", "cancel"): "InterruptedError",
}


def stopped(chaos: Chaos, moments: list[tuple[str, str, float]]) -> list[dict[str, Any]]:
    ran = subprocess.run(
        [sys.executable, "-m", "support.interrupted", json.dumps({"url": chaos.url, "moments": moments})],
        capture_output=True,
        check=False,
        text=True,
        timeout=HARD + 2 * len(moments),
        env=environment(),
    )
    assert 0 == ran.returncode, ran.stderr
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


@pytest.mark.promise("S3")
@pytest.mark.timeout(900)
def test_an_interrupt_stops_the_sending_and_what_was_on_the_wire_is_told(slow: Chaos) -> None:
    total, rng = counts.count(ci=21, full=210), random.Random(counts.seed())
    slow.begin(Plan(seed=1, share=0))
    moments = [(front, way, rng.uniform(0, 4 * LATENCY)) for front, way in list(WAYS) * (total // len(WAYS))]
    reports = stopped(slow, moments)
    assert total == len(reports)
    assert 0 == slow.ask("settle")
    arrived = [struck.token.split("-") for struck in slow.log()]
    for report, (front, way, _) in zip(reports, moments, strict=True):
        told, mine = report["told"], [token for token in arrived if int(token[2]) == report["number"]]
        assert WAYS[front, way] == report["ended"], (front, way)
        assert [] == report["told_later"]
        assert {"accepted", "unknown", "not_sent"} >= set(told)
        assert told.count("accepted") <= len(mine) <= told.count("accepted") + told.count("unknown"), (front, way)
        # An accepted write whose call was ended before it returned has its line, too.
        assert told.count("unknown") <= report["warnings"] <= told.count("unknown") + ("accepted" in told)
        assert report["warnings"] <= (3 if front == "asyncio" else 1)
        assert report["seconds"] < HARD
        assert not counts.FULL or report["seconds"] < 1.0
    assert 1 == max(slow.delivered().values())
    counts.measured(slowest_return_ms=round(1000 * max(report["seconds"] for report in reports)))
