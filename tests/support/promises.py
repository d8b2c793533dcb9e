"""The promises in words, and what their runs came to: kept as JSON, shown as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import attrs

SENTENCES: Final[dict[str, str]] = {
    "S1": "A write is delivered at most once, whatever the network does.",
    "S2": "Every call ends accepted, rejected, not sent or unknown, and the word is true.",
    "S3": "After Ctrl-C, SIGTERM or a cancellation nothing new leaves, control returns within a second, the interrupt "
    "stays an interrupt, and a write that did not return is reported: by its event, unknown when it was on the wire, "
    "and a warning.",
    "S4": "A write never rides an idle connection: a server that closes those at random causes no unknown.",
    "S5": "Nothing raises after an accepted write, whatever its data and whatever `on_event` does.",
    "S6": "With a ledger a key never leaves twice from here, across processes, restarts and crashes; what is not known "
    "is named, and nothing is lost.",
    "S7": "Many texts keep their pace, and nobody is texted in quiet hours of any zone the number may be in.",
    "S8": "Every text that comes is handled once within one poll, whether its delivery was lost, doubled, late or "
    "never made.",
    "T1": "Every call ends within its total deadline + 250 ms, whatever the server does with its time; a wait longer "
    "than what is left raises the last error at once.",
    "T2": "In a total outage N reads cause at most 1.01 N + 100 attempts.",
    "T3": "A 429 with seconds or a date is honoured, and pauses the whole client.",
    "T4": "Against a server that allows five requests a second a job of 500 finishes at 90 % of the possible rate or "
    "more, and nothing is sent inside a Retry-After.",
    "H1": "Any bytes whatever as a body give valid data or an `Alive5Error`, nothing else.",
    "H2": "Compressed bombs, endless bodies and bodies of too many values cost no more than the cap of 32 MiB + "
    "16 MiB of memory; what an answer is taken apart into, no more than 8 times the cap.",
    "H3": "A failing envelope never gives data, a good one never raises.",
    "H4": "Rows with every value null, missing or of any wrong type are kept, with the raw value in `extra`.",
    "H5": "A listing ends, gives nothing twice and is never silently short, however the server pages.",
    "L1": "A call cancelled at any point leaves a client that works at once at full width.",
    "L2": "Faulty calls leave descriptors, threads and tasks where they were.",
    "L3": "One module-level client serves several loops, trio, threads, a running loop, forked children and the hosts "
    "people run.",
    "L4": "A script that never closes its client ends by itself, with status 0.",
    "L5": "The blocking and the asynchronous front agree: same calls, results, errors and warnings.",
    "D1": "The key appears in no log, repr, error, traceback, file or process list.",
    "D2": "The key goes to the two configured origins only.",
    "D3": "Numbers, addresses, names and texts of people appear in no log line and no error, however a server "
    "spells them.",
    "D4": "Ids and names cannot change the path or add parameters or headers.",
    "D5": "Files of an export are private from their first byte, follow no link, and take no name from the server.",
    "D6": "CSV cells cannot become formulas, and terminal output cannot carry control sequences "
    "or characters that show nothing.",
    "D7": "An export of pseudonyms holds no name, number, address or text of a person in any byte, as far as asked.",
    "E1": "An export is the truth under every quirk of a server, or says that it is not.",
    "E2": "An export killed at any moment and run again gives the same files, with nothing lost or doubled.",
    "E3": "A disk that fails at any operation gives a clear error, and a later run completes.",
    "E4": "An export's bytes do not depend on how many requests run at once.",
    "E5": "An export's memory does not grow with its size.",
    "E6": "Rows that enter, leave or change while an export reads are found or graded.",
    "E7": "Incremental runs end with what one full run gives.",
    "E8": "Of two exporters on one directory one works and the other says so.",
    "E9": "What was delivered comes back from every format of an export.",
    "E10": "An export of an account that lives on stays true night by night, or says as of when it is.",
    "E11": "A byte that changed in a directory of an export is refused or named by `verify`, or it changes no row.",
    "I1": "Every figure of `metrics` equals a recount from the rows as delivered, and every figure of the page one "
    "from those of `metrics`.",
    "I2": "A million messages are measured, and shown on a page, in less than 400 MiB.",
    "P1": "Everything about a person is found in an export by any spelling of number or address, and nothing else.",
    "I3": "A search finds what a plain reading of all rows finds, before and after an export goes on.",
    "I4": "Figures of an export of pseudonyms are those of the people: who is one stays one, and two stay two.",
    "P2": "A forgotten person is in no byte of the directory and does not come back; a kill leaves all or nothing; all "
    "other rows keep their bytes.",
}

BOUNDS: Final[dict[str, str]] = {
    "S2": "A call whose own time runs out while a good answer is on its way is unknown, which is true.",
    "T1": "The look-up of a host name is the system's and cannot be stopped by the blocking front: such a call ends "
    "as late as the look-up does (`look up of 2000 ms ended a call after ms`). Work on an answer that has come is "
    "bounded, not stopped: the largest honest answer and the worst one let through keep the loop for "
    "`largest honest answer ms` and `stood still for ms`.",
    "T4": "Each pause ends with an exchange that finds out what is allowed, so where answers take long the rate falls "
    "(`percent of the possible time at 100 ms`, `at 300 ms`); no call is lost by it.",
    "S3": "Threads of a program's own are not reached by Ctrl-C: Python interrupts the main thread alone.",
    "D7": "What stands under a name that does not say it is of a person stays, and so does a number inside of a text "
    "unless texts are asked for.",
    "H2": "The peak is read from `/proc` and so measured on Linux.",
    "E5": "Measured on Linux, with JSON Lines while fetching, and with Parquet and DuckDB while rendering. CSV and "
    "SQLite files take as little as JSON Lines. DuckDB before 1.2 takes more.",
    "I2": "Measured on Linux, with ten messages a conversation and each conversation of another contact: memory grows "
    "with the contacts.",
}


HEAD = """\
# Promises, and what was measured

