"""
The fifty lines you would have written: pairs of programs for five jobs, against the same sandbox in the same weather.

Each pair runs three times, with other seeds. Counted are the lines of a program that are neither blank nor a
docstring, the rows or texts that are missing or older than the truth, those that are there twice, and the runs that
ended wrong without a word: with exit code 0.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
from places import END, HERE, KINDS, NOW, START, delivered, judged, place, truth_of, write

ROOT = HERE.parents[1]
SEEDS = (1, 2, 3)  # three worlds: enough to see that a figure is no accident, and a run ends in two minutes
WAYS = ("alive5", "requests")
PHONE = "+12025550199"
# What answers were seen to do: pages that repeat rows, one in the middle that comes empty, and a few that fail.
READING = {
    "duplicates": 2,
    "middle_page": "empty",
    "faults": {"rate": 0.03, "names": ["server_error_before", "truncated", "html", "rate_limited"]},
}
LOSSES = ["reset_after", "server_error_after", "disconnect_before", "rate_limited", "refused"]
SENDING = {"faults": {"rate": 0.25, "names": LOSSES, "on": ["sms.send"]}}
JOBS = {
    "quarter": "a quarter exported",
    "nightly": "the same, gone on with a night later",
    "once": "a text for each of 20 orders, the program run twice",
    "many": "a text to 30 people, killed after 10 and run again",
    "person": "one person's history",
}


@attrs.define
class Tally:
    """What came of the runs of one program."""

    lost: int = 0
    doubled: int = 0
    silent: int = 0

    def add(self, lost: int, doubled: int, status: int) -> None:
        """Count one run."""
        self.lost += lost
        self.doubled += doubled
        self.silent += bool(lost or doubled) and status == 0


def quarter(way: str, seed: int, tally: Tally) -> None:
    """A period, once."""
    with place(way, seed, READING) as here:
        status = here.run("quarter", "out", START, END)
        tally.add(*judged(truth_of(here.sandbox), here.rows("out")), status)


def nightly(way: str, seed: int, tally: Tally) -> None:
    """A period, and the night after it: ten old conversations went on, ten began."""
    with place(way, seed, {}) as here:
        here.run("nightly", "out", START, END)
        for kind in KINDS:
            old = here.sandbox.conversations(kind)[-40:-30]
            for row in old:
                said = [
                    *row["chat_conversation"],
                    {**row["chat_conversation"][-1], "message_content": "One more thing"},
                ]
                here.sandbox.change(kind, row["alive5_sessionID"], chat_conversation=said)
            for number in range(10):
                moment = NOW - timedelta(days=1, minutes=number)
                here.sandbox.add(kind, start_time=int(moment.timestamp() * 1000))
        status = here.run("nightly", "out", START, END)
        tally.add(*judged(truth_of(here.sandbox), here.rows("out")), status)


def once(way: str, seed: int, tally: Tally) -> None:
    """A text for each order; the second run is that of somebody who is not sure."""
    numbers = [f"+120255501{number:02}" for number in range(50, 70)]
    with place(way, seed, SENDING) as here:
        rows = [{"order": f"order-{number}", "number": number, "text": "Your parcel is here"} for number in numbers]
        write(here.folder / "orders.csv", rows)
        for _ in range(2):
            status = here.run("once", "orders.csv", "done")
        tally.add(*delivered(here, numbers), status)


def many(way: str, seed: int, tally: Tally) -> None:
    """A text to many people; the first run is killed while its tenth text is on the wire."""
    numbers = [f"+120255501{number:02}" for number in range(50, 80)]
    with place(way, seed, {}) as here:
        people = [{"phone_number": number, "name": f"Person {number[-2:]}"} for number in numbers]
        write(here.folder / "people.csv", people)
        texts = 0

        def kill_at_the_tenth(asked: Any) -> None:
            nonlocal texts
            texts += asked.operation == "sms.send"
            if texts == 10:
                process.kill()

        here.sandbox.on_request = kill_at_the_tenth
        process = here.start("many", "people.csv", "done")
        process.wait(300)
        here.sandbox.on_request = None
        status = here.run("many", "people.csv", "done")
        tally.add(*delivered(here, numbers), status)


def person(way: str, seed: int, tally: Tally) -> None:
    """One person, whose number is written in four ways and under two names."""
    with place(way, seed, READING) as here:
        written = ["+12025550199", "(202) 555-0199", "1-202-555-0199", "2025550199"]
        for number in range(24):
            values: dict[str, Any] = {"start_time": int((NOW - timedelta(days=3 * number + 2)).timestamp() * 1000)}
            values["contacts_phone" if number % 3 else "contacts_phone_mobile"] = written[number % 4]
            here.sandbox.add(KINDS[number % 3], **({"contacts_phone": None, **values}))
        theirs = [
            row
            for row in truth_of(here.sandbox)
            if "0199" in f"{row.get('contacts_phone')}{row.get('contacts_phone_mobile')}"
        ]
        status = here.run("person", "found", START, END, PHONE)
        tally.add(*judged(theirs, here.rows("found")), status)


RUNS: dict[str, Callable[[str, int, Tally], None]] = {
    "quarter": quarter, "nightly": nightly, "once": once, "many": many, "person": person,
}  # fmt: skip


def lines_of(job: str, way: str) -> int:
    """Return the lines of a program that are neither blank nor its docstring."""
    text = (HERE / f"{job}_{way}.py").read_text(encoding="utf-8")
    first = ast.parse(text).body[0].end_lineno or 0
    return sum(bool(line.strip()) for line in text.splitlines()[first:])


def table(tallies: dict[tuple[str, str], Tally]) -> str:
    """Return the table, a job a row; of each pair alive5 comes first."""
    out = ["| job | lines | lost | doubled | silent |", "|---|---|---|---|---|"]
    for job, words in JOBS.items():
        ours, theirs = (tallies[job, way] for way in WAYS)
        lines = [lines_of(job, way) for way in WAYS]
        pairs = [lines, *([getattr(ours, name), getattr(theirs, name)] for name in ("lost", "doubled", "silent"))]
        names = [f"[{way}](benchmarks/compare/{job}_{way}.py)" for way in WAYS]
        out.append(f"| {words}: {names[0]}, {names[1]} | " + " | ".join(f"**{a}** / {b}" for a, b in pairs) + " |")
    return "\n".join(out)


def main() -> None:
    """Run the pairs in turn, and write the table into the README."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=list(JOBS), help="one job; the README stays as it is")
    only = parser.parse_args().only
    tallies: dict[tuple[str, str], Tally] = {}
    for job in [only] if only else JOBS:
        for way in WAYS:
            tally = tallies[job, way] = Tally()
            for seed in SEEDS:
                RUNS[job](way, seed, tally)
            print(job, way, lines_of(job, way), tally, flush=True)
    if not only:
        page = ROOT / "README.md"
        before, _, rest = page.read_text(encoding="utf-8").partition("<!-- compare -->\n")
        after = rest.partition("<!-- end -->")[2]
        page.write_text(f"{before}<!-- compare -->\n{table(tallies)}\n<!-- end -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
