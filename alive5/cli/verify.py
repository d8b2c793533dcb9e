"""``alive5 verify``: whether an export on disk is sound, and agrees with the service."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Annotated, Any

import typer

from ..export.compare import Samples, compare
from ..export.read.verify import VerifyReport
from ..export.verify import verify
from ._command import command
from ._exits import LISTING, ExitCode
from ._session import Session
from ._shapes import Facts, extended
from ._stoppable import run_stoppable
from ._summary import show_samples, show_verified

Directory = Annotated[
    Path,
    typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Directory of the export.", show_default=False),
]
Sample = Annotated[
    int | None,
    typer.Option("--sample", metavar="N", min=1, help="Also read N windows again and compare.", show_default=False),
]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", help="Draw the windows another run drew.", show_default=False)
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--pseudonym-key", metavar="FILE", help="The key of its pseudonyms, for --sample.", dir_okay=False),
]

_CONNECTIONS = 8
_DRAWN_FROM = 1 << 32


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    samples = extended(Samples, ok=bool, at_most=float | None)
    found = extended(VerifyReport, ok=bool, samples={"anyOf": [samples, {"type": "null"}]})
    facts = Facts(shape=found, exits=(*LISTING, ExitCode.RESUMABLE, ExitCode.LOCKED))
    command(parent, "verify", examples="alive5 verify out/\nalive5 verify out/ --sample 200", gives=facts)(check)


def check(
    session: Session, directory: Directory, *, sample: Sample = None, seed: Seed = None, pseudonym_key: KeyFile = None
) -> int:
    """
    Verify an export.

    Digests, rows and keys are checked from the files alone. --sample also
    reads finished windows again, with other bounds, and compares. Exit codes:
    0 sound, 1 damaged, 4 the samples differ.
    """
    report = verify(directory)
    samples = None
    if sample is not None and report.ok:
        drawn = random.randrange(_DRAWN_FROM) if seed is None else seed
        samples = _compare(session, directory, count=sample, seed=drawn, pseudonym_key=pseudonym_key)
    if session.json:
        found = {**report.to_dict(), "samples": None if samples is None else samples.to_dict()}
        session.document("verify", found)
    else:
        show_verified(session.out, report, session.zone)
        if samples is not None:
            show_samples(session.out, samples)
    return _judge(report, samples)


def _compare(session: Session, directory: Path, **how: Any) -> Samples:
    async def main() -> Samples:
        async with session.async_client(session.note, connections=_CONNECTIONS) as client:
            return await compare(client._caller, directory, **how)

    return run_stoppable(session, main)


def _judge(report: VerifyReport, samples: Samples | None) -> int:
    if not report.ok:
        return ExitCode.FAILED
    return ExitCode.DONE if samples is None or samples.ok else ExitCode.INCOMPLETE
