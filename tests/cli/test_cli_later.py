"""The commands of contacts, users, messages, reports and webhooks, against the sandbox."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any

import pytest
from support.cli import Ran, run_here

from alive5.sandbox import Sandbox

PERIOD = ["--start", "2026-02-01", "--end", "2026-02-14"]
PERSON = ["--email", "ada@example.com", "--first-name", "Ada", "--last-name", "King", "--phone", "+1 202 555 0123"]
LINE = ["--line", "+12025550100"]
URL = ["--url", "https://example.com/texts"]
READS = {
    "users.list": ["users", "list"],
    "reports.bots": ["reports", "bots", *PERIOD],
    "reports.free_text": ["reports", "free-text", *PERIOD],
    "reports.multiple_choice": ["reports", "multiple-choice", *PERIOD],
    "reports.faq": ["reports", "faq", *PERIOD, "--botflow", "Welcome"],
}
WRITES = {
    "contacts.create": ["contacts", "create", *PERSON, "--title", "Dr"],
    "contacts.update": ["contacts", "update", "--crm-id", "ID", "--tags", "vip", "--tags", "new"],
    "webhooks.sms.register": ["webhooks", "sms", "register", *LINE, *URL],
    "webhooks.sms.delete": ["webhooks", "sms", "delete", *LINE, "--id", "ID"],
}


def document(result: Ran) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The sandbox that --sandbox uses."""
    made = Sandbox(livechat=200, sms=60, fbm=20)
    monkeypatch.setattr("alive5.sandbox.Sandbox", lambda **_: made)
    return made


def arguments_of(operation: str, sandbox: Sandbox) -> list[str]:
    """
    Fill in the id of something there is.
    """
    with sandbox.client() as client:
        contact = client.contacts.list().first()
        hook = client.webhooks.sms.register(phone_number=LINE[1], url=URL[1])
    assert contact is not None
    known = contact.crm_id if operation == "contacts.update" else hook.interceptor_uuid
    return [known or "" if word == "ID" else word for word in WRITES[operation]]


def test_performance_is_a_document_or_two_tables(sandbox: Sandbox) -> None:
    asked = ["--sandbox", "reports", "performance", *PERIOD, "--timezone-offset", "-500"]
    assert document(run_here(*asked, "--json"))["data"]["channels_report"]
    assert len(run_here(*asked).stdout.splitlines()) > 2


@pytest.mark.parametrize(("operation", "arguments"), READS.items())
def test_reads_give_lines_or_a_table(operation: str, arguments: list[str], sandbox: Sandbox) -> None:
    shown = run_here("--sandbox", *arguments, "--json").stdout.splitlines()
    period = {"start": PERIOD[1], "end": PERIOD[3]} if "reports" in operation else {}
    with sandbox.client() as client:
        rows = attrgetter(operation)(client)(**period, **({"botflow": "Welcome"} if operation == "reports.faq" else {}))
    assert [row.to_dict() for row in rows] == [json.loads(line) for line in shown]
    assert rows
    table = run_here("--sandbox", *arguments)
    assert (0, True) == (table.returncode, len(table.stdout.splitlines()) > 1), table.stderr


def test_contacts_are_lines_or_a_table(sandbox: Sandbox) -> None:
    lines = run_here("--sandbox", "contacts", "list", "--json").stdout.splitlines()
    with sandbox.client() as client:
        assert [contact.to_dict() for contact in client.contacts.list()] == [json.loads(line) for line in lines]
    table = run_here("--sandbox", "contacts", "list", "--max-items", "1").stdout
    assert "1 contact;" in table
    assert "2 contacts;" in run_here("--sandbox", "contacts", "list", "--limit", "1", "--max-items", "2").stdout


def test_messages_are_lines_or_a_table(sandbox: Sandbox) -> None:
    result = run_here("--sandbox", "conversations", "messages", *PERIOD, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert rows
    assert {"thread_id", "channel_id", "message_content"} <= set(rows[0])
    assert "kind" not in rows[0]
    table = run_here("--sandbox", "conversations", "messages", *PERIOD)
    assert f"{len(rows):,} messages;" in table.stdout


@pytest.mark.parametrize("operation", WRITES)
def test_writes_happen_once_and_say_so(operation: str, sandbox: Sandbox) -> None:
    arguments, before = arguments_of(operation, sandbox), len(sandbox.deliveries)
    result = run_here("--sandbox", *arguments, "--yes" if operation != "contacts.create" else "--json", "--json")
    assert 0 == result.returncode, result.stderr
    assert operation == document(result)["operation"]
    assert [operation] == [delivery.operation for delivery in sandbox.deliveries[before:]]


@pytest.mark.parametrize("operation", WRITES)
def test_a_dry_run_shows_the_request_and_sends_nothing(operation: str, sandbox: Sandbox) -> None:
    arguments, before = arguments_of(operation, sandbox), len(sandbox.requests)
    org = ["--org-name", "Sandbox Ltd"] if operation == "contacts.create" else []
    shown = document(run_here("--sandbox", *arguments, *org, "--dry-run", "--json"))
    assert (before, operation, True) == (len(sandbox.requests), shown["operation"], shown["dry_run"])
    assert 0 == run_here("--sandbox", *arguments, *org).returncode
    sent, data = sandbox.requests[-1], shown["data"]
    assert (sent.method, sent.path) == (data["method"], data["path"])
    assert sandbox.deliveries[-1].arguments == (data["body"] or dict(sent.query))


@pytest.mark.parametrize("operation", ["contacts.update", "webhooks.sms.register", "webhooks.sms.delete"])
def test_what_changes_something_asks(operation: str) -> None:
    """Nobody can be asked here, and nothing leaves."""
    result = run_here(
        *WRITES[operation], ALIVE5_API_KEY="test_key_asking", ALIVE5_BASE_URL="http://127.0.0.1:9/public/1.0"
    )
    assert (2, True) == (result.returncode, "nothing was sent" in result.stderr)


def test_webhooks_are_listed(sandbox: Sandbox) -> None:
    assert 0 == run_here("--sandbox", "webhooks", "sms", "register", *LINE, *URL).returncode
    shown = run_here("--sandbox", "webhooks", "sms", "list", *LINE, "--json").stdout.splitlines()
    assert [URL[1]] == [json.loads(line)["url"] for line in shown]
    assert URL[1] in run_here("--sandbox", "webhooks", "sms", "list", *LINE).stdout
    bare = run_here(*WRITES["webhooks.sms.register"], "--dry-run").stdout.splitlines()
    assert "POST https://api.alive5.com/public/1.0/register/webhook/sms" == bare[0]
