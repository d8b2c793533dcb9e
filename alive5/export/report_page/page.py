"""The page itself: figures and rows in, one file of HTML out."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import attrs

from ..._zones import show_at
from ...models._times import read_text
from ..dataset.extras import need
from ..dataset.manifest import Manifest
from ..dataset.replacing import replacing
from ..insight.periods import volume_of
from ..insight.summary import Summary
from ..insight.transcript import ExportedConversation
from ..report import GRADES
from .cards import FORMULAS, cards_of
from .charts import DAYS, HIGH, WIDE, columns_of, label_of, week_of
from .tables import groups_of, repeats_of, responses_of, tags_of
from .transcripts import fitting
from .words import KINDS, exact, number

# Sentences about what went wrong, which are ours; the rest are counted.
_ANOMALIES: Final = 5


@attrs.frozen(repr=False)
class ReportPage:
    """
    A page about an export: ``html`` is the whole of it, and needs nothing else.

    ``transcripts`` of ``wanted`` are on it. A notebook shows it.
    """

    html: str
    transcripts: int = 0
    wanted: int = 0

    def write(self, path: str | os.PathLike[str]) -> Path:
        """
        Write the page into a file for the user alone, which is there only when it is whole; an older one is replaced.
        """
        target = Path(path)
        with replacing(target) as file:
            file.write(self.html.encode())
        return target

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, which reaches nothing of the notebook around it."""
        scripts = ' sandbox="allow-scripts"' if self.transcripts else ' sandbox=""'
        inner = str(need("markupsafe", "report").escape(self.html))
        return (
            f'<iframe title="Report of an export"{scripts} width="100%" height="900" style="border:0" '
            f'srcdoc="{inner}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<ReportPage bytes={len(self.html.encode())} transcripts={self.transcripts}>"


def page_of(
    manifest: Manifest,
    summary: Summary,
    *,
    hours: str | None,
    chats: Iterable[ExportedConversation] = (),
    wanted: int = 0,
) -> ReportPage:
    """
    Return the page of an export's figures and, where there are any, transcripts.
    """
    environment = _environment()
    drawn = list(fitting(chats, summary.zone, environment.get_template("transcript.html").module.transcript))
    style, script = (_source(name) for name in ("report.css", "search.js"))
    html = environment.get_template("report.html").render(
        **_facts(manifest, summary),
        **_parts(summary, with_hours=hours is not None),
        hours=hours,
        drawn=drawn,
        wanted=wanted,
        style=style,
        style_hash=_hash(style),
        script=script if drawn else "",
        script_hash=_hash(script),
    )
    return ReportPage(html, len(drawn), wanted)


def _facts(manifest: Manifest, summary: Summary) -> Mapping[str, Any]:
    grade = str(manifest.grades.get("grade"))
    oldest = min((read for value in manifest.as_of.values() if (read := _time(value))), default=None)
    return {
        "grade": grade,
        "meaning": GRADES.get(grade),
        "as_of": show_at(oldest, summary.zone),
        "complete": manifest.complete,
        "sandbox": manifest.sandbox,
        "anomalies": manifest.anomalies[:_ANOMALIES],
        "more_anomalies": max(0, len(manifest.anomalies) - _ANOMALIES),
        "first": manifest.job.get("first"),
        "last": manifest.job.get("last"),
        "version": manifest.generator.get("version", ""),
        "zone": str(summary.zone),
    }


def _parts(summary: Summary, *, with_hours: bool) -> Mapping[str, Any]:
    kinds = {kind: name for kind, name in KINDS.items() if summary.kinds[kind]}
    volume = volume_of(summary.days)
    cards = cards_of(summary, with_hours=with_hours)
    left_out = {*([] if with_hours else [name for name in FORMULAS if "business hours" in name])}
    return {
        "cards": cards,
        "formulas": {name: formula for name, formula in FORMULAS.items() if name not in left_out},
        "kinds": kinds,
        "by_kind": summary.kinds,
        "volume": volume,
        "columns": columns_of(volume, kinds),
        "label_of": label_of,
        "size": (WIDE, HIGH),
        "days": DAYS,
        "week": week_of(summary.hours),
        "undated": summary.undated,
        "responses": responses_of(summary.waits, with_hours=with_hours),
        "groups": {
            "Channels": groups_of(summary.channels, "no channel"),
            "People": groups_of(summary.people, "nobody"),
        },
        "tags": tags_of(summary),
        "repeats": repeats_of(summary),
        "without_contact": summary.without_contact,
        "with_hours": with_hours,
        "number": number,
        "exact": exact,
    }


def _environment() -> Any:
    jinja2 = need("jinja2", "report")
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _source(name: str) -> str:
    return files(__name__.rpartition(".")[0]).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _time(value: str | None) -> datetime | None:
    return None if value is None else read_text(value)
