"""
Judges a run of mutmut: at least 90 % killed, and every survivor explained in ``mutants.md``.

Run it where mutmut ran: ``python tests/mutants.py``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

LISTED = Path(__file__).with_suffix(".md")
SHARE = 0.9
_RESULT = re.compile(r"^\s*(\S+): (\w[\w ]*)$")


def mutmut(*arguments: str) -> str:
    """
    Ask mutmut.
    """
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout


def change(name: str) -> str:
    """
    Return the line a mutant has in place of ours, as one line.
    """
    lines = [line[1:].strip() for line in mutmut("show", name).splitlines() if re.match(r"[-+](?![-+])", line)]
    return " -> ".join(line for line in lines if line)


def main() -> int:
    """
    Print the score and what survived; gives the exit code.
    """
    results = [
        match.groups() for line in mutmut("results", "--all", "true").splitlines() if (match := _RESULT.match(line))
    ]
    alive = [name for name, result in results if result not in ("killed", "timeout", "caught by type check")]
    share = 1 - len(alive) / len(results)
    listed = LISTED.read_text().replace("\\|", "|")
    unknown = [(name, text) for name in alive if (text := change(name)) not in listed]
    print(f"{len(results)} mutants, {len(alive)} survived, {share:.1%} killed")  # noqa: T201
    for name, text in unknown:
        print(f"not explained: {name}\n    {text}")  # noqa: T201
    return int(share < SHARE or bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
