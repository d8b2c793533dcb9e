"""The key appears in no value: no repr, no pickle, no refused option."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, Events, ScriptedPort, refusal, reply
from support.watch import CANARY, assert_no_key, shows_key

import alive5
from alive5 import Alive5Error, ConfigurationError, InvalidArgumentError, RetryPolicy, Timeout

pytestmark = pytest.mark.promise("D1")


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": "ftp://example.com"},
        {"base_url": "https://user@example.com"},
        {"read_url": "https://user@example.com/public/1.0"},
        {"read_url": "https://example.com"},
        {"base_url": "https://example.com", "edition": "current"},
        {"edition": "newest"},
        {"timeout": -1},
        {"retry": None},
        {"tz": "Mars/Base"},
        {"max_connections": 0},
        {"org_name": ""},
        {"body_format": "xml"},
        {"on_event": 7},
        {"ssl_context": 7},
        {"base_url": "https://api.example.com", "proxy": "mailto:x"},
        {"api_key": CANARY + "\n"},
        {"api_key": CANARY.encode()},
        {"api_key": CANARY * 100},
        {"api_key": [CANARY]},
    ],
)
@pytest.mark.parametrize("given", ["argument", "environment"])
def test_no_wrong_option_shows_it(
    front: Front, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], given: str
) -> None:
    key = options.get("api_key", CANARY)
    if given == "environment":
        monkeypatch.setenv("ALIVE5_API_KEY", key if isinstance(key, str) else CANARY + "\t")
        options = {name: value for name, value in options.items() if name != "api_key"}
    else:
        options = {"api_key": key, **options}
    with pytest.raises(Alive5Error) as caught:
        front.bare_client(**options)
    assert_no_key(caught.value)


def test_no_missing_key_shows_the_environment(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIVE5_API_KEY", "")
    monkeypatch.setenv("OTHER_SECRET", CANARY)

    async def main() -> None:
        async with front.bare_client() as client:
            await client.tags.list()

    with pytest.raises(ConfigurationError) as caught:
        front.drive(main)
    assert_no_key(caught.value)


def test_no_wrong_argument_shows_it(front: Front) -> None:
    wrong: list[Callable[[Any], Any]] = [
        lambda client: client.sms.send(**{**TEXT, "message": ""}),
        lambda client: client.call("POST", "x", body={"a": object()}),
        lambda client: client.call("GET", "../x"),
        lambda client: client.conversations.livechat(limit=0).list(),
        lambda client: client.conversations.livechat().page(0),
        lambda client: client.with_options(retry=None),
    ]
    for body in wrong:
        with pytest.raises(InvalidArgumentError) as caught:
            front.run(body, port=front.port())
        assert_no_key(caught.value)


def test_no_repr_shows_it(front: Front, events: Events) -> None:
    async def main(port: ScriptedPort | None) -> list[Any]:
        async with front.client(port=port, on_event=events) as client:
            core = client._target if front.is_blocking else client
            inner = core._core if front.is_blocking else core
            shared = inner._caller.shared
            pages = client.conversations.sms()
            families = (
                *("account", "tags", "channels", "agents", "conversations", "sms", "faq", "widgets", "botchains"),
                *("contacts", "users", "reports", "webhooks"),
            )
            things = [core, inner, client.with_options(tz="UTC"), inner._caller, shared, shared.port, shared.key]
            things += [*(getattr(core, name) for name in families), core.webhooks.sms]
            things += [pages, pages.report, pages.pages(), getattr(shared.port, "_settings", None)]
            if port is not None:
                account = await client.account.get()
                assert CANARY == account.api_key
                things += [account, account.to_dict(), account.extra, copy.copy(account), [account], *events.seen]
            return [*things, *[vars(thing) for thing in things if hasattr(thing, "__dict__")]]

    port = front.port([reply({"api_key": CANARY, "email": "ada@example.com", "org_name": "Acme"})])
    for thing in [*front.drive(lambda: main(port)), *front.drive(lambda: main(None))]:
        for text in (repr(thing), str(thing), f"{thing}", f"{[thing]}"):
            assert not shows_key(text), type(thing)


def tags_alone(call: Any) -> Any:
    return reply([{"tag_id": "1"}]) if call.operation == "tags.list" else refusal(404, CANARY)


def test_no_pickle_holds_it(front: Front, events: Events) -> None:
    async def main() -> list[Any]:
        port = front.port(tags_alone)
        async with front.client(port=port, on_event=events) as client:
            found = await client.tags.list()
            pages = client.conversations.fbm()
            await pages.list()
            with pytest.raises(TypeError):
                pickle.dumps((client._target if front.is_blocking else client)._core if front.is_blocking else client)
            return [*found, pages.report]

    things = [*front.drive(main), *events.seen, Timeout(), RetryPolicy(), alive5.Page(number=1, items=[])]
    for thing in things:
        data = pickle.dumps(thing)
        assert not shows_key(data.decode("latin-1"))
        assert repr(thing) == repr(pickle.loads(data))
