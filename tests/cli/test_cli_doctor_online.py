"""``alive5 doctor --online``: each fact against what the sandbox was told."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.cli import KEY, Fake, Ran, envelope, run_here, served

from alive5.sandbox import Sandbox

MOST = 40
Making = Callable[..., Sandbox]
Facts = dict[tuple[int, str], str]


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> Making:
    """Make the sandbox that --sandbox uses."""

    def make(**options: Any) -> Sandbox:
        made = Sandbox(**options)
        monkeypatch.setattr("alive5.sandbox.Sandbox", lambda: made)
        return made

    return make


def online(*arguments: str, **env: str) -> tuple[Ran, dict[str, Any]]:
    ran = run_here("doctor", "--online", "--json", *(arguments or ("--sandbox",)), **env)
    return ran, json.loads(ran.stdout)["data"].get("online", {})


def facts_of(document: dict[str, Any]) -> Facts:
    return {(fact["fact"], fact["about"]): fact["answer"] for fact in document["facts"]}


def examined(sandbox: Sandbox) -> tuple[Facts, dict[str, Any]]:
    ran, document = online()
    assert 0 == ran.returncode, ran.stderr
    assert document["requests"] == len(sandbox.requests) <= MOST
    assert {"GET"} == {request.method for request in sandbox.requests}
    assert [] == sandbox.deliveries
    assert {*range(1, 13)} == {fact["fact"] for fact in document["facts"]}
    assert all(fact["why"] for fact in document["facts"] if fact["answer"] == "not shown")
    assert all(fact["probe"] for fact in document["facts"])
    return facts_of(document), document


USUAL: Facts = {
    (1, "documented sms"): "yes",
    (1, "documented fbm"): "yes",
    (1, "documented livechat"): "yes",
    (2, "current sms"): "yes",
    (2, "current fbm"): "yes",
    (2, "current livechat"): "yes",
    (3, "documented sms"): "yes",
    (3, "documented livechat"): "yes",
    (4, "current sms"): "yes",
    (4, "current livechat"): "yes",
    (5, "documented sms"): "day",
    (5, "current sms"): "day",
    (5, "current livechat"): "day",
    (6, "documented livechat"): "1",
    (6, "current livechat"): "0",
    (7, "documented sms"): "no pages",
    (7, "current sms"): "1",
    (8, "documented sms"): "no",
    (8, "documented livechat"): "yes",
    (8, "current sms"): "yes",
    (9, "documented livechat"): "200 or more",
    (9, "current sms"): "200 or more",
    (10, "current messages"): "yes",
    (11, "current sms"): "yes",
    (11, "current livechat"): "yes",
    (12, "documented sms"): "flat, Items",
    (12, "documented fbm"): "flat, Items",
    (12, "documented livechat"): "flat, Items",
    (12, "current sms"): "flat, Items",
    (12, "current fbm"): "flat, Items",
    (12, "current livechat"): "threads, Items",
    (12, "current messages"): "flat, Items",
}


def test_the_usual_sandbox(making: Making) -> None:
    found, document = examined(making())
    assert found == USUAL
    assert ("documented", 'use edition="documented"') == (document["edition"], document["verdict"])


QUIRKS: list[tuple[dict[str, Any], str, Facts]] = [
    (
        {"ignored_window": "documented"},
        "current",
        {(3, "documented sms"): "no", (3, "documented livechat"): "yes", (4, "current sms"): "yes"},
    ),
    (
        {"ignored_window": "all"},
        "documented",
        {(3, "documented sms"): "no", (4, "current sms"): "no", (4, "current livechat"): "no"},
    ),
    ({"ignored_window": "hyphenated"}, "documented", {(3, "documented sms"): "yes"}),
    (
        {"end_date": "boundary"},
        "documented",
        dict.fromkeys(((5, "documented sms"), (5, "current sms"), (5, "current livechat")), "boundary at midnight"),
    ),
    (
        {"end_date": "boundary", "host_zone": "-5:00"},
        "documented",
        {(5, "current sms"): "boundary at midnight", (5, "current livechat"): "boundary at midnight"},
    ),
    ({"host_zone": "-5:00"}, "documented", {(5, "current sms"): "day", (5, "current livechat"): "day"}),
    ({"page_base": 0}, "documented", {(6, "documented livechat"): "0", (6, "current livechat"): "0"}),
    (
        {"page_base": 0, "sms_fbm_pages": 10},
        "documented",
        {(7, "documented sms"): "0", (7, "current sms"): "1"},
    ),
    ({"page_zero": "first"}, "documented", {(6, "documented livechat"): "1", (7, "current sms"): "1"}),
    ({"page_zero": "refused"}, "documented", {(6, "documented livechat"): "1", (7, "current sms"): "1"}),
    ({"page_zero": "server_error"}, "documented", {(6, "documented livechat"): "not shown"}),
    ({"ignored_page": True, "page_zero": "first"}, "documented", {(7, "current sms"): "not shown"}),
    ({"require_pages": True}, "documented", {(8, "documented sms"): "yes", (8, "current sms"): "yes"}),
    ({"require_pages": False}, "documented", {(8, "current sms"): "no"}),
    ({"clamped_limit": 60}, "documented", {(9, "documented livechat"): "60", (9, "current sms"): "60"}),
    (
        {"ignored_limit": 30},
        "documented",
        {(9, "documented livechat"): "limit is ignored: 30 rows a page"},
    ),
    ({"list_key": "bare", "metadata": "none"}, "documented", {(12, "current sms"): "flat, a bare list"}),
    ({"list_key": "by_id"}, "documented", {(12, "documented livechat"): "flat, Items by key"}),
    ({"livechat_shape": "thread"}, "documented", {(12, "documented livechat"): "threads, Items"}),
    ({"unknown_list": "rows"}, "", {(1, "documented sms"): "no", (2, "current sms"): "no"}),
    ({"empty": "http_404"}, "documented", {(3, "documented sms"): "yes", (11, "current sms"): "yes"}),
    ({"times": "iso", "numbers": "text"}, "documented", {(5, "current sms"): "day"}),
    ({"refusals": "http_400"}, "documented", {(8, "current sms"): "yes"}),
]


@pytest.mark.parametrize(("quirks", "edition", "told"), QUIRKS, ids=lambda value: str(value)[:50])
def test_a_quirk_shows_as_it_was_told(making: Making, quirks: dict[str, Any], edition: str, told: Facts) -> None:
    sandbox = making(**quirks)
    ran, document = online()
    assert (0 if edition else 4) == ran.returncode, ran.stderr
    found = facts_of(document)
    assert {key: found[key] for key in told} == told
    assert (edition or None) == document["edition"]
    assert document["requests"] == len(sandbox.requests) <= MOST


def test_a_service_of_the_documented_edition_alone(making: Making) -> None:
    found, document = examined(making(edition="documented"))
    assert "documented" == document["edition"]
    assert ("yes", "no", "no") == (
        found[1, "documented livechat"], found[2, "current livechat"], found[10, "current messages"],
    )  # fmt: skip
    assert "no" == found[11, "current sms"]


def test_a_service_of_the_current_edition_alone(making: Making) -> None:
    found, document = examined(making(edition="current"))
    assert "current" == document["edition"]
    assert ("no", "yes", "yes") == (
        found[1, "documented livechat"], found[2, "current livechat"], found[10, "current messages"],
    )  # fmt: skip


def test_an_account_without_rows_shows_only_what_answers(making: Making) -> None:
    found, document = examined(making(livechat=0, sms=0, fbm=0))
    assert "documented" == document["edition"]
    assert {"not shown"} == {found[key] for key in found if key[0] in (3, 4, 5, 6, 9, 11)}
    assert "yes" == found[8, "current sms"]


def test_a_few_rows_are_no_proof_of_a_cap(making: Making) -> None:
    found, _ = examined(making(livechat=9, sms=7, fbm=3))
    assert ("not shown", "not shown") == (found[9, "documented livechat"], found[9, "current sms"])


@pytest.mark.parametrize("fault", ["server_error_before", "rate_limited", "reset_after", "garbage", "html"])
def test_no_more_requests_than_promised_when_all_fail(making: Making, fault: str) -> None:
    sandbox = making()
    sandbox.fail(fault, times=None, retry_after=0) if fault == "rate_limited" else sandbox.fail(fault, times=None)
    ran, document = online()
    assert 4 == ran.returncode
    assert document["requests"] == len(sandbox.requests) <= MOST
    assert document["edition"] is None


def test_faults_by_chance_cost_no_more(making: Making) -> None:
    for seed in range(8):
        sandbox = making(seed=seed, faults={"rate": 0.4, "names": ["server_error_before", "reset_after"]})
        ran, document = online()
        assert ran.returncode in (0, 4)
        assert document["requests"] == len(sandbox.requests) <= MOST


def test_a_refused_key_ends_it_at_once() -> None:
    fake = Fake(lambda _: (400, envelope(None, 400).replace(b'"error": null', b'"error": "Invalid token"')))
    with fake.serving() as env:
        ran, document = online("--json", **env)
    assert (5, {}, 1) == (ran.returncode, document, len(fake.seen))
    assert KEY not in ran.stdout + ran.stderr


def test_a_key_refused_by_all_but_the_account() -> None:
    refused = envelope(None, 400).replace(b'"error": null', b'"error": "Invalid token"')
    fake = Fake(lambda path: (200, envelope({"org_name": "x"})) if path == "/account" else (400, refused))
    with fake.serving() as env:
        ran, document = online("--json", **env)
    assert (5, None) == (ran.returncode, document["edition"])


def test_a_url_without_a_version_has_no_current_edition() -> None:
    with Fake(lambda _: (200, envelope([]))).serving() as env:
        ran, document = online("--json", **{**env, "ALIVE5_BASE_URL": env["ALIVE5_BASE_URL"].partition("/public")[0]})
    assert (0, "documented") == (ran.returncode, document["edition"])
    assert "not shown" == facts_of(document)[2, "current sms"]


def test_over_a_socket() -> None:
    with served(Sandbox(livechat=300, sms=120, fbm=40)) as env:
        ran, document = online("--json", **env)
    assert (0, "documented") == (ran.returncode, document["edition"])
    assert KEY not in ran.stdout + ran.stderr


def test_people_get_a_table_and_a_verdict() -> None:
    ran = run_here("doctor", "--online", "--sandbox", COLUMNS="140")
    assert 0 == ran.returncode
    assert ran.stdout.splitlines()[-1].startswith('verdict: use edition="documented" (')
    assert "livechat: pages 0 and 1" in ran.stdout
    assert "livechat: pages 0 and 1" not in run_here("doctor", "--online", "--sandbox", COLUMNS="80").stdout


@pytest.mark.parametrize(
    "arguments",
    [["--online", "--offline"], ["--anonymous", "shapes.json"], ["--online", "--anonymous", "nowhere/at/all.json"]],
    ids=" ".join,
)
def test_options_that_do_not_go_together(arguments: list[str]) -> None:
    assert 2 == run_here("doctor", "--sandbox", *arguments).returncode


def test_the_page_shows_what_is_printed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "editions.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```console\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    command, *lines = block.splitlines()
    ran = run_here(*command.split()[2:], COLUMNS="100")
    assert [] == [line for line in lines if line not in ("...", *ran.stdout.splitlines())]


CANARY = "canary-5f2e grace@example.com +12025550147"


def texts_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {text for inner in value.values() for text in texts_in(inner)}
    if isinstance(value, list):
        return {text for inner in value for text in texts_in(inner)}
    return {str(value)} if isinstance(value, (str, int, float)) and not isinstance(value, bool) else set()


def keys_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for inner in value.values() for key in keys_in(inner))}
    return {key for inner in value for key in keys_in(inner)} if isinstance(value, list) else set()


@pytest.mark.parametrize("list_key", ["Items", "by_id"])
def test_the_shapes_hold_no_value(making: Making, tmp_path: Path, list_key: Any) -> None:
    sandbox = making(livechat=120, sms=80, fbm=20, list_key=list_key, secrets=True, api_key=KEY, odd_values=0.3)
    rows = [row for kind in ("sms", "livechat", "fbm") for row in sandbox.conversations(kind)]
    last = sandbox.conversations("sms")[-1]
    odd = {"Grace Hopper": 1, "+12025550147": CANARY, "grace_hopper": {"canary_5f2e": 2}, CANARY: [CANARY]}
    sandbox.change("sms", last["alive5_sessionID"], contacts_notes=CANARY, contacts_first_name="Grace Hopper", **odd)
    file = tmp_path / "shapes.json"
    file.write_text("before")
    file.chmod(0o644)
    ran, document = online("--sandbox", "--anonymous", str(file))
    assert 0 == ran.returncode, ran.stderr
    text = file.read_text(encoding="utf-8")
    found = json.loads(text)
    assert document["facts"] == found["facts"]
    values = {value for value in texts_in(rows) if len(value) > 6}
    assert [] == [value for value in values if value in json.dumps(found["shapes"])]
    assert [] == [word for word in ("canary", "grace", "Grace", "5550", KEY, "test_secret") if word in text]
    assert (list_key == "by_id") == ("<key>" in found["shapes"]["conversations.livechat documented"]["Items"])
    assert texts_in(found["shapes"]) <= {
        " | ".join(sorted(some)) for some in powerset(("boolean", "digits", "integer", "null", "number", "text"))
    }
    assert [file] == [*tmp_path.iterdir()]
    if sys.platform != "win32":
        assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def powerset(names: tuple[str, ...]) -> list[list[str]]:
    return [[name for at, name in enumerate(names) if bits >> at & 1] for bits in range(1, 1 << len(names))]


def test_the_shapes_keep_the_names_of_the_wire(making: Making, tmp_path: Path) -> None:
    sandbox = making(livechat=60, sms=60, fbm=20)
    last = sandbox.conversations("sms")[-1]
    sandbox.change("sms", last["alive5_sessionID"], sentiment_score=0.5, **{"1f00-aa": {"2f": 3}})
    file = tmp_path / "shapes.json"
    assert 0 == online("--sandbox", "--anonymous", str(file))[0].returncode
    shapes = json.loads(file.read_bytes())["shapes"]
    (row,) = shapes["conversations.sms documented"]["Items"]
    assert ("text", "number", {"<key>": "integer"}) == (row["alive5_sessionID"], row["sentiment_score?"], row["<key>"])
    (thread,) = shapes["conversations.livechat current"]["Items"]
    assert "integer" == thread["threadData"]["thread_start_chat"]
    assert {"conversations.messages current", "conversations.fbm current"} <= {*shapes}
    assert "account.get" not in json.dumps(shapes)


def test_a_file_that_cannot_be_written_leaves_nothing(making: Making, tmp_path: Path) -> None:
    making(livechat=9, sms=9, fbm=9)
    (tmp_path / "shapes.json").mkdir()
    assert 2 == run_here("doctor", "--sandbox", "--online", "--anonymous", str(tmp_path / "shapes.json")).returncode
    os.rmdir(tmp_path / "shapes.json")
    assert [] == [*tmp_path.iterdir()]
