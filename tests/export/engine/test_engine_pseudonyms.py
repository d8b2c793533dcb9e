"""Exports of pseudonyms: nothing of a person is in the directory, and all that compares them goes on as before."""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.counts import Seeded, count, measured
from support.exporting import DAY_MS, FIRST_MS, JANUARY, digests, export, tried
from support.people import Planted, planted
from support.render import FORMATS

from alive5 import ConfigurationError, ExportError, OtherJobError, open_export
from alive5.export.compare import compare
from alive5.export.disk.files import Disk
from alive5.export.plan.request import Request
from alive5.export.preview import preview
from alive5.export.pseudonym_key import with_pseudonyms
from alive5.export.read.measured import METRICS
from alive5.export.rows.compression import unpack
from alive5.export.rows.pseudonyms import SORTS
from alive5.export.state.directory import peek
from alive5.sandbox import Sandbox

AGENT = "Agenta Marfabet"
SAME = (  # figures that do not name anybody
    "kind", "session_id", "channel_id", "channel_name", "tags", "started", "weekday", "hour", "duration_seconds",
    "n_messages", "from_customer", "from_agents", "from_bots", "from_unknown", "undated", "waits",
    "first_response_seconds", "later_response_median_seconds", "later_response_longest_seconds", "unanswered",
    "returning_contact",
)  # fmt: skip
NAMED = ("assigned_to", "agents", "answered_by", "contact_key")


def world(rng: random.Random, people: Iterable[Planted], *, agents: bool = True, **quirks: Any) -> Sandbox:
    """
    Return a sandbox with the conversations of people planted in it, beside those of others.

    With *agents* some people's numbers and addresses stand where an agent's name does.
    """
    sandbox = Sandbox(seed=rng.randrange(1000), **{"livechat": 30, "sms": 30, "fbm": 15, **quirks})
    for kind, row in planted(rng, people)[0]:
        own = {"agent_id": "agent-77", "assigned_to": AGENT}
        values = {**own, **row} if agents else {**row, **own}
        if values["assigned_to"] == AGENT:
            values["chat_conversation"][1]["created_by"] = AGENT
        if rng.random() < 0.5:
            values["chat_conversation"][0]["created_by"] = row.get("contacts_phone") or row.get("contacts_email")
        sandbox.add(kind, **values)
    return sandbox


def hidden(directory: Path, *sorts: str, key: str = "key") -> dict[str, Any]:
    """Return the options of an export of pseudonyms, whose key lies beside its directory."""
    return {"pseudonymise": sorts or SORTS, "pseudonym_key": directory.parent / key}


