"""The commands in process, against the sandbox."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any

import pytest
from support.cli import Ran, run_here

from alive5 import __version__
from alive5.sandbox import Sandbox

SEND = [
    "sms", "send", "--from", "+1 (202) 555-0100", "--to", "+12025550123", "--message", "Hello",
    "--channel-id", "channel-line-1", "--user-id", "agent-maria",
]  # fmt: skip
PUSH = ["sms", "push", "--from", "+12025550123", "--to", "+12025550100", "--message", "Are you open?"]
WRITES: dict[str, list[str]] = {
    "sms.send": SEND,
    "sms.push": PUSH,
    "tags.create": ["tags", "create", "--name", "vip", "--email", "maria@example.com"],
    "channels.create": ["channels", "create", "--channel-name", "Returns"],
    "agents.create": [
        "agents", "create", "--email", "new@example.com", "--screenname", "New", "--role", "agent",
        "--channels", "channel-support", "--channels", "channel-sales",
    ],
    "faq.create_category": ["faq", "create-category", "--title", "Shipping", "--channel", "channel-support"],
    "faq.create_article": ["faq", "create-article", "--title", "Where", "--content", "There", "--category", "Shipping"],
    "widgets.create": [
        "widgets", "create", "--widget-name", "Shop", "--widget-type", "chat", "--botname", "Bot",
        "--access-channels", "channel-support", "--channel-id", "channel-support", "--short-code", "12345",
    ],
    "botchains.create": [
        "botchains", "create", "--botchain-name", "Welcome", "--bot-type", "chat", "--widget-id", "w-1",
        "--channel-id", "channel-support",
    ],
}  # fmt: skip
READS: dict[str, list[str]] = {
    "account.get": ["account"],
    "conversations.summary": ["conversations", "summary", "--start", "2026-01-01"],
}
LISTS: dict[str, list[str]] = {
    "tags.list": ["tags", "list"],
    "channels.list": ["channels", "list"],
    "sms.lines": ["sms", "lines"],
}


def document(result: Ran) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The sandbox that --sandbox uses."""
    made = Sandbox()
    monkeypatch.setattr("alive5.sandbox.Sandbox", lambda: made)
    return made


@pytest.mark.parametrize(("operation", "arguments"), READS.items())
def test_reads_give_one_document(operation: str, arguments: list[str]) -> None:
    result = run_here("--sandbox", *arguments, "--json")
    assert 0 == result.returncode, result.stderr
    found = document(result)
    assert (1, operation, True) == (found["schema"], found["operation"], found["sandbox"])
    assert found["data"]


@pytest.mark.parametrize(("operation", "arguments"), LISTS.items())
def test_lists_give_lines_as_listings_do(operation: str, arguments: list[str]) -> None:
    result = run_here("--sandbox", *arguments, "--json")
    assert 0 == result.returncode, result.stderr
    with Sandbox().client() as client:
        rows = attrgetter(operation)(client)()
    assert [row.to_dict() for row in rows] == [json.loads(line) for line in result.stdout.splitlines()]
    assert rows


@pytest.mark.parametrize("kind", ["sms", "livechat", "fbm"])
def test_listings_give_lines(kind: str) -> None:
    window = {"start": "2026-02-01", "end": "2026-02-28"}
    result = run_here("conversations", kind, "--sandbox", "--json", "--start", window["start"], "--end", window["end"])
    assert 0 == result.returncode
    with Sandbox().client() as client:
        rows = getattr(client.conversations, kind)(**window).list()
    assert [{"kind": kind, **row.to_dict()} for row in rows] == [
        json.loads(line) for line in result.stdout.splitlines()
    ]
    assert rows


@pytest.mark.parametrize(("operation", "arguments"), WRITES.items())
def test_writes_happen_once_and_say_so(operation: str, arguments: list[str], sandbox: Sandbox) -> None:
    result = run_here("--sandbox", *arguments, "--json")
    assert 0 == result.returncode, result.stderr
    assert (operation, True) == (document(result)["operation"], document(result)["sandbox"])
    assert [operation] == [delivery.operation for delivery in sandbox.deliveries]