Written by `nox -s promises`, which tries every promise at its full count; a row stands here only when it was
measured and kept, for the sentence it has now. Every test of the project runs with smaller counts as well. A seed
repeats a run: `ALIVE5_SEED=... ALIVE5_FULL=1 pytest <test>`.

| promise | sentence | tests | tries | result | seeds | measured | with | on |
|---|---|---|---|---|---|---|---|---|
"""


@attrs.frozen(kw_only=True)
class Run:
    """
    One run of one promise, whole or a shard of it, and the sentence it was run for: of another it proves nothing.

    ``state`` is a digest of the package and of the promise's tests: shards of several are no whole run of any.
    """

    promise: str
    sentence: str
    shard: str
    tests: dict[str, dict[str, Any]]
    versions: dict[str, str]
    date: str
    state: str = ""

    @property
    def failed(self) -> int:
        """How many tests failed."""
        return sum(test["outcome"] == "failed" for test in self.tests.values())


def save(folder: Path, run: Run) -> None:
    """
    Keep a run; it replaces the one of the same shard.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path(folder, run.promise, run.shard).write_text(json.dumps(attrs.asdict(run), indent=1) + "\n")


def path(folder: Path, promise: str, shard: str) -> Path:
    """
    Return the file of a run.
    """
    return folder / (f"{promise}.json" if shard == "1/1" else f"{promise}.{shard.replace('/', '-of-')}.json")


def load(folder: Path, promise: str) -> Run | None:
    """
    Return the newest whole run of a promise, or its shards put together when none is missing, all of one state.
    """
    files = [folder / f"{promise}.json", *sorted(folder.glob(f"{promise}.*-of-*.json"))]
    found = [Run(**json.loads(file.read_text())) for file in files if file.exists()]
    runs = [run for run in found if run.sentence == SENTENCES[promise]]
    whole: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        whole.setdefault((run.shard.partition("/")[2], run.state), []).append(run)
    complete = [_merged(parts) for (number, _), parts in whole.items() if len(parts) == int(number)]
    return max(complete, key=lambda run: run.date, default=None)


def _merged(parts: list[Run]) -> Run:
    last = max(parts, key=lambda run: run.date)
    return attrs.evolve(last, shard="1/1", tests={name: test for run in parts for name, test in run.tests.items()})


def table(runs: Iterable[Run]) -> str:
    """
    Write the page: kept promises as rows, what limits them, and what was not kept.
    """
    runs = list(runs)
    kept = [run for run in runs if not run.failed and any(test["outcome"] == "passed" for test in run.tests.values())]
    rows = "".join(f"| {' | '.join(_cells(run))} |\n" for run in kept)
    bounds = [f"- {run.promise}: {BOUNDS[run.promise]}\n" for run in kept if run.promise in BOUNDS]
    broken = [f"- {run.promise}: {run.failed} of {len(run.tests)} tests failed\n" for run in runs if run not in kept]
    return "".join(
        [HEAD, rows]
        + (["\n## What they do not cover\n\n", *bounds] if bounds else [])
        + (["\n## Measured and not kept\n\n", *broken] if broken else [])
    )


def _cells(run: Run) -> list[str]:
    tests = list(run.tests.values())
    tries = sum(test["count"] for test in tests)
    skipped = sum(test["outcome"] == "skipped" for test in tests)
    names = sorted({name.partition("[")[0].removeprefix("tests/") for name in run.tests})
    seeds = [str(seed) for test in tests for seed in test["seeds"]]
    return [
        run.promise,
        SENTENCES[run.promise],
        "<br>".join(f"`{name}`" for name in names),
        f"{tries:,}" if tries else f"{len(tests) - skipped:,} cases",
        "kept" + (f" ({skipped} cases skipped)" if skipped else ""),
        " ".join(seeds[:6]) + (f" and {len(seeds) - 6} more" if len(seeds) > 6 else ""),
        _measured(tests),
        ", ".join(f"{name} {version}" for name, version in run.versions.items()),
        run.date[:10],
    ]


def _measured(tests: list[dict[str, Any]]) -> str:
    values: dict[str, Any] = {}
    for test in tests:
        for name, value in test["measured"].items():
            added = name.startswith("ended ")
            values[name] = values.get(name, 0) + value if added else max(value, values.get(name, value))
    return "; ".join(f"{name.replace('_', ' ')}: {value:,}" for name, value in sorted(values.items()))