def contents(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file as it is, and what is compressed in it, also that of the state."""
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
            if path.suffix == ".gz":
                yield path.name, gzip.decompress(path.read_bytes())
    with peek(directory) as held:
        assert held is not None
        for number, packed in held[0]._asked.each("SELECT id, packed FROM block"):
            yield f"block {number}", unpack(packed)
    for table in ("conversations", "messages"):
        reader = open_export(directory)
        for row in getattr(reader, table)():
            yield table, json.dumps(row, default=str, ensure_ascii=False).encode()


def planted_in(directory: Path, people: Iterable[Planted], *more: str) -> list[str]:
    """Return where something of people is, in any spelling."""
    gap = r"[ ().\-]{0,3}"
    said = [one.mark for one in people] + [one.email for one in people] + list(more)
    numbers = [gap.join(one.phone[2:]) for one in people]
    pattern = re.compile("|".join([*map(re.escape, said), *numbers]).encode(), re.IGNORECASE)
    return [name for name, content in contents(directory) if pattern.search(content)]


@pytest.mark.promise("D7")
@pytest.mark.timeout(1800)
def test_nothing_of_anybody_is_in_any_byte(tmp_path: Path) -> None:
    rng = Seeded.from_environment()
    for number in range(count(ci=1, full=20)):
        out = tmp_path / f"{number}" / "out"
        out.parent.mkdir()
        people = [Planted.numbered(rng.randrange(9000)) for _ in range(3)]
        sandbox = world(rng, people, edition=rng.choice(["documented", "current"]))
        assert export(sandbox, out, formats=FORMATS, **hidden(out)).complete
        for row in sandbox.conversations("sms")[:9]:
            said = {"created_at": row["start_time"] + 9_000, "created_by": AGENT, "message_content": people[0].mark}
            sandbox.change("sms", row["alive5_sessionID"], chat_conversation=[*row["chat_conversation"], said])
        export(sandbox, out, start=None, end=None, since_last=True, sweep="all", **hidden(out))
        assert 9 <= sum(row["n_messages"] for row in open_export(out).conversations())
        assert [] == planted_in(out, people, *AGENT.split(), "agent-77")
        list(open_export(out).search("text"))
        assert [] == planted_in(out, people, *AGENT.split())


def test_the_look_at_every_byte_finds_what_is_there(tmp_path: Path) -> None:
    people = [Planted.numbered(7)]
    sandbox, out = world(random.Random(1), people), tmp_path / "out"
    export(sandbox, out, formats=("sqlite", "jsonl"))
    found = planted_in(out, people)
    assert {"conversations", "messages"} < set(found)
    assert any(name.endswith(".gz") for name in found)
    assert any(name.startswith("block") for name in found)
    assert any(name.endswith(".sqlite") for name in found)


@pytest.mark.promise("I4")
@pytest.mark.timeout(1800)
def test_figures_are_those_of_the_people(tmp_path: Path) -> None:
    rng, compared = Seeded.from_environment(), 0
    for number in range(count(ci=2, full=30)):
        sandbox = world(rng, [Planted.numbered(rng.randrange(9000)) for _ in range(3)], agents=False)
        plain, other = tmp_path / f"plain{number}", tmp_path / f"other{number}"
        export(sandbox, plain)
        export(sandbox, other, **hidden(other))
        theirs = {(row.kind, row.session_id): row for row in open_export(plain).metrics(hours="mon-fri 9-17")}
        ours = {(row.kind, row.session_id): row for row in open_export(other).metrics(hours="mon-fri 9-17")}
        assert theirs.keys() == ours.keys()
        for place, row in theirs.items():
            assert {name: getattr(row, name) for name in SAME} == {name: getattr(ours[place], name) for name in SAME}
        for name in NAMED:  # whoever is one stays one, and two stay two
            pairs = {(repr(getattr(row, name)), repr(getattr(ours[place], name))) for place, row in theirs.items()}
            assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}), name
        compared += len(theirs)
    measured(conversations=compared)
    assert set(METRICS.names) == {*SAME, *NAMED, "in_business_hours", "first_response_business_seconds"}


def test_the_same_person_is_the_same_in_kinds_runs_and_directories(tmp_path: Path) -> None:
    sandbox = Sandbox(seed=1, livechat=0, sms=0, fbm=0)
    for at, (kind, phone) in enumerate(
        [("sms", "+12025550123"), ("fbm", "(202) 555-0123"), ("livechat", "12025550123")]
    ):
        sandbox.add(kind, start_time=FIRST_MS + at * DAY_MS, contacts_phone=phone, chat_conversation=[])
    export(sandbox, tmp_path / "one", **hidden(tmp_path / "one"))
    export(sandbox, tmp_path / "two", **hidden(tmp_path / "two", "phones"))
    export(sandbox, tmp_path / "three", **hidden(tmp_path / "three", key="another"))
    found = [
        {row["contacts_phone"] for row in open_export(tmp_path / name).conversations()}
        for name in ("one", "two", "three")
    ]
    assert [1, 1, 1] == [*map(len, found)]
    assert found[0] == found[1] != found[2]


def test_a_run_again_changes_nothing_and_asks_no_more(tmp_path: Path) -> None:
    """A row is compared with itself, and the feed's texts with those that are kept."""
    asked: dict[str, list[str]] = {}
    now_ms = FIRST_MS + 90 * DAY_MS
    for name in ("plain", "other"):
        sandbox, out = Sandbox(livechat=9, sms=9, fbm=9, edition="current"), tmp_path / name
        said = [{"created_at": at, "created_by": "Ana", "message_content": "Hi"} for at in (FIRST_MS, now_ms - 1000)]
        sandbox.add("sms", start_time=FIRST_MS + DAY_MS, end_time=FIRST_MS + 2 * DAY_MS, chat_conversation=said)
        options = {"clock": lambda: now_ms / 1000, "edition": "current", **(hidden(out) if name == "other" else {})}
        export(sandbox, out, **options)
        before, seen = digests(out), list[str]()
        sandbox.on_request = lambda one, seen=seen: seen.append(f"{one.operation} {sorted(one.query.items())}")
        export(sandbox, out, **{**options, "start": None, "end": None, "since_last": True, "sweep": "none"})
        assert before.items() <= digests(out).items()
        asked[name] = sorted(seen)
    assert asked["plain"] == asked["other"]
    assert any(one.startswith("conversations.messages") for one in asked["plain"])


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        ({}, {"pseudonymise": "names", "pseudonym_key": "key"}, "there is no such file"),
        ({"pseudonymise": "names", "pseudonym_key": "key"}, {}, r"pseudonyms: there names [0-9a-f]{16}, asked none"),
        (
            {"pseudonymise": "names", "pseudonym_key": "key"},
            {"pseudonymise": ["names", "texts"], "pseudonym_key": "key"},
            r"pseudonyms: there names [0-9a-f]{16}, asked names,texts [0-9a-f]{16}",
        ),
        (
            {"pseudonymise": "names", "pseudonym_key": "key"},
            {"pseudonymise": "names", "pseudonym_key": "other"},
            r"pseudonyms: there names [0-9a-f]{16}, asked names [0-9a-f]{16}",
        ),
        (
            {"pseudonymise": "names", "pseudonym_key": "key"},
            {"pseudonymise": "names", "pseudonym_key": "missing"},
            "missing: there is no such file, and .* was begun: give the pseudonym key it has",
        ),
    ],
)
@pytest.mark.parametrize("since_last", [False, True])
def test_a_directory_stays_what_it_was_begun_as(
    tmp_path: Path, first: dict[str, Any], then: dict[str, Any], why: str, since_last: bool
) -> None:
    sandbox, out = Sandbox(seed=4, livechat=9, sms=9, fbm=9), tmp_path / "out"
    (tmp_path / "other").write_text("x" * 40)
    paths = [
        {name: tmp_path / value if name == "pseudonym_key" else value for name, value in options.items()}
        for options in (first, then)
    ]
    export(sandbox, out, **paths[0])
    before = digests(out)
    later = {"start": None, "end": None, "since_last": True} if since_last else {}
    error = tried(sandbox, out, **paths[1], **later).error
    assert isinstance(error, (OtherJobError, ConfigurationError))
    assert re.search(why, str(error))
    assert before == digests(out)
    assert not (tmp_path / "missing").exists()


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    sandbox, out = Sandbox(seed=4, livechat=9, sms=9, fbm=9), tmp_path / "out"
    export(sandbox, out, **hidden(out))
    key = tmp_path / "key"
    assert 0o600 == stat.S_IMODE(key.stat().st_mode)
    made = key.read_bytes()
    assert re.fullmatch(rb"[0-9a-f]{64}\n", made)
    export(sandbox, out, **hidden(out))
    assert made == key.read_bytes()
    assert not [
        name for name, content in contents(out) if made.strip() in content or bytes.fromhex(made.decode()) in content
    ]


