"""One person's conversations, asked of the service: by any spelling, across kinds, in every shape of a row."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from support.cli import run_here
from support.counts import seed
from support.forgetting import add, world
from support.front import Front
from support.people import FIRST_MS, KINDS, Planted, chat, neighbours

from alive5 import IncompleteListingError, InvalidArgumentError
from alive5.sandbox import Sandbox

ANA = Planted.numbered(1)
PERIOD = {"start": "2026-01-01", "end": "2026-01-31"}


def lived_in(rng: random.Random, **quirks: Any) -> Sandbox:
    sandbox = world(rng, [ANA], **quirks)
    add(sandbox, neighbours(rng, ANA))
    add(sandbox, [chat("sms", "before", start=FIRST_MS - 40 * 86_400_000, contacts_phone=ANA.phone)])
    return sandbox


@pytest.mark.parametrize("edition", ["documented", "current"])
def test_a_person_is_found_across_kinds(front: Front, edition: Any) -> None:
    rng = random.Random(seed())
    sandbox = lived_in(rng)

    async def body(client: Any) -> list[tuple[str, str]]:
        asked = {way: ANA.spelled(rng, way) for way in ("phone", "email")}
        return [(row.kind, row.id) async for row in client.conversations.history(**asked, **PERIOD)]

    found = front.inside(sandbox, body, edition=edition)
    truth = [
        (kind, row["alive5_sessionID"])
        for kind in ("sms", "livechat", "fbm")
        for row in sandbox.conversations(kind)
        if row["alive5_sessionID"].startswith((f"phone-{ANA.number}-", f"email-{ANA.number}-"))
    ]
    assert 12 == len(found) == len(set(found))
    assert sorted(truth) == sorted(found)
    assert [kind for kind, _ in found] == sorted((kind for kind, _ in found), key=("sms", "livechat", "fbm").index)
    assert {kind for kind, _ in found} <= set(KINDS)


def test_what_is_refused_before_any_request(front: Front) -> None:
    sandbox = Sandbox(livechat=5, sms=5, fbm=5)

    async def refused(client: Any, **arguments: Any) -> str:
        with pytest.raises(InvalidArgumentError) as caught:
            client.conversations.history(**arguments)
        return str(caught.value.argument)

    async def body(client: Any) -> list[str]:
        return [
            await refused(client, start="2026-01-01"),
            await refused(client, phone="2025550001", start="2026-01-01"),
            await refused(client, email="a@b, c@d", start="2026-01-01"),
            await refused(client, phone=ANA.phone, start=None),
        ]

    assert ["phone", "phone", "email", "start"] == front.inside(sandbox, body)
    assert [] == sandbox.requests


def test_a_listing_that_is_cut_is_an_error_when_strict(front: Front) -> None:
    sandbox = lived_in(random.Random(seed()), ignored_window="all")

    async def body(client: Any) -> None:
        async for _ in client.conversations.history(phone=ANA.phone, **PERIOD, strict=True):
            pass

    with pytest.raises(IncompleteListingError):
        front.inside(sandbox, body)


def test_on_the_command_line() -> None:
    sandbox = lived_in(random.Random(seed()))
    asked = ("conversations", "history", "--phone", "1 (202) 555-0001", "--start", "2026-01-01", "--end", "2026-01-31")
    with sandbox.patch():
        shown = run_here(*asked, ALIVE5_API_KEY="test_key_history")
        lines = run_here("--json", *asked, ALIVE5_API_KEY="test_key_history").stdout.splitlines()
    assert 0 == shown.returncode, shown.stderr
    assert "6 conversations; " in shown.stdout
    assert 6 == len(lines)
    assert {"kind", "alive5_session_id"} <= json.loads(lines[0]).keys()
