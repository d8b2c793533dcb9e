"""One read and one write over a front, and what became of them."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import attrs
import trustme

from alive5 import Event, RetryPolicy
from support.front import Front

QUICK = RetryPolicy(attempts=3, initial=0)
NUMBERS = {"phone_number_from": "+12025550100", "phone_number_to": "+12025550123"}

Scenario = Callable[[Any], Awaitable[Any]]


@attrs.frozen
class Result:
    """What a scenario came to."""

    value: Any
    error: Exception | None
    events: list[Event]

    @property
    def outcomes(self) -> list[str]:
        """The word of each attempt."""
        return [event.outcome for event in self.events]


def attempt(front: Front, scenario: Scenario, url: str, **options: Any) -> Result:
    """
    Return the scenario a client of its own; its error is a result too.
    """
    events: list[Event] = []

    async def body(client: Any) -> Result:
        try:
            return Result(await scenario(client), None, events)
        except Exception as error:
            return Result(None, error, events)

    options = {"base_url": url, "retry": QUICK, "timeout": 20.0, "on_event": events.append, **options}
    return front.run(body, **options)


async def read(client: Any) -> Any:
    """
    Read something.
    """
    return [tag.tag_label for tag in await client.tags.list()]


def write_as(token: str) -> Scenario:
    """
    Return a scenario that writes with a token.
    """

    async def write(client: Any) -> Any:
        return await client.sms.push(**NUMBERS, message=f"token-{token}")

    return write


async def write(client: Any) -> Any:
    """
    Write something.
    """
    return await write_as("0")(client)


@cache
def authority() -> trustme.CA:
    """
    Return the authority our clients trust.
    """
    return trustme.CA()


@cache
def server_context(*names: str) -> ssl.SSLContext:
    """
    Return a server's context with a certificate for *names*, by default this machine.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(context)
    return context


@cache
def client_context() -> ssl.SSLContext:
    """
    Return a client's context that trusts the authority.
    """
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context
