"""
Checks the arithmetic of docs/scale.md by a seeded simulation: what a straggler, refusals and a lost executor cost.

``python benchmarks/simulate.py`` prints the tables, ``--write`` puts them into the
page, ``--seeds 50`` takes more seeds. It ends with 1 where simulation and
arithmetic differ by more than a quarter. Needs simpy, from the group ``scale``.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
# Measured on the sandbox (docs/scale.md has the runs): a slice takes some requests to probe, to end and to count
# again, and a page a third more than itself.
PER_SLICE, PER_PAGE, PROBES = 20, 1.32, 6
PER_CONVERSATION, ROWS, KINDS = 11, 100, 3
# Requests of an export that only goes on, of an account of 4,458 conversations.
NIGHT = 36
# Seconds of refusals in which a slice gives up: while it probes, a read's Timeout(total=60); later, when its windows
# have failed three times each or ten in a row, which took five to six minutes.
PROBING, READING = 60.0, 300.0
# Failures of one task that end a job, Spark's own default.
FAILURES = 4
# Requests drawn at once: a task is looked at every second or two. The first ones of a slice are its probes.
CHUNK = PROBES
TOLERANCE = 0.25


@dataclass(frozen=True)
class Plan:
    """
    A back-fill: accounts, their messages, and who reads them.
    """

    accounts: int = 2_000
    messages: int = 100_000_000
    slots: int = 64
    cap: int = 64
    executors: int = 8
    seconds: float = 0.25
    largest: float = 0.0
    """The share of all messages that one account has, beside its even share."""

    @property
    def conversations(self) -> float:
        return self.messages / PER_CONVERSATION

    @property
    def requests(self) -> float:
        """Requests of all accounts: planned, three slices each, and their pages."""
        return self.accounts * KINDS * (PROBES + PER_SLICE) + PER_PAGE * self.conversations / ROWS

    @property
    def hours(self) -> float:
        """The hours of all slots at work."""
        return self.requests * self.seconds / self.slots / 3_600

    @property
    def one_key(self) -> float:
        """The requests were it one account: eight slices a kind."""
        return KINDS * (PROBES + 8 * PER_SLICE) + PER_PAGE * self.conversations / ROWS


@dataclass(frozen=True)
class Trouble:
    """
    What goes wrong, in seconds after the start.
    """

    slow: float = 1.0
    storm: tuple[float, float] = (0.0, 0.0)
    pause: float = 30.0
    lost: float | None = None
    replaced: float | None = None
    failures: int = FAILURES


@dataclass
class Ended:
    """
    How a run ended: seconds, requests, and requests refused; ``died`` when the job failed.
    """

    seconds: float = 0.0
    requests: int = 0
    refused: int = 0
    died: bool = False


def sizes(plan: Plan, rng: random.Random) -> list[int]:
    """
    Draw the requests of each account: sizes differ as those of firms do, by half their mean.
    """
    spread = 0.5
    drawn = [rng.lognormvariate(-spread * spread / 2, spread) for _ in range(plan.accounts)]
    pages = plan.conversations * (1 - plan.largest) / ROWS
    scale = pages / sum(drawn)
    found = [KINDS * (PROBES + PER_SLICE) + PER_PAGE * scale * one for one in drawn]
    found[0] += PER_PAGE * plan.largest * plan.conversations / ROWS
    return [round(one) for one in found]


class Cluster:
    """
    Slots that take partitions in their order, as Spark does; a partition is accounts, one request in flight.
    """

    def __init__(self, env: Any, plan: Plan, trouble: Trouble, rng: random.Random) -> None:
        self.env, self.plan, self.trouble, self.rng = env, plan, trouble, rng
        each = sizes(plan, rng)
        self.waiting = [each[number :: plan.cap] for number in range(plan.cap)]
        self.failures = [0] * plan.cap
        self.queue = list(range(plan.cap))
        self.left = plan.cap
        self.ended = Ended()
        self.slots = [env.process(self.slot(number)) for number in range(plan.slots)]
        if trouble.lost is not None:
            env.process(self.lose())

    def slot(self, number: int, after: float = 0.0) -> Iterator[Any]:
        """
        Run partitions until none is left; one that is interrupted goes back into the queue.
        """
        import simpy

        task = None
        try:
            yield self.env.timeout(after)
            while self.left and not self.ended.died:
                if not self.queue:
                    yield self.env.timeout(1.0)
                    continue
                task = self.queue.pop(0)
                whole = yield from self.task(task, self.factor(number))
                if whole:
                    self.left -= 1
                    self.ended.seconds = self.env.now
                else:
                    self.failures[task] += 1
                    self.ended.died = self.failures[task] >= self.trouble.failures
                    self.queue.insert(0, task)
                task = None
        except simpy.Interrupt:
            if task is not None:
                self.queue.insert(0, task)

    def factor(self, number: int) -> float:
        """
        Return how much slower a slot is: those of the first executor may be.
        """
        return self.trouble.slow if number < self.plan.slots // self.plan.executors else 1.0

    def task(self, number: int, slower: float) -> Iterator[Any]:
        """
        Read a partition; False when refusals have ended it.
        """
        mean = self.plan.seconds * slower
        slices = [account // KINDS for account in self.waiting[number] for _ in range(KINDS)]
        for requests in slices:
            todo, patience, waited = requests, PROBING, 0.0
            while todo > 0:
                begin, end = self.trouble.storm
                if begin <= self.env.now < end:
                    self.ended.refused += 1
                    pause = min(self.trouble.pause, end - self.env.now + self.rng.random() * self.trouble.pause)
                    yield self.env.timeout(pause)
                    waited += pause
                    if waited >= patience:
                        return False
                    continue
                some, patience, waited = min(CHUNK, todo), READING, 0.0
                # A sum of so many answers, each by four steps of equal mean.
                yield self.env.timeout(self.rng.gammavariate(4 * some, mean / 4))
                todo -= some
                self.ended.requests += some
        return True

    def lose(self) -> Iterator[Any]:
        """
        Lose the first executor, and perhaps get another one later.
        """
        yield self.env.timeout(self.trouble.lost)
        lost = range(self.plan.slots // self.plan.executors)
        for number in lost:
            if self.slots[number].is_alive:
                self.slots[number].interrupt()
        if self.trouble.replaced is not None:
            for number in lost:
                self.env.process(self.slot(number, self.trouble.replaced))


def simulate(plan: Plan, trouble: Trouble, seed: int) -> Ended:
    """
    Run one back-fill.
    """
    import simpy

    env = simpy.Environment()
    cluster = Cluster(env, plan, trouble, random.Random(seed))
    env.run(env.all_of(cluster.slots))
    env.run()
    return cluster.ended


@dataclass(frozen=True)
class Scene:
    """
    A scene of the table: what happens, and the hours that arithmetic gives it.
    """

    name: str
    sum: str
    hours: float
    plan: Plan
    trouble: Trouble = Trouble()
    dies: bool = False


def scenes(plan: Plan = Plan()) -> list[Scene]:
    """
    Return what is simulated; T is the time of an even run.
    """
    even = plan.hours
    at = even * 1_800
    big = replace(plan, largest=0.05)
    alone = PER_PAGE * 0.05 * plan.conversations / ROWS * plan.seconds / 3_600
    fine = replace(plan, cap=8 * plan.cap)
    short, long = (at, at + 180), (at, at + 1_500)
    half = even / 16  # half a partition of 512
    patient = Trouble(storm=long, failures=50)
    return [
        Scene("nothing goes wrong", "T", even, plan),
        Scene("one account has 5 % of all messages", "0.95 T + that account", 0.95 * even + alone, big),
        Scene("one executor of eight is four times as slow", "4 T", 4 * even, plan, Trouble(slow=4)),
        Scene("… 512 partitions", "64/58 T + half a slow partition", even * 64 / 58 + 4 * half, fine, Trouble(slow=4)),
        Scene("refusals of 3 minutes", "T/2 + 3 min + T", 1.5 * even + 0.05, plan, Trouble(storm=short)),
        Scene("… 512 partitions", "T + 3 min + half a partition", even + half + 0.05, fine, Trouble(storm=short)),
        Scene("refusals of 25 minutes", "4 failures of a task, 1 min each", 0.0, plan, Trouble(storm=long), dies=True),
        Scene(
            "… 512 partitions, `spark.task.maxFailures=50`",
            "T + 25 min + half a partition",
            *(even + half + 25 / 60, fine, patient),
        ),
        Scene("an executor is lost, none comes", "T + T", 2 * even, plan, Trouble(lost=at)),
        Scene(
            "… another one after a minute",
            "T/2 + 1 min + T",
            *(1.5 * even + 1 / 60, plan, Trouble(lost=at, replaced=60)),
        ),
        Scene(
            "… 512 partitions, none comes",
            "T/2 + 64/56 T/2 + half a partition",
            *(even / 2 * (1 + 64 / 56) + half, fine, Trouble(lost=at)),
        ),
    ]


def table(seeds: Sequence[int]) -> tuple[list[str], bool]:
    """
    Return the rows of the table, and whether simulation and arithmetic agree.
    """
    agree = True
    lines = [
        "| | arithmetic | minutes | simulated: median (range) | requests refused |",
        "|---|---|---|---|---|",
    ]
    for scene in scenes():
        runs = [simulate(scene.plan, scene.trouble, seed) for seed in seeds]
        refused = f"{statistics.median(run.refused for run in runs):,.0f}"
        if scene.dies:
            agree = agree and all(run.died for run in runs)
            died = sum(run.died for run in runs)
            lines.append(f"| {scene.name} | {scene.sum} | | {died} of {len(runs)} failed | {refused} |")
            continue
        minutes = sorted(run.seconds / 60 for run in runs)
        middle, expected = statistics.median(minutes), scene.hours * 60
        agree = agree and abs(middle / expected - 1) <= TOLERANCE and not any(run.died for run in runs)
        seen = f"{middle:.1f} ({minutes[0]:.1f} .. {minutes[-1]:.1f})"
        lines.append(f"| {scene.name} | {scene.sum} | {expected:.1f} | {seen} | {refused} |")
    return lines, agree


def arithmetic(plan: Plan = Plan()) -> list[str]:
    """
    Return the rows of the arithmetic.
    """
    pages, busy = plan.conversations / ROWS, plan.requests * plan.seconds
    slots = f"{plan.slots} in flight"
    night = plan.accounts * NIGHT * plan.seconds / plan.slots / 60
    rows = {
        "conversations": f"{plan.messages:,} / {PER_CONVERSATION} = {plan.conversations / 1e6:.1f} million",
        f"pages of {ROWS}": f"{pages:,.0f}",
        f"requests, {plan.accounts:,} accounts": (
            f"{plan.accounts:,} · {KINDS} · ({PROBES} + {PER_SLICE}) + {PER_PAGE} · pages = {plan.requests:,.0f},"
            f" {plan.requests / plan.accounts:.0f} an account"
        ),
        "requests, one account": (f"{KINDS} · ({PROBES} + 8 · {PER_SLICE}) + {PER_PAGE} · pages = {plan.one_key:,.0f}"),
        f"{plan.accounts:,} accounts, {slots}, {plan.seconds} s a request (T)": f"{plan.hours * 60:.0f} minutes",
        "the same, one in flight": f"{busy / 3_600:.0f} hours",
        "one account, 8 in flight": f"{plan.one_key * plan.seconds / 8 / 60:.0f} minutes",
        "one account that allows 4 requests a second": f"{plan.one_key / 4 / 3_600:.1f} hours, whatever reads it",
        f"a night of `--since-last --sweep none`, {NIGHT} requests an account, {slots}": f"{night:.0f} minutes",
    }
    return ["| | |", "|---|---|", *(f"| {what} | {much} |" for what, much in rows.items())]


def put(text: str, name: str, lines: Sequence[str]) -> str:
    """
    Return the page with the lines between the marks of a name.
    """
    body = "\n".join(lines)
    return re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{body}\n{m[2]}", text, flags=re.DOTALL)


def main() -> None:
    """
    Print the tables, or write them.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines, agree = table(range(1, given.seeds + 1))
    print("\n".join([*arithmetic(), "", *lines]))
    if given.write:
        text = put(PAGE.read_text(encoding="utf-8"), "arithmetic", arithmetic())
        PAGE.write_text(put(text, "simulation", lines), encoding="utf-8")
    sys.exit(0 if agree else 1)


if __name__ == "__main__":
    main()