@pytest.mark.parametrize(("operation", "arguments"), WRITES.items())
def test_a_dry_run_shows_the_request_that_would_be_sent(operation: str, arguments: list[str], sandbox: Sandbox) -> None:
    org = [] if operation.startswith("sms.") else ["--org-name", "Sandbox Ltd"]
    shown = document(run_here("--sandbox", *arguments, *org, "--dry-run", "--json"))
    assert ([], []) == (sandbox.requests, sandbox.deliveries)
    assert (operation, True) == (shown["operation"], shown["dry_run"])
    assert 0 == run_here("--sandbox", *arguments, *org).returncode
    sent = sandbox.requests[-1]
    assert (sent.method, sent.path) == (shown["data"]["method"], shown["data"]["path"])
    assert sandbox.deliveries[-1].arguments == shown["data"]["body"]


@pytest.mark.parametrize("text", ["¿Sí? 🙂", "a\r\nb\n", " \n--alive5\r\n\r\nx", "From me\r=3D"])
def test_a_dry_run_shows_a_text_as_it_is_sent(text: str, sandbox: Sandbox) -> None:
    arguments = [text if before == "--message" else now for before, now in zip(["", *SEND[:-1]], SEND, strict=True)]
    shown = document(run_here("--sandbox", *arguments, "--dry-run", "--json"))["data"]
    assert shown["headers"]["Content-Type"].startswith("multipart/form-data; boundary=")
    assert text == shown["body"]["message"]
    assert 0 == run_here("--sandbox", *arguments).returncode
    assert shown["body"] == sandbox.deliveries[-1].arguments


def test_a_dry_run_needs_no_key_and_shows_none() -> None:
    bare = run_here(*SEND, "--dry-run")
    assert 0 == bare.returncode
    assert "POST https://api.alive5.com/public/1.0/conversations/sms/send" == bare.stdout.splitlines()[0]
    keyed = run_here(*SEND, "--dry-run", "--json", ALIVE5_API_KEY="test_key_dry_run")
    assert "test_key_dry_run" not in keyed.stdout + keyed.stderr
    assert not [name for name in document(keyed)["data"]["headers"] if "apikey" in name.lower()]


def test_a_dry_run_says_that_the_organisation_is_looked_up() -> None:
    shown = document(run_here(*WRITES["tags.create"], "--dry-run", "--json"))
    assert "(looked up with GET /account)" == shown["data"]["body"]["org_name"]


@pytest.mark.parametrize("dry", [["--dry-run"], ["--yes"], []])
def test_bad_arguments_are_refused_alike(dry: list[str]) -> None:
    result = run_here("sms", "push", "--from", "123", "--to", "+12025550100", "--message", "x", *dry, "--json")
    assert 2 == result.returncode
    error = json.loads(result.stderr.splitlines()[-1])
    assert ("InvalidArgumentError", "phone_number_from") == (error["error"], error["argument"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--sandbox", "--json", "conversations", "summary"],
        ["conversations", "--sandbox", "--json", "summary"],
        ["conversations", "summary", "--sandbox", "--json"],
        ["--sandbox", "conversations", "--json", "summary"],
        ["--no-sandbox", "conversations", "summary", "--sandbox", "--json"],
    ],
)
def test_global_options_stand_anywhere(arguments: list[str]) -> None:
    result = run_here(*arguments)
    assert 0 == result.returncode, result.stderr
    assert document(result)["sandbox"] is True


@pytest.mark.parametrize(("value", "code"), [("1", 0), ("true", 0), ("0", 2), ("", 2), ("maybe", 2)])
def test_the_environment_chooses_the_sandbox(value: str, code: int) -> None:
    assert code == run_here("tags", "list", ALIVE5_SANDBOX=value).returncode


