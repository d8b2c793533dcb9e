"""An export that may open few files: one line says so, with a documented exit code, and it goes on later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.cli import HARD, QUARTER, command, digests, environment, served
from support.counts import Seeded, count

from alive5.sandbox import Sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
# Below, Python cannot read its own modules; above, an export of these formats has enough.
_LEAST, _MOST = 5, 24


@pytest.mark.timeout(900)
def test_too_few_files_are_said_in_a_line(tmp_path: Path) -> None:
    seeded = Seeded.from_environment()
    arguments = [str(tmp_path / "out"), *QUARTER, "--format", "csv,sqlite,jsonl", "--quiet", "--timeout", "2"]
    with served(Sandbox(livechat=60, sms=20, fbm=10)) as reach:
        for limit in sorted({5, 12, *(seeded.randint(_LEAST, _MOST) for _ in range(count(ci=1, full=20)))}):
            ran = subprocess.run(
                ["bash", "-c", f'ulimit -n {limit}; exec "$@"', "-", *command("export", *arguments)],
                env=environment(**reach), capture_output=True, text=True, timeout=HARD, check=False,
            )  # fmt: skip
            said = ran.stderr.splitlines()
            assert "Traceback" not in ran.stderr, limit
            assert (ran.returncode, len(said)) in ((0, 0), (1, 1), (3, 1)), (limit, ran.stderr)
        last = subprocess.run(
            command("export", *arguments), env=environment(**reach), timeout=HARD, check=False, capture_output=True
        )
    assert 0 == last.returncode
    assert digests(tmp_path / "out")
