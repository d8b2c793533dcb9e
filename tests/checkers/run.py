"""
Four type checkers on the examples: none complains, and each shows the types that ``reveals.py`` says.

``nox -s checkers`` runs it in an environment that has what the examples import.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
LOOKED_AT: Final = ("examples", "tests/typing", "tests/checkers/reveals.py")
COMMANDS: Final = {
    "mypy": ("mypy", *LOOKED_AT),
    "pyright": ("pyright", *LOOKED_AT),
    "pyrefly": ("pyrefly", "check", "--output-format", "min-text", "--python-interpreter-path", sys.executable),
    "zuban": ("zuban", "mypy", "--python-executable", sys.executable, *LOOKED_AT),
}
# What a checker says wrongly: where, its code, and why it is wrong.
WRONG: Final = {
    ("zuban", "celery_app.py", "arg-type"): "it does not solve the ParamSpec of a decorator that a method returns",
}
REVEALED: Final = re.compile(
    r'reveals\.py:(\d+).*(?:Revealed type is|revealed type:|Type of ".*" is) "?(.+?)"?(?: \[reveal-type\])?$'
)
COMPLAINT: Final = re.compile(r"^ *(?:ERROR|WARN) .*?(\w+\.py):\d|(\w+\.py):\d.*? (?:error|warning): ")
CODE: Final = re.compile(r"[\[(]([\w-]+)[\])]$")
LITERAL: Final = re.compile(r"Literal\[[^\]]*\](?: \| Literal\[[^\]]*\])*")
TEXT: Final = re.compile(r"'\w+'")


def plain(shown: str) -> str:
    """
    Return a type as every checker would show it: names without modules, and the texts of a literal in order.
    """
    short = re.sub(r"\b(?:\w+\.)+(?=\w)", "", shown)
    return LITERAL.sub(lambda found: f"Literal[{', '.join(sorted(TEXT.findall(found[0])))}]", short)


def expected() -> dict[int, str]:
    """
    Return the type each line of the table says.
    """
    lines = (HERE / "reveals.py").read_text(encoding="utf-8").splitlines()
    return {at: plain(line.partition("  # ")[2]) for at, line in enumerate(lines, 1) if "reveal_type(" in line}


def problems(checker: str, said: list[str], table: dict[int, str]) -> list[str]:
    """
    Return a line for each complaint of a checker, and for each type it shows otherwise.
    """
    found = []
    for line in said:
        complaint, code = COMPLAINT.search(line), CODE.search(line)
        if complaint and (checker, complaint[1] or complaint[2], code and code[1]) not in WRONG:
            found.append(line)
    shown = {int(match[1]): plain(match[2]) for line in said if (match := REVEALED.search(line))}
    found += [
        f"reveals.py:{at}: {shown.get(at, 'nothing')} instead of {wanted}"
        for at, wanted in table.items()
        if shown.get(at) != wanted
    ]
    return found


def main() -> int:
    """
    Print what is wrong, and return 1 when anything is.
    """
    table, total = expected(), 0
    files = [str(file) for name in LOOKED_AT for file in ([name] if name.endswith(".py") else Path(name).glob("*.py"))]
    for checker, command in COMMANDS.items():
        version = subprocess.run([command[0], "--version"], capture_output=True, text=True, check=True).stdout.strip()
        # pyrefly looks at what the configuration names unless it is given files.
        whole = (*command, *files) if checker == "pyrefly" else command
        done = subprocess.run(whole, capture_output=True, text=True, check=False)
        found = problems(checker, (done.stdout + done.stderr).splitlines(), table)
        if done.returncode not in (0, 1):  # it did not get as far as to say something
            found.append(done.stderr)
        total += len(found)
        print(f"{version}: {len(files)} files, {len(table)} types, {len(found)} problems", *found, sep="\n  ")
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())
