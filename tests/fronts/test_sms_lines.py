"""The lines of an account, and texts from one of them, on every front."""

from __future__ import annotations

from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, refusal, reply

from alive5 import InvalidArgumentError, ServerError
from alive5.sandbox import Sandbox

DESK = {"channel_id": "channel-support", "channel_label": "Support", "agents": []}
LINE = {"channel_id": "channel-line-1", "channel_label": "Texting", "agents": [{"user_id": "agent-maria"}]}
NUMBER = {"channel_phone_number": "+12025550100"}


async def lines(client: Any) -> Any:
    return [(line.phone_number, line.channel_id) for line in await client.sms.lines()]


@pytest.mark.parametrize("edition", ["documented", "current"])
def test_the_lines_of_a_sandbox(front: Front, edition: str) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)
    both = [("+12025550100", "channel-line-1"), ("+12025550101", "channel-line-2")]
    assert both == front.inside(sandbox, lines, edition=edition)
    assert ["/objects/channels-and-users/list"] * 2 == [request.path for request in sandbox.requests]


def test_a_host_without_numbers_has_the_lines_whose_labels_are_numbers(front: Front) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, edition="documented")
    assert [("+12025550100", "channel-line-1")] == front.inside(sandbox, lines)


def test_the_other_version_is_asked_at_the_base_host_and_only_for_what_is_missing(front: Front) -> None:
    port = front.port([reply([DESK, LINE]), reply([{**LINE, **NUMBER}]), reply([{**LINE, **NUMBER}])])
    found = [("+12025550100", "channel-line-1")]
    assert found == front.run(lines, port=port, edition="current")
    assert [("read", None), ("base", "1.1")] == [(call.host, call.version) for call in port.calls]
    assert found == front.run(lines, port=port)
    assert 3 == len(port.calls)


@pytest.mark.parametrize("answer", [refusal(400), refusal(403), refusal(404), reply({"rows": 1})])
def test_a_host_that_has_no_other_version(front: Front, half_jitter: None, answer: Any) -> None:
    assert [] == front.run(lines, port=front.port([reply([DESK]), *[answer] * 4]))


def test_an_outage_is_not_taken_for_a_missing_version(front: Front, half_jitter: None) -> None:
    front.fails(ServerError, lines, port=front.port([reply([DESK]), *[refusal(503)] * 4]))


@pytest.mark.parametrize("line", ["+1 202 555 0100", "channel-line-1"])
def test_a_text_from_a_line(front: Front, line: str) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)

    async def body(client: Any) -> Any:
        sender = await client.sms.sender(line=line)
        assert "Maria Ortiz" == sender.agent
        return await sender.send(phone_number_to=TEXT["phone_number_to"], message=TEXT["message"])

    assert front.inside(sandbox, body).message_id
    assert [TEXT] == [delivery.arguments for delivery in sandbox.deliveries]


def test_labels_that_two_lines_share(front: Front) -> None:
    twin = {**LINE, "channel_id": "channel-line-2", "channel_phone_number": "+12025550101"}
    port = front.port([reply([{**LINE, **NUMBER}, twin])])
    error = front.fails(InvalidArgumentError, lambda client: client.sms.sender(line="Texting"), port=port)
    assert ("line", "not_sent") == (error.argument, error.outcome)
    assert "channel-line-1 (Texting), channel-line-2 (Texting)" in str(error)


def test_who_writes_on_a_line_of_two(front: Front) -> None:
    row = {**LINE, **NUMBER, "agents": [{"user_id": "agent-maria"}, {"user_id": "agent-ken", "screen_name": "Ken"}]}

    async def body(client: Any) -> Any:
        with pytest.raises(InvalidArgumentError, match="agent-ken, agent-maria"):
            await client.sms.sender(line="Texting")
        return await client.sms.sender(line="Texting", agent="Ken")

    assert "agent-ken" == front.run(body, port=front.port([reply([row]), reply([row])])).user_id