@pytest.mark.parametrize("name", ["out/key", "out/.alive5/key", "out/../out/key", "link/key"])
def test_a_key_inside_of_the_export_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "out")
    error = tried(Sandbox(), tmp_path / "out", pseudonymise="names", pseudonym_key=tmp_path / name).error
    assert "pseudonym_key must lie outside of the export" in str(error)
    assert [] == list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"pseudonymise": "names"}, "pseudonym_key is needed"),
        ({"pseudonym_key": "key"}, "pseudonym_key is of no use without pseudonymise"),
        ({"pseudonymise": "ages", "pseudonym_key": "key"}, "pseudonymise must name some of"),
        ({"pseudonymise": "names", "pseudonym_key": "none/key"}, "No such file"),
        ({"pseudonymise": "names", "pseudonym_key": "short"}, "a pseudonym key has 16 bytes at least"),
        ({"pseudonymise": "names", "pseudonym_key": "."}, "Is a directory"),
    ],
)
def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], why: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short").write_text("  123456789012345\n")
    assert why in str(tried(Sandbox(), tmp_path / "out", **options).error)
    assert not (tmp_path / "out").exists()


def test_a_disk_that_refuses_the_key_ends_the_export(tmp_path: Path) -> None:
    request = Request(directory=tmp_path / "out", **hidden(tmp_path / "out"))
    for number in range(1, 6):

        def before(at: int, name: str, path: Path, number: int = number) -> None:
            if at == number:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        disk = Disk(before)
        (tmp_path / "key").unlink(missing_ok=True)
        if number < 5:
            with pytest.raises(ConfigurationError, match="no space is left"):
                with_pseudonyms(request, disk)
    with_pseudonyms(request, disk)


