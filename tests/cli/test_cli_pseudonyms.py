"""``alive5 export --pseudonymise``: pseudonyms from the command line, and samples compared with their key."""

from __future__ import annotations

import json
from pathlib import Path

from support.cli import manifest, run_here

from alive5 import open_export

BEGUN = ["--sandbox", "export", "out", "-q", "--start", "2026-01-01", "--end", "2026-01-10"]
HIDDEN = ["--pseudonymise", "phones,names", "--pseudonymise", "emails", "--pseudonym-key", "key"]


def test_an_export_and_a_sample(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.chdir(tmp_path)  # type: ignore[attr-defined]
    plan = run_here("--json", *BEGUN, "--dry-run", *HIDDEN)
    assert json.loads(plan.stdout)["data"]["job"]["pseudonyms"].startswith("names,phones,emails ")
    assert [] == list(tmp_path.iterdir())
    assert 0 == run_here(*BEGUN, *HIDDEN).returncode
    assert manifest(tmp_path / "out")["job"]["pseudonyms"].startswith("names,phones,emails ")
    phones = {row["contacts_phone"] for row in open_export("out").conversations()} - {None}
    assert phones
    assert all(phone.startswith("phone_") for phone in phones)
    sampled = run_here("--sandbox", "verify", "out", "--sample", "2", "--pseudonym-key", "key")
    assert 0 == sampled.returncode, sampled.stderr
    refused = run_here("--sandbox", "verify", "out", "--sample", "2")
    assert (2, True) == (refused.returncode, "give the pseudonym key it was made with" in refused.stderr)
    found = run_here("find", "out", "--phone", "+12025550123")
    assert (3, True) == (found.returncode, "the export holds pseudonyms" in found.stderr)


def test_what_is_refused(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.chdir(tmp_path)  # type: ignore[attr-defined]
    for words, why in (
        (["--pseudonymise", "names"], "pseudonym_key is needed with pseudonymise"),
        (["--pseudonymise", "ages", "--pseudonym-key", "key"], "pseudonymise must name some of"),
        (["--pseudonymise", "names", "--pseudonym-key", "out/key"], "must lie outside of the export"),
    ):
        given = run_here(*BEGUN, *words)
        assert (2, True) == (given.returncode, why in given.stderr), given.stderr
    assert [] == list(tmp_path.iterdir())
