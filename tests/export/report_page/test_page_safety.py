"""A page holds what strangers wrote as text, loads nothing, and stays small."""

from __future__ import annotations

import html as markup
import re
import stat
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.render import export
from support.report_pages import HOSTILE, hashes, hostile_rows, seen

from alive5 import ConfigurationError, InvalidArgumentError, open_export
from alive5.export.insight.figures import ConversationMetrics
from alive5.export.insight.summary import Summary
from alive5.export.report_page import page as page_module
from alive5.export.report_page.page import page_of
from alive5.export.report_page.words import name_of, span

LOADING = {
    "src",
    "href",
    "srcset",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "ping",
    "style",
    "xlink:href",
}
TAGS = {
    "a", "img", "iframe", "link", "object", "embed", "base", "form", "audio", "video", "source", "foreignobject", "use",
    "image",
}  # fmt: skip


@pytest.fixture
def hostile(tmp_path: Path) -> Any:
    export(tmp_path / "out", hostile_rows(), "jsonl")
    return open_export(tmp_path / "out")


@pytest.mark.parametrize("transcripts", [0, 50])
def test_strangers_texts_run_and_load_nothing(hostile: Any, transcripts: int) -> None:
    page = hostile.report(hours="mon-fri 9-17", transcripts=transcripts)
    assert min(transcripts, len(HOSTILE)) == page.transcripts
    found = seen(page.html)
    tags = [tag for tag, _ in found.tags]
    assert TAGS.isdisjoint(tags)
    assert (1, bool(transcripts)) == (tags.count("style"), tags.count("script"))
    names = {name for _, attributes in found.tags for name in attributes}
    assert LOADING.isdisjoint(names)
    assert [name for name in names if name.startswith("on")] == []
    for _, attributes in found.tags:
        assert "window.ran" not in " ".join(value or "" for value in attributes.values())
    assert "</script><script>window.ran = 1</script>" in found.text  # it is there, and it is text
    assert "{{ 7 * 7 }}" in found.text
    assert page.html.encode().decode() == page.html
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", page.html)


def test_every_name_is_apart_from_the_text_around_it(hostile: Any) -> None:
    """A name that turns the direction of writing turns nothing but itself."""
    html = hostile.report(transcripts=50).html
    for found in re.finditer("\u202e", html):
        before = html[: found.start()]
        opened = max(before.rfind("<bdi>"), before.rfind('<p class="text" dir="auto">'))
        assert opened > max(before.rfind("</bdi>"), before.rfind("</p>"))


@pytest.mark.parametrize("transcripts", [0, 3])
def test_the_policy_names_what_is_in_the_page_and_nothing_else(hostile: Any, transcripts: int) -> None:
    html = hostile.report(transcripts=transcripts).html
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    wanted = ["default-src 'none'", f"style-src '{hashes(html, 'style')[0]}'"]
    wanted += [f"script-src '{hashes(html, 'script')[0]}'"] if transcripts else []
    assert [*wanted, "base-uri 'none'", "form-action 'none'"] == markup.unescape(policy).split("; ")


def figures(number: int) -> ConversationMetrics:
    names = [field.name for field in attrs.fields(ConversationMetrics)]
    long = f"{number} " + "\U0001f600" * 500
    started = datetime(1990 + number % 40, 1 + number % 12, 1, tzinfo=timezone.utc)
    known: dict[str, Any] = {
        **dict.fromkeys(names), "session_id": str(number), "kind": ("sms", "fbm", "livechat")[number % 3],
        **dict.fromkeys(("n_messages", "from_customer", "from_agents", "from_bots", "from_unknown", "undated"), 1),
        "agents": (), "tags": (long,), "channel_name": long, "assigned_to": long, "waits": 1, "started": started,
        "weekday": started.isoweekday(), "hour": number % 24, "first_response_seconds": float(number),
    }  # fmt: skip
    return ConversationMetrics(**known)


def test_a_page_is_small_at_any_size(hostile: Any, tmp_path: Path) -> None:
    summary = Summary()
    for number in range(5_000):
        summary.add(figures(number))
    page = page_of(hostile.manifest, summary, hours="mon-fri 9-17")
    assert len(page.html.encode()) < 150_000
    assert "4,980 others" in page.html
    (kind, row) = hostile_rows(1)[0]
    said = [{**message, "message_content": "&<" * 9_000} for message in row["chat_conversation"][:1]]
    many = [(kind, {**row, "alive5_sessionID": f"s{n}", "chat_conversation": said}) for n in range(120)]
    export(tmp_path / "many", many, "jsonl")
    full = open_export(tmp_path / "many").report(transcripts=120)
    assert 1_700_000 < len(full.html.encode()) < 2_000_000
    assert 0 < full.transcripts < 120
    assert f"The newest {full.transcripts} of up to 120 asked for" in full.html


def test_a_page_is_the_same_each_time(hostile: Any) -> None:
    one, other = (hostile.report(transcripts=9).html for _ in range(2))
    assert one == other


