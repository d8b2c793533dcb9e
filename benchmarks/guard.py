"""
Holds the instructions of five programs against those of the last renewal, by callgrind: 5 % more are refused.

``guard.py`` compares, ``guard.py --write`` renews ``guard.json``. Instructions are the same for the same program
whatever else a machine does, but not for another Python or other packages: where these differ there is no baseline,
and it says so.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from pairs import ENVIRONMENT, server

HERE = Path(__file__).parent
BASELINE = HERE / "guard.json"
LIMIT = 0.05  # a change that costs less is lost in what a change of a library costs
PACKAGES = ("httpx", "httpcore", "anyio", "attrs", "cattrs", "msgspec", "typer")
CLIENT = 'import alive5\nclient = alive5.Alive5("test_key", base_url="{url}")\n'
EXPORT = 'client.export("{home}/out", kinds=("livechat",), '
PROGRAMS = {
    "first call": CLIENT + "client.tags.list()",
    "B1, 30 reads": CLIENT + "for _ in range(30): client.tags.list()",
    "B3, 2 pages": CLIENT
    + "for _ in range(2):\n    for one in client.conversations.livechat(page=1).page(1).items: one.extra",
    "a window": CLIENT + EXPORT + 'start="2026-01-01", end="2026-01-01")',
    "a night": CLIENT + EXPORT + 'since_last=True, end="2026-01-06")',
}


def instructions(program: str) -> int:
    """Return the instructions of a program in a new process."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-c", program]
    environment = {**ENVIRONMENT, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, env=environment)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        raise RuntimeError(done.stderr[-2000:])
    return int(found[1])


def count() -> dict[str, int]:
    """Return the instructions of every program; each runs once before, for its bytecode and its files."""
    found = {}
    with server("--pages", "100") as url, tempfile.TemporaryDirectory() as home:
        for name, text in PROGRAMS.items():
            program = text.format(url=url, home=home)
            if name != "a night":
                subprocess.run([sys.executable, "-c", program], check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
                shutil.rmtree(f"{home}/out", ignore_errors=True)
            found[name] = instructions(program)
            print(f"{name}: {found[name]:,} instructions", flush=True)
    return found


def main(arguments: list[str]) -> int:
    if shutil.which("valgrind") is None:
        print("NOT MEASURED: valgrind is not installed (Debian's package valgrind)")
        return 0
    place = f"CPython {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    known = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    found = count()
    if arguments == ["--write"]:
        BASELINE.write_text(json.dumps({"with": place, "instructions": found}, indent=1) + "\n", encoding="utf-8")
        return 0
    if known.get("with") != place:
        print(f"NOT COMPARED: the baseline is of {known.get('with')}, this is {place}; renew it with -- --write")
        return 0
    more = {name: most / known["instructions"][name] - 1 for name, most in found.items()}
    print("\n".join(f"{name}: {share:+.1%}" for name, share in more.items()))
    return int(max(more.values()) > LIMIT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