def test_a_plan_makes_no_key(tmp_path: Path) -> None:
    async def main() -> None:
        async with Sandbox(seed=4).async_client() as client:
            plan = await preview(client._caller, directory=tmp_path / "out", **JANUARY, **hidden(tmp_path / "out"))
            assert plan.job["pseudonyms"].startswith("names,phones,emails,texts ")

    anyio.run(main)
    assert [] == list(tmp_path.iterdir())


def test_samples_are_compared_with_the_key(tmp_path: Path) -> None:
    sandbox, out = Sandbox(seed=4, livechat=40, sms=20, fbm=9), tmp_path / "out"
    export(sandbox, out, **hidden(out))
    (tmp_path / "other").write_text("x" * 40)

    def sampled(key: Path | None) -> Any:
        async def main() -> Any:
            async with sandbox.async_client() as client:
                return await compare(client._caller, out, count=9, seed=1, pseudonym_key=key)

        return anyio.run(main)

    found = sampled(tmp_path / "key")
    assert found.ok
    assert found.compared > 9
    for key, why in (
        (None, "give the pseudonym key it was made with"),
        (tmp_path / "other", "it is not the pseudonym key"),
    ):
        with pytest.raises(ConfigurationError, match=why):
            sampled(key)


def test_a_directory_that_lost_its_state_is_gone_on_with(tmp_path: Path) -> None:
    sandbox, out = Sandbox(seed=4, livechat=40, sms=20, fbm=9), tmp_path / "out"
    export(sandbox, out, **hidden(out))
    before = digests(out)
    for path in sorted((out / ".alive5").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (out / ".alive5").rmdir()
    assert isinstance(tried(sandbox, out).error, OtherJobError)
    export(sandbox, out, **hidden(out))
    assert before == digests(out)


def test_a_person_is_not_looked_for_among_pseudonyms(tmp_path: Path) -> None:
    """Nothing would be found, which would not be true."""
    export(Sandbox(seed=4, livechat=9, sms=9, fbm=9), tmp_path / "out", **hidden(tmp_path / "out", "texts"))
    with pytest.raises(ExportError, match="holds pseudonyms"):
        open_export(tmp_path / "out").find(phone="+12025550123")