def test_the_newest_come_first_and_none_unless_asked(hostile: Any) -> None:
    assert "Transcripts" not in hostile.report().html
    page = hostile.report(transcripts=2)
    assert ["s11", "s10"] == re.findall(r"Session <bdi>(\w+)</bdi>", page.html)
    assert "2 transcripts: names and texts of people" in page.html
    assert "(90,000 more characters)" not in page.html
    assert "(96,000 more characters)" in page.html


def test_sides_are_those_of_the_figures(tmp_path: Path) -> None:
    """Who another conversation is assigned to, and who is named as an agent or a bot, is one in a transcript, too."""
    said = [{"created_at": 1_767_625_200_000, "created_by": who} for who in ("Ken", "Omar", "Robo", "visitor", "Eve")]
    rows = [
        ("sms", {"alive5_sessionID": name, "assigned_to": name, "chat_conversation": said if name == "Maria" else []})
        for name in ("Maria", "Ken")
    ]
    export(tmp_path, rows, "jsonl")
    page = open_export(tmp_path).report(transcripts=2, agents=["Omar"], bots=["Robo"])
    assert ["agent", "agent", "bot", "customer", "unknown"] == re.findall(r'<div class="said (\w+)">', page.html)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_the_ends_of_the_calendar_are_times_like_others(zone: str, tmp_path: Path) -> None:
    times = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", None]
    rows = [("sms", {"alive5_sessionID": f"s{n}", "start_time": time}) for n, time in enumerate(times)]
    export(tmp_path, rows, "jsonl")
    html = open_export(tmp_path).report(tz=zone, hours="22-6", transcripts=3).html
    assert ["9999", "1-01", "no t"] == [
        text.lstrip("0")[:4] for text in re.findall("<summary><span>([^<]*)</span>", html)
    ]
    assert "2 began before or after" in html or "1 began before or after" in html


@pytest.mark.parametrize("wanted", [-1, 2_001, True, "5", None])
def test_a_count_no_page_can_hold_is_refused(hostile: Any, wanted: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="transcripts must be a number from 0 to 2,000"):
        hostile.report(transcripts=wanted)


def test_a_file_is_private_and_whole(hostile: Any, tmp_path: Path) -> None:
    page = hostile.report()
    for _ in range(2):
        assert tmp_path / "page.html" == page.write(tmp_path / "page.html")
    assert page.html == (tmp_path / "page.html").read_text("utf-8")
    assert 0o600 == stat.S_IMODE((tmp_path / "page.html").stat().st_mode)
    assert ["out", "page.html"] == sorted(file.name for file in tmp_path.iterdir())
    assert repr(page).startswith("<ReportPage bytes=")


@pytest.mark.parametrize(("transcripts", "sandbox"), [(0, ""), (3, "allow-scripts")])
def test_a_notebook_shows_it_in_a_frame_of_its_own(hostile: Any, transcripts: int, sandbox: str) -> None:
    page = hostile.report(transcripts=transcripts)
    ((tag, attributes),) = seen(page._repr_html_()).tags
    assert ("iframe", sandbox, page.html) == (tag, attributes["sandbox"], attributes["srcdoc"])


def test_without_the_extra_it_says_what_to_install(hostile: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'alive5\[report\]'"):
        hostile.report()


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({}, ["The grade is not known.", "As of when is not known."]),
        (
            {"grades": {"grade": "C"}, "complete": False},
            ["Grade C: rows may be missing.", " <strong>It is not"],
        ),
        ({"sandbox": True}, [" <strong>From the sandbox: all of it is made up."]),
        ({"anomalies": ("<b>odd</b>",) * 7}, ["&lt;b&gt;odd&lt;/b&gt;", "and 2 more"]),
        ({"as_of": {"sms": None, "fbm": "2026-01-05T08:00:00Z"}}, ["As of 2026-01-05 08:00"]),
        ({"job": {"first": "2026-01-01", "last": None}}, ["Conversations of 2026-01-01 to now."]),
    ],
)
def test_the_banner_says_how_far_it_can_be_trusted(hostile: Any, facts: dict[str, Any], shown: list[str]) -> None:
    manifest = attrs.evolve(hostile.manifest, **{"grades": {}, "as_of": {}, "sandbox": False, **facts})
    html = page_of(manifest, Summary(), hours=None).html
    for text in shown:
        assert text in html


def test_words() -> None:
    assert ["-", "0 s", "89 s", "2 min", "90 min", "1.5 h", "47.9 h", "2.0 days"] == [
        span(seconds) for seconds in (None, 0, 89, 90, 5_399, 5_400, 172_400, 172_800)
    ]
    assert ["nobody", "a b", "x" * 79 + "…"] == [name_of(text, "nobody") for text in (" ", " a\n b", "x" * 81)]


def test_what_the_page_is_made_of_is_in_the_package() -> None:
    for name in ("report.html", "transcript.html", "report.css", "search.js"):
        assert page_module._source(name)
