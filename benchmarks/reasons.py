"""What stands between a figure and its bar: what takes the time, what was tried, what a further step would cost."""

from __future__ import annotations

import textwrap
from typing import Final

# Of the rows of a table; told where a bar is not met. Shares are of CPU, by a sampling profiler.
REASONS: Final[dict[str, str]] = {
    "B1": "Pairs differ by a third, and their median lies at the bar.",
    "B3": "Parsing is 1.1 of the parser it is held against, which leaves 0.4 for 25 fields of each of 100 rows, each "
    "checked, kept under its name and looked through for secrets: that takes 0.9 to 1.0. The collector of garbage is "
    "a fifth, and not a library's to switch off. Messages are made when they are looked at. Tried: the values of a row "
    "left as bytes until they are looked at; splitting them alone takes 1.25 of parsing them all. What is left is a "
    "compiled extension.",
    "B4": "Nothing may be in flight between two items, so that no task outlives an `__anext__`: each stretch of pages "
    "ends with connections that lie idle for a part of a round, and the pages of a last round come at once and are "
    "decoded one after the other. Tried: stretches of 16 rounds in place of 8, no less; a reader waits twice as long. "
    "A loop of bare httpx that parses and may keep all its requests in flight takes 1.2 of the bound itself.",
    "B5": "As B6: both grew by a fifth since exports ask for the page after each last one, for periods again that "
    "seemed empty, and for first and last pages again when a window ends. Each of these was once a row lost without a "
    "word. On two days it took 0.51 and 0.61 of dlt's time (1.31.0 on the second), with equal CPU, and about equal "
    "times beside raw sockets and a naive loop: it was dlt's that moved.",
    "B6": "For 1,000 pages there are 1,448 requests: 226 for ends, which come empty, 174 for pages read again, and 48 "
    "for last pages that are not full and for longer periods, which show a limit. In turns with the version of the day "
    "before, without those periods, an export takes 1.02 of its time for 1.02 of its requests. A seventh "
    "of the CPU is HTTP, 13 % parsing, 28 % making rows ready (secrets 8, lines 7, digests 6, compression 6), "
    "13 % committing, 13 % rendering. Tried: rows as bytes (`msgspec.Raw`), four facts of each read by a small "
    "struct, names of secrets looked for in the bytes, lines written in order while rendering. Splitting and facts "
    "take half of parsing, but looking for six words in a body takes 1.4 of parsing it (the walk over parsed rows "
    "1.0), and rendering parses each row after all: 1.35 times the work of today, and names in escapes as a new way "
    "to leak. Also: compression in threads (slower, the interpreter's lock), larger reads of sockets, no collector of "
    "garbage, nothing put into SQLite (no difference each). What is left is more processes, which a library in "
    "gunicorn, Celery or a notebook must not start; `plan_slices` is for those who have them.",
    "B10": "The first call imports what a call needs, by far the most of it httpx and httpcore, which the other side "
    "imports, too; both lie in the noise of starting a process.",
    "B13": "Half is the sweep, 200 windows that are read again each night so that a year stays true, and a matter of "
    "its budget (`--sweep`); a third the start of the command, which imports all of its commands, their tables and "
    "httpx. dlt is held against its import alone: it asks nothing and reads nothing. Requests beside the sweep's are "
    "the feed of touched conversations and the new ones.",
}


def reasons(unmet: list[str]) -> str:
    """
    Return a paragraph for each row whose bar is not met.
    """
    return "\n\n".join(textwrap.fill(f"**{name}.** {REASONS[name]}", 120) for name in unmet if name in REASONS)
