"""A sender sends from its line with the ids it knows."""

from __future__ import annotations

from typing import Any

from support.front import Front
from support.scripted import TEXT, reply

from alive5._facade import Sender
from alive5.sending.sender import AsyncSender

LINE = {name: TEXT[name] for name in ("phone_number_from", "channel_id", "user_id")}


def sender_of(front: Front, client: Any, **more: Any) -> Any:
    if front.is_blocking:
        return Sender(AsyncSender(client._target._core.sms, **LINE, **more))
    return AsyncSender(client.sms, **LINE, **more)


def test_a_sender_sends_from_its_line(front: Front) -> None:
    port = front.port([reply({"message_id": "m1"})])

    async def body(client: Any) -> Any:
        sender = sender_of(front, client, agent="Maria")
        assert LINE == {name: getattr(sender, name) for name in LINE}
        assert "Maria" == sender.agent
        assert TEXT["phone_number_from"] not in repr(sender)
        sent = sender.send(phone_number_to=TEXT["phone_number_to"], message=TEXT["message"])
        return sent if front.is_blocking else await sent

    assert "m1" == front.run(body, port=port).message_id
    assert all(value in port.calls[0].content.decode() for value in TEXT.values())
