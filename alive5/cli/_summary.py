"""Summaries of an export, of its plan, and of its verification."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

import attrs

from ..export.compare import Samples
from ..export.preview import KindPreview, Preview
from ..export.read.verify import Check, VerifyReport
from ..export.report import GRADES, ExportReport
from ._output import Output
from ._tables import Column, show_rows, show_values

_SHOWN = 10
_WINDOWS = {
    "A": "proven (A)", "B": "clean (B)", "C": "doubtful (C)",
    "open": "open, to be read again", "failed": "failed", "todo": "to do",
}  # fmt: skip

_KINDS: tuple[Column[tuple[str, Mapping[str, int]]], ...] = (
    Column(title="Kind", cell=lambda row: row[0]),
    Column(title="Conversations", cell=lambda row: row[1].get("conversations", 0), right=True),
    Column(title="Messages", cell=lambda row: row[1].get("messages", 0), right=True),
)
_PLAN: tuple[Column[KindPreview], ...] = (
    Column(title="Kind", cell=lambda row: row.kind),
    Column(title="Days", cell=lambda row: f"{row.days:.0f} of {row.all_days:.0f}", right=True),
    Column(title="Windows", cell=lambda row: row.windows, right=True),
    Column(title="Conversations", cell=lambda row: f"~{row.conversations:,}", right=True),
    Column(title="Requests", cell=lambda row: f"~{row.requests:,}", right=True),
    Column(title="Dates", cell=lambda row: "ignored" if row.dates_ignored else "honoured"),
    Column(title="First page", cell=lambda row: row.habits.base, spare=3, right=True),
    Column(title="Pages", cell=lambda row: _known(row.habits.paged), spare=2),
    Column(title="Largest answer", cell=lambda row: row.habits.cap, spare=1, right=True),
)
_CHECKS: tuple[Column[Check], ...] = (
    Column(title="Check", cell=lambda check: check.name),
    Column(title="", cell=lambda check: {True: "ok", False: "FAILED", None: "not checked"}[check.ok]),
    Column(title="Detail", cell=lambda check: check.detail, whole=True),
)


def show_report(out: Output, report: ExportReport, zone: tzinfo | None) -> None:
    """
    Show the report of an export.
    """
    total = {
        name: sum(counts.get(name, 0) for counts in report.counts.values()) for name in ("conversations", "messages")
    }
    rows = [*report.counts.items(), *([("all", total)] if len(report.counts) > 1 else [])]
    show_rows(out.console, _KINDS, rows, zone)
    out.text("")
    size = sum(_size(Path(report.path, name)) for name in report.files)
    windows = ", ".join(f"{count:,} {_WINDOWS.get(name, name)}" for name, count in report.windows.items() if count)
    as_of = min((moment for moment in report.as_of.values() if moment), default="not known")
    facts = {
        "Windows": windows or "none",
        "As of": f"{as_of}, the oldest reading{_swept(report)}",
        "Grade": f"{report.grade}: {GRADES[report.grade]}; {report.required} is required",
        "Anomalies": f"{len(report.anomalies):,}" if report.anomalies else "none",
        "Files": f"{len(report.files):,} ({_bytes(size)}), listed in {Path(report.path, 'MANIFEST.json')}",
    }
    show_values(out.console, facts, zone)
    _show_some(out, report.anomalies)
    if report.exit_code == 0:
        out.text("")
        show_values(out.console, _next(report.path), zone)


def _next(path: str) -> dict[str, str]:
    """Return what to do with an export that is there."""
    here = shlex.quote(path)
    return {
        "Read it": f"any tool reads the files; in Python: alive5.open_export({path!r})",
        "Verify it": f"alive5 verify {here}",
        "Every night": f"alive5 export {here} --since-last --quiet",
    }


def show_preview(out: Output, plan: Preview, zone: tzinfo | None) -> None:
    """
    Show the plan of an export.
    """
    show_rows(out.console, _PLAN, plan.kinds, zone)
    out.text("")
    facts = {
        "Period": f"{plan.job['first']} to {plan.job['last'] or 'the time of each run'}",
        "Directory": f"{plan.path} ({'resumes the export there' if plan.resumes else 'new'})",
        "Probes made": f"{plan.probes:,} requests",
        "Estimated": f"{plan.requests:,} requests, {_time(plan.seconds)}, {_bytes(plan.bytes)} on disk",
    }
    show_values(out.console, facts, zone)
    out.say("dry run: nothing was written")


def show_verified(out: Output, report: VerifyReport, zone: tzinfo | None) -> None:
    """
    Show the result of verifying the files.
    """
    show_rows(out.console, _CHECKS, report.checks, zone)
    out.text(f"\n{_verdict(report)}.")


def show_samples(out: Output, samples: Samples) -> None:
    """
    Show the comparison of an export with the service.
    """
    drawn = f"{samples.windows:,} of {samples.of:,} windows read again (seed {samples.seed})"
    counts = f"{samples.missing:,} missing, {samples.extra:,} extra, {samples.changed:,} changed"
    out.text(f"{drawn}: {samples.compared:,} conversations compared, {counts}.")
    if samples.at_most == 0:
        out.text("Every finished window was compared.")
    elif samples.at_most is not None:
        rest = f"at most {samples.unseen:,} of all {samples.of:,} do ({samples.at_most:.1%})"
        out.text(f"None of these differs. So, with 95 % confidence, {rest}; a larger sample says more.")
    said = []
    for one in samples.differences:
        facts = attrs.asdict(one)
        said.append(f"{one.kind} {one.window}: {_counted(facts)} ({', '.join(one.ids)})")
    _show_some(out, said)


def _verdict(report: VerifyReport) -> str:
    rows = "".join(f", {count:,} {table}" for found in [*report.rows.values()][:1] for table, count in found.items())
    if report.ok:
        return f"Sound: {report.files:,} files{rows}"
    if report.damaged:
        return f"Damaged: {report.damaged:,} of {report.files:,} files"
    failed = ", ".join(check.name for check in report.checks if check.ok is False)
    return f"Not sound: {failed}" + (f"; {report.files:,} files{rows}" if report.files else "")


def _swept(report: ExportReport) -> str:
    runs = max((runs or 0 for runs in report.sweep_runs.values()), default=0)
    return f"; all is read again in {runs:,} runs" if runs > 1 else ""


def _show_some(out: Output, sentences: Iterable[str]) -> None:
    found = [*sentences]
    for sentence in found[:_SHOWN]:
        out.text(f"  {sentence}")
    if len(found) > _SHOWN:
        out.text(f"  and {len(found) - _SHOWN:,} more; --json shows all")


def _counted(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{facts[name]} {name}" for name in ("missing", "extra", "changed") if facts[name])


def _known(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "not known"}[value]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _bytes(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(seconds, 1):.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"
