"""
Resolves the package for every Python and platform with pip alone, no source built, and writes ``PLATFORMS.md``.

What needs a wheel and has none is named. pip reads the markers of dependencies for the Python and the system it runs
on, so that what only another one needs is not seen. ``matrix.py --quick`` leaves the extras out.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

HERE = Path(__file__).parent
PAGE = HERE / "PLATFORMS.md"
PROJECT = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.14t", "3.15", "3.15t")
PLATFORMS = {
    "manylinux 2.17": ("manylinux2014_x86_64", "manylinux_2_17_x86_64"),
    "manylinux 2.28": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
    "musl": ("musllinux_1_1_x86_64", "musllinux_1_2_x86_64"),
    "macOS": ("macosx_11_0_arm64",),
    "Windows": ("win_amd64",),
}
MODES = ("highest", "lowest", "--pre")
LOWEST = re.compile(r"(?:<\d+,)?>=([^,\s]+)")  # a requirement sorts its bounds
USUAL = "manylinux 2.28"  # extras are tried there alone: three hundred more resolutions tell nothing new


class Case(NamedTuple):
    """One resolution."""

    what: str
    python: str
    platform: str
    mode: str

    @property
    def requirements(self) -> list[str]:
        extras = PROJECT["optional-dependencies"]
        lines = map(Requirement, PROJECT["dependencies"] if self.what == "alive5" else extras[self.what])
        there = {"python_version": self.python.rstrip("t")}
        plain = [str(line).partition(";")[0] for line in lines if line.marker is None or line.marker.evaluate(there)]
        return [LOWEST.sub(r"==\1", line) for line in plain] if self.mode == "lowest" else plain

    def resolve(self) -> str:
        """Return "yes", or what has no wheel."""
        version, abi = self.python.rstrip("t"), f"cp{self.python.replace('.', '')}"
        plain = ["--python-version", version, "--implementation", "cp", "--abi", abi]
        plain += ["--abi", "none"] if self.python.endswith("t") else ["--abi", "abi3", "--abi", "none"]
        places = [part for place in PLATFORMS[self.platform] for part in ("--platform", place)]
        options = ["--pre"] if self.mode == "--pre" else []
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--only-binary=:all:"]
            command += ["--target", folder, *plain, *places, *options, *self.requirements]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
            except subprocess.TimeoutExpired:
                return "not found out in five minutes"
        if done.returncode == 0:
            return "yes"
        missing = re.findall(r"No matching distribution found for (\S+)", done.stderr)
        return f"no: {missing[0]}" if missing else "no: versions conflict"


def cases(quick: bool) -> list[Case]:
    base = [Case("alive5", python, place, mode) for mode in MODES for python in PYTHONS for place in PLATFORMS]
    extras = [Case(extra, python, USUAL, "highest") for extra in PROJECT["optional-dependencies"] for python in PYTHONS]
    return base if quick else base + extras


def table(found: dict[Case, str]) -> str:
    lines = [f"| | {' | '.join(PYTHONS)} |", "|---" * (len(PYTHONS) + 1) + "|"]
    for what, platform, mode in dict.fromkeys((case.what, case.platform, case.mode) for case in found):
        cells = [found[Case(what, python, platform, mode)] for python in PYTHONS]
        lines.append(f"| {what}, {platform}, {mode} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    wanted = cases("--quick" in arguments)
    with ThreadPoolExecutor(8) as pool:
        found = dict(zip(wanted, pool.map(Case.resolve, wanted), strict=True))
    PAGE.write_text(
        f"""# Pythons and platforms

Written by `nox -s matrix`: what pip resolves without building anything; "t" is a free-threaded Python. "lowest" takes
the lowest version of each dependency the package declares for a Python. Extras stand alone, with their own
dependencies, of which some have no wheels yet.

{table(found)}
""",
        encoding="utf-8",
    )
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
