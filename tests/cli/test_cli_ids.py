"""Ids that are kept for a shell: which, where, for whom, and nothing of a person."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from support.cli import Terminal, run_here, run_on_terminal

from alive5.cli._ids import VARIABLE, forget, recall, remember
from alive5.sandbox import Sandbox

LISTINGS = [
    ["sms", "lines"],
    ["channels", "list"],
    ["conversations", "sms", "--start", "2026-03-20"],
    ["conversations", "livechat", "--max-items", "9"],
    ["contacts", "list"],
    ["users", "list"],
    ["webhooks", "sms", "list", "--line", "+12025550100"],
]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CACHE_HOME": str(tmp_path), VARIABLE: "1"}


def show(environ: dict[str, str], found: dict[Any, Any]) -> None:
    """
    Keep what a terminal showed.
    """
    with redirect_stdout(Terminal()):
        remember(environ, found, sandbox=False)


def kept(environ: dict[str, str]) -> Path:
    return Path(environ["XDG_CACHE_HOME"]) / "alive5" / "ids.json"


@pytest.mark.promise("D3")
def test_nothing_of_a_person_is_kept(environ: dict[str, str]) -> None:
    """
    After every listing on a terminal: ids, and the names of channels and agents, which are the account's own.
    """
    for arguments in LISTINGS:
        assert 0 == run_on_terminal("--sandbox", *arguments, **environ).returncode
    found = json.loads(kept(environ).read_text())["sandbox"]
    with Sandbox().client() as client:
        channels = {one.channel_id: one.channel_label for one in client.channels.list()}
        agents = {one.user_id: one.screen_name for each in client.channels.list() for one in each.agents}
        ids = {one.id for one in client.conversations.livechat().list(max_items=9)}
    assert {"channels", "agents", "conversations", "webhooks"} >= found.keys()
    assert {**channels, "channel-line-1": ""} == dict(found["channels"])
    assert agents == dict(found["agents"])
    assert {""} == {name for _, name in found["conversations"]}
    assert ids == {one for one, _ in found["conversations"]}


@pytest.mark.promise("D5")
def test_it_is_for_its_owner_alone(environ: dict[str, str], tmp_path: Path) -> None:
    run_on_terminal("--sandbox", "channels", "list", **environ)
    assert (0o700, 0o600) == (kept(environ).parent.stat().st_mode & 0o777, kept(environ).stat().st_mode & 0o777)
    assert ["ids.json"] == [one.name for one in kept(environ).parent.iterdir()]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("{}")
    kept(environ).unlink()
    kept(environ).symlink_to(elsewhere)
    assert [] == recall(environ, "channels", sandbox=True)
    run_on_terminal("--sandbox", "channels", "list", **environ)
    assert ("{}", False) == (elsewhere.read_text(), kept(environ).is_symlink())


@pytest.mark.parametrize("how", [["--json"], []])
def test_a_pipe_leaves_nothing_behind(how: list[str], environ: dict[str, str]) -> None:
    assert 0 == run_here("--sandbox", "channels", "list", *how, **environ).returncode
    if how:
        run_on_terminal("--sandbox", "channels", "list", *how, **environ)
    assert not kept(environ).exists()


@pytest.mark.parametrize("word", ["0", "false", "NO", "off"])
def test_who_wants_nothing_kept_has_nothing_kept(word: str, environ: dict[str, str]) -> None:
    run_on_terminal("--sandbox", "channels", "list", **environ)
    assert recall(environ, "channels", sandbox=True)
    assert [] == recall({**environ, VARIABLE: word}, "channels", sandbox=True)
    run_on_terminal("--sandbox", "tags", "list", **{**environ, VARIABLE: word})
    run_on_terminal("--sandbox", "channels", "list", **{**environ, VARIABLE: word})
    assert not kept(environ).exists()


# An id or a name of a channel as anybody of the account may have written it, and what a shell may see of it.
WRITTEN = [
    ("c-1", "Support", ("c-1", "Support")),
    ("c-1", None, ("c-1", "")),
    (None, "Support", None),
    ("", "Support", None),
    ("c 1", "Support", None),
    ("-c", "Support", None),
    ("$(reboot)", "", None),
    ("c'1", "", None),
    ("c:1", "", None),
    ("x" * 65, "", None),
    ("ana@example.com", "", None),
    ("+12025550123", "", None),
    ("12025550123", "", None),
    ("c-1", "\\$(reboot)`id`';\"\n\x1b[2J|&<>*?~#!", ("c-1", "reboot id 2J")),
    ("c-1", "Zoë  健太", ("c-1", "Zoë 健太")),
    ("c-1", "ana@example.com", ("c-1", "")),
    ("c-1", "Line +1 (202) 555-0123", ("c-1", "")),
    ("c-1", "y" * 99, ("c-1", "y" * 40)),
]


@pytest.mark.parametrize(("one", "name", "seen"), WRITTEN)
def test_what_a_shell_could_run_or_a_person_owns_is_not_kept(
    one: str | None, name: str | None, seen: tuple[str, str] | None, environ: dict[str, str]
) -> None:
    show(environ, {"channels": [(one, name)]})
    assert ([] if seen is None else [seen]) == recall(environ, "channels", sandbox=False)
    assert ([] if seen is None else [[*seen]]) == json.loads(kept(environ).read_text())["service"]["channels"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"7", b'{"service": 1}', b'{"service": {"channels": 1}}', b'{"service": {"channels": [1]}}',
        b'{"service": {"channels": [["$(reboot)", "x"]]}}', b'{"service": {"channels": [["a", "b", "c"]]}}',
        b"\xff\xfe", b"[" * 100_000, b" " * (1 << 20),
    ],
)  # fmt: skip
def test_a_file_of_another_making_is_no_failure(content: bytes, environ: dict[str, str]) -> None:
    kept(environ).parent.mkdir()
    kept(environ).write_bytes(content)
    assert [] == recall(environ, "channels", sandbox=False)
    show(environ, {"channels": [("c-1", "")]})


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs a directory nobody can write")
@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null"])
def test_a_home_that_cannot_be_written_is_no_failure(home: str, environ: dict[str, str]) -> None:
    shown = run_on_terminal("--sandbox", "channels", "list", **{**environ, "XDG_CACHE_HOME": home})
    assert (0, True) == (shown.returncode, "channel-support" in shown.stdout)


def test_a_relative_directory_of_caches_is_ignored(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path / "home")
    monkeypatch.setattr("sys.platform", "linux")
    show({**environ, "XDG_CACHE_HOME": "caches"}, {"channels": [("c-1", "")]})
    assert [tmp_path / "home/.cache/alive5/ids.json"] == [*tmp_path.rglob("*.json")]


def test_of_a_long_listing_the_last_are_kept(environ: dict[str, str]) -> None:
    show(environ, {"conversations": [(f"c-{number}", "") for number in range(250)]})
    assert [(f"c-{number}", "") for number in range(50, 250)] == recall(environ, "conversations", sandbox=False)


def test_each_sort_is_that_of_its_last_listing(environ: dict[str, str]) -> None:
    show(environ, {"channels": [("a", "")], "agents": [("b", "")]})
    show(environ, {"channels": [("c", "")]})
    assert [("c", "")] == recall(environ, "channels", sandbox=False)
    assert [("b", "")] == recall(environ, "agents", sandbox=False)
    assert [] == recall(environ, "channels", sandbox=True)
    forget(environ)
    assert [] == recall(environ, "agents", sandbox=False)


def test_who_is_forgotten_leaves_no_id_behind(environ: dict[str, str], tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    assert 0 == run_here("--sandbox", "export", out, "--start", "2026-03-25", "--quiet").returncode
    with Sandbox().client() as client:
        phone = next(one.contact.phone or "" for one in client.conversations.sms(start="2026-03-26"))
    run_on_terminal("find", out, "--phone", phone, **environ)
    assert recall(environ, "conversations", sandbox=False)
    assert 0 == run_here("forget", out, "--phone", phone, "--dry-run", **environ).returncode
    assert kept(environ).exists()
    assert 0 == run_here("forget", out, "--phone", phone, "--yes", **environ).returncode
    assert not kept(environ).exists()