def test_no_sandbox_wins_over_the_environment() -> None:
    result = run_here("tags", "list", "--no-sandbox", ALIVE5_SANDBOX="1")
    assert 2 == result.returncode
    assert "ALIVE5_API_KEY" in result.stderr


def test_the_banner_stands_on_stderr() -> None:
    result = run_here("--sandbox", "account", "--json")
    assert "SANDBOX" in result.stderr
    assert "SANDBOX:" not in result.stdout


def test_the_sandbox_and_a_base_url_exclude_each_other() -> None:
    result = run_here("--sandbox", "account", "--base-url", "https://api.example.com")
    assert (2, True) == (result.returncode, "--base-url" in result.stderr)


def test_the_sandbox_needs_nothing_of_the_real_configuration() -> None:
    result = run_here("--sandbox", "account", ALIVE5_BASE_URL="ftp://nowhere", ALIVE5_API_KEY="not a key")
    assert 0 == result.returncode


def test_the_account_key_is_masked() -> None:
    shown, lines = run_here("--sandbox", "account"), run_here("--sandbox", "account", "--json")
    assert "***" == document(lines)["data"]["api_key"]
    assert "test_sandbox_key" not in shown.stdout + shown.stderr + lines.stdout + lines.stderr
    assert "***" in shown.stdout


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_tables_fit(width: int) -> None:
    for arguments in (["conversations", "livechat", "--max-items", "40"], *READS.values(), *LISTS.values()):
        result = run_here("--sandbox", *arguments, COLUMNS=str(width))
        assert 0 == result.returncode
        assert max(len(line) for line in result.stdout.splitlines()) <= width


def test_wide_tables_hold_more() -> None:
    listing = ["--sandbox", "conversations", "livechat", "--max-items", "9"]
    narrow, wide = (run_here(*listing, COLUMNS=width).stdout.splitlines()[0].split() for width in ("80", "200"))
    assert ["Started", "Contact", "Msgs", "Id"] == narrow
    assert ["Started", "Length", "Contact", "Phone", "E-mail", "Place", "Channel", "Agent", "Msgs", "Id"] == wide


def test_times_are_shown_in_the_zone_asked_for() -> None:
    day = ["conversations", "livechat", "--start", "2026-03-31T15:51:00Z", "--end", "2026-03-31T15:52:00Z"]
    tokyo = run_here("--sandbox", *day, "--tz", "Asia/Tokyo")
    assert "2026-04-01 00:51" == tokyo.stdout.splitlines()[1][:16]
    assert "Asia/Tokyo" in tokyo.stdout


def test_an_unknown_zone_is_refused() -> None:
    assert 2 == run_here("--sandbox", "tags", "list", "--tz", "Mars/Olympus").returncode


def test_max_items_stops_reading(sandbox: Sandbox) -> None:
    result = run_here("--sandbox", "conversations", "livechat", "--limit", "10", "--max-items", "15", "--json")
    assert 15 == len(result.stdout.splitlines())
    assert len(sandbox.requests) <= 5


@pytest.mark.parametrize("value", ["0", "-1", "x"])
def test_max_items_is_checked(value: str) -> None:
    assert 2 == run_here("--sandbox", "conversations", "sms", "--max-items", value).returncode


def test_version_also_as_an_option_among_others() -> None:
    assert f"alive5 {__version__}\n" == run_here("--sandbox", "--version").stdout


@pytest.mark.parametrize("arguments", [[], ["conversations"], ["tags"]])
def test_a_group_alone_shows_its_help(arguments: list[str]) -> None:
    result = run_here(*arguments)
    assert (2, True) == (result.returncode, "Usage: " in result.stdout)


@pytest.mark.parametrize(
    "arguments", [[], *[line[:2] for line in WRITES.values()], ["account"], ["doctor"], ["sandbox"]]
)
def test_help_fits_80_columns_save_for_examples(arguments: list[str]) -> None:
    result = run_here(*arguments, "--help", COLUMNS="80")
    assert 0 == result.returncode
    assert max(len(line) for line in result.stdout.partition("Examples:")[0].splitlines()) <= 80
