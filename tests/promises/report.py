"""
Tries the promises at full counts, one after the other, and writes ``docs/promises.md``.

What was measured is kept beside this file, so it may be stopped and run again,
and only what is missing is run, or a shard of another state of package and
tests. ``--again`` runs it anew, ``--before`` what was measured before a day.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from support.promises import SENTENCES, Run, load, path, save, table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "promises.md"
CACHE = Path(__file__).parent / "measured"
PACKAGES = ("alive5", "httpx", "httpcore", "anyio", "trio")
_MARK = re.compile(r"mark\.promise\(([^)]*)\)")


def main(arguments: list[str]) -> int:
    """
    Run what was asked for and is missing, then write the page; gives the number of promises that failed.
    """
    options = _parser().parse_args(arguments)
    chosen = options.only.split(",") if options.only else list(SENTENCES)
    failed = 0
    for promise in chosen:
        kept = path(options.cache, promise, options.shard)
        if not options.again and _is_kept(kept, options.before, options.tests):
            continue
        run = measure(promise, options.shard, options.tests, options.cache)
        if run is not None:
            save(options.cache, run)
            failed += bool(run.failed)
            print(f"{promise}: {len(run.tests)} tests, {run.failed} failed", flush=True)  # noqa: T201
    found = [load(options.cache, promise) for promise in SENTENCES]
    options.page.parent.mkdir(exist_ok=True)
    options.page.write_text(table(run for run in found if run is not None))
    return failed


def measure(promise: str, shard: str, tests: Path, cache: Path) -> Run | None:
    """
    Run the tests of a promise at full count; None when it has none.
    """
    files = files_of(promise, tests)
    if not files:
        return None
    cache.mkdir(parents=True, exist_ok=True)
    out = cache / f"{promise}.{shard.replace('/', '-of-')}.tests"
    out.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-m", "promise", "-p", "support.collector", "--show-capture=no"]
    command += ["--promise", promise, "--promise-shard", shard, "--promise-out", str(out), "-o", "timeout=7200"]
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    subprocess.run(
        [*command, *map(str, files)],
        cwd=tests.parent,
        check=False,
        env={**os.environ, "ALIVE5_FULL": "1", "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )
    if not out.exists():
        return None
    run = Run(
        promise=promise,
        sentence=SENTENCES[promise],
        shard=shard,
        tests=_read(out),
        versions=versions(),
        date=_now(),
        state=state_of(files),
    )
    out.unlink()
    return run


def files_of(promise: str, tests: Path) -> list[Path]:
    """
    Find the test files that name a promise.
    """
    return [
        file
        for file in sorted(tests.rglob("test_*.py"))
        if any(f'"{promise}"' in mark for mark in _MARK.findall(file.read_text()))
    ]


def state_of(files: Iterable[Path]) -> str:
    """
    Return a digest of the package, of what its tests share, and of a promise's test files.
    """
    digest, shared = hashlib.sha256(), (ROOT / "alive5", ROOT / "tests" / "support")
    for file in [*(file for folder in shared for file in sorted(folder.rglob("*.py"))), *files]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def versions() -> dict[str, str]:
    """
    Return what the measuring was done with.
    """
    own = {"Python": platform.python_version(), platform.system(): f"{os.cpu_count()} cores"}
    return {**own, **{name: version(name) for name in PACKAGES}}


def _is_kept(kept: Path, before: str, tests: Path) -> bool:
    """Whether a run stands: for the sentence of now, not older than a day, and a shard of the state of now."""
    if not kept.exists():
        return False
    run = Run(**json.loads(kept.read_text()))
    is_current = run.shard == "1/1" or run.state == state_of(files_of(run.promise, tests))
    return is_current and run.sentence == SENTENCES[run.promise] and run.date[:10] >= before


def _read(out: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(out.read_text())
    return found


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s promises --")
    parser.add_argument("--only", metavar="S1,S2", help="these promises alone")
    parser.add_argument("--shard", default="1/1", metavar="1/4", help="every fourth test, starting with the first")
    parser.add_argument("--again", action="store_true", help="run what was measured before, too")
    parser.add_argument("--before", default="", metavar="2026-11-26", help="run what was measured before that day, too")
    parser.add_argument("--cache", type=Path, default=CACHE, help="the folder results are kept in")
    parser.add_argument("--tests", type=Path, default=ROOT / "tests", help="the folder of the tests")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write")
    return parser


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
