"""
S1: a write is delivered at most once, whatever the network does.

S2: every call ends accepted, rejected, not sent or unknown, and the word is true.

The proxy knows which call each fault struck, so the only true word is known for
every call; the sandbox counts deliveries before a fault touches the answer.
"""

from __future__ import annotations

import itertools
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping

import attrs
import pytest
from support import counts
from support.chaos import FAULTS, SLOW, Chaos, Plan, Struck
from support.crowd import Ended, send_all
from support.front import NAMES, Front

from alive5 import RetryPolicy

DEADLINE = 4.0 if counts.FULL else 1.2
ATTEMPTS = 4
POLICY = RetryPolicy(attempts=ATTEMPTS, initial=0.01, maximum=0.05, budget=1_000_000)


@attrs.define
class Run:
    """All calls of one run, with what proxy and service know of them."""

    ended: list[Ended]
    struck: Mapping[str, list[Struck]]
    delivered: Counter[str]
    hung_up: set[str]
    late: list[Ended] = attrs.field(factory=list)


def run(front: Front, chaos: Chaos, seed: int, total: int) -> Run:
    tls = chaos.tls is not None
    plan = Plan(seed=seed, early=0.05 if tls else 0.0)
    tokens = (f"token-{seed}-{number}" for number in itertools.count())
    few = max(total // 20, 20)

    def send(number: int) -> list[Ended]:
        return send_all(front, itertools.islice(tokens, number), **options(chaos))

    chaos.begin(plan)
    ended = send(total - 3 * few)
    chaos.ask("down")
    ended += send(few)
    up = threading.Timer(0.03, chaos.ask, ("up",))
    up.start()
    ended += send(few)
    up.join()
    chaos.replan(attrs.evolve(plan, early=1.0))
    last = send(few)
    assert 0 == chaos.ask("settle")
    struck = defaultdict(list)
    for one in chaos.log():
        struck[one.token].append(one)
    # In plain HTTP the first bytes may have been on their way when the connection was reset.
    return Run([*ended, *last], struck, chaos.delivered(), set() if tls else {one.token for one in last})


def options(chaos: Chaos) -> dict[str, object]:
    return chaos.options(timeout=DEADLINE, retry=POLICY, max_connections=20)


def words(run: Run, one: Ended) -> set[str]:
    """
    Return the words that are true of a call, by what the proxy did to it.
    """
    struck = run.struck.get(one.token, [])
    if one.outcome == "unknown" and one.reason == "timeout" and one.seconds >= DEADLINE:
        run.late.append(one)
        return {"unknown"}
    if not struck:
        return {"not_sent", "unknown"} if one.token in run.hung_up else {"not_sent"}
    truths = [FAULTS[each.fault].truth for each in struck]
    assert {"again"} >= set(truths[:-1]), f"{one.token} was repeated after {truths}"
    if truths[-1] == "again":
        # It was repeated as often as it may be, or for as long.
        assert ATTEMPTS == one.attempts or one.seconds >= DEADLINE - POLICY.maximum
        return {"rejected"} if len(struck) == ATTEMPTS else {"rejected", "not_sent"}
    return {truths[-1]}


@pytest.mark.promise("S1", "S2")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", NAMES)
def test_a_text_leaves_once_at_most_and_the_word_for_it_is_true(chaos: Chaos, name: str) -> None:
    total = counts.count(ci=100, full=1_667)
    done = run(Front(name), chaos, counts.seed(), total)
    assert total == len({one.token for one in done.ended}) == len(done.ended)
    assert 1 == max(done.delivered.values())
    outcomes: Counter[str] = Counter()
    for one in done.ended:
        outcomes[one.outcome] += 1
        assert one.outcome in words(done, one), f"{one} met {done.struck.get(one.token)}"
        last = done.struck.get(one.token, [])[-1:]
        reached = int(any(FAULTS[each.fault].delivers for each in last))
        assert reached == done.delivered[one.token], f"{one} met {last}"
        assert one.outcome == "unknown" or int(one.outcome == "accepted") == reached
    assert {"accepted", "not_sent", "unknown"} <= set(outcomes)
    # Where no fault kept a call, its time may run out only on a machine that is too busy.
    unforced = [one for one in done.late if not {each.fault for each in done.struck.get(one.token, [])} & SLOW]
    assert len(unforced) <= total // 50
    counts.measured(duplicates=max(done.delivered.values()) - 1, **{f"ended {word}": n for word, n in outcomes.items()})
