"""Ids, names and texts cannot change a path, or add parameters or headers: they arrive exactly, or not at all."""

from __future__ import annotations

import json
import random
import re
from operator import attrgetter
from typing import Any
from urllib.parse import parse_qsl

import pytest
from support.counts import count, seed
from support.front import Front
from support.wire_server import Heard, WireServer, http

from alive5 import InvalidArgumentError
from alive5._sansio.endpoints import ENDPOINTS

pytestmark = pytest.mark.promise("D4")

PIECES = (
    *("..", "/", "//", "?", "#", "&", "=", "%", "%2e%2e", "%00", "\\", ";", ":", "@", "\r\n", "\n", "\r", "\0"),
    *("X-Evil: 1", "\r\nX-Evil: 1\r\n\r\n", "Host: evil.example", " HTTP/1.1", "0\r\n\r\n", "\t", "é", "名", "🙂"),
    *('"', "'", "{", "}", "[", "]", ",", '","org_name":"Evil', "\\u0000", "\ud800", "\udfff", "\u2028", "\u202e"),
    *("--alive5", "\r\n--alive5-", 'name="org_name"', "\r\n\r\n", "\x7f", "\x85", "\xa0", " ", "a", "7", "+", "\ufeff"),
)
# Which argument of each write is an id or a name, and which a text that keeps its blanks and line ends.
NAMES: dict[str, tuple[str, ...]] = {
    "channels.create": ("channel_name", "org_name"),
    "agents.create": ("email", "screenname", "role", "channels", "org_name"),
    "faq.create_category": ("title", "channel", "org_name"),
    "faq.create_article": ("title", "category", "org_name"),
    "tags.create": ("name", "email", "org_name"),
    "widgets.create": (
        *("widget_name", "widget_type", "botname", "access_channels", "channel_id", "short_code", "org_name"),
    ),
    "botchains.create": ("botchain_name", "bot_type", "widget_id", "channel_id", "org_name"),
    "sms.send": ("channel_id", "user_id"),
    "contacts.create": ("email", "first_name", "last_name", "org_name", "account_id", "title", "company"),
    "contacts.update": ("crm_id", "email", "first_name", "last_name", "org_name", "account_id", "title", "company"),
    "webhooks.sms.register": ("url",),
    "webhooks.sms.delete": ("interceptor_uuid",),
}
TEXTS: dict[str, tuple[str, ...]] = {
    "faq.create_article": ("content",),
    "sms.send": ("message",),
    "sms.push": ("message",),
}
NUMBERS = {"phone_number_from": "+12025550100", "phone_number_to": "+12025550123"}
LINE = {"phone_number": "+12025550100"}
OTHERS: dict[str, dict[str, str]] = {
    "sms.send": NUMBERS,
    "sms.push": NUMBERS,
    "contacts.create": {"phone_mobile": "+12025550123"},
    "webhooks.sms.register": LINE,
    "webhooks.sms.delete": LINE,
}
# What a call sends by itself.
FIXED: dict[str, dict[str, str]] = {"webhooks.sms.register": {"direction": "inbound", "method": "POST"}}
BY_OPERATION = {endpoint.operation: endpoint for endpoint in ENDPOINTS}
HEADER_NAMES = {
    *("host", "accept", "accept-encoding", "user-agent", "x-a5-apikey", "content-type", "content-length"),
}


def hostile(rng: random.Random) -> str:
    return "".join(rng.choices(PIECES, k=rng.randint(1, 6)))


def arguments(rng: random.Random, operation: str) -> dict[str, Any]:
    """
    Write the arguments of a call: one or two are hostile, and a list may hold several.
    """
    names = (*NAMES.get(operation, ()), *TEXTS.get(operation, ()))
    struck = rng.sample(names, min(len(names), rng.randint(1, 2)))
    values: dict[str, Any] = {name: hostile(rng) if name in struck else "plain" for name in names}
    for name in ("channels", "access_channels"):
        if name in values and rng.random() < 0.5:
            values[name] = [values[name], "other"]
    if "url" in values:
        values["url"] = f"https://example.com/{values['url']}"
    return {**values, **OTHERS.get(operation, {})}


def expected(operation: str, given: dict[str, Any]) -> dict[str, str]:
    """
    Return the body or the query that has to arrive, under wire names.
    """
    body = dict(FIXED.get(operation, {}))
    for name, value in given.items():
        items = value if isinstance(value, list) else [value]
        text = ",".join(item if name in TEXTS.get(operation, ()) else item.strip() for item in items)
        body.update(dict.fromkeys(BY_OPERATION[operation].documented.parameters.get(name, (name,)), text))
    return body


def parts(heard: Heard) -> dict[str, str]:
    """
    Read a body as its format says.
    """
    kind = heard.headers["content-type"]
    if kind == "application/json":
        read: dict[str, str] = json.loads(heard.body)
        return read
    boundary = re.fullmatch(r"multipart/form-data; boundary=(alive5-[0-9a-f]{40})", kind)
    assert boundary is not None
    pieces = heard.body.split(b"--" + boundary[1].encode())
    assert (b"", b"--\r\n") == (pieces[0], pieces[-1])
    found = {}
    for piece in pieces[1:-1]:
        head, _, value = piece.partition(b"\r\n\r\n")
        name = re.fullmatch(rb'\r\nContent-Disposition: form-data; name="(\w+)"', head)
        assert name is not None
        found[name[1].decode()] = value[:-2].decode()
    assert len(pieces) - 2 == len(found)
    return found


@pytest.mark.parametrize("body_format", ["json", "multipart"])
def test_a_hostile_argument_arrives_exactly_or_not_at_all(front: Front, body_format: str) -> None:
    rng, cases = random.Random(seed()), count(ci=350, full=3_500)
    refused = 0

    async def main() -> None:
        nonlocal refused
        async with front.client(base_url=server.url, body_format=body_format) as client:
            for _ in range(cases):
                operation = rng.choice(sorted({*NAMES, *TEXTS}))
                given = arguments(rng, operation)
                before = len(server.heard)
                try:
                    await attrgetter(operation)(client)(**given)
                except InvalidArgumentError as error:
                    refused += error.argument in given and before == len(server.heard)
                else:
                    verify(server.heard[-1], operation, given)

    with WireServer(lambda heard: http(b'{"code": 200, "data": {}}')) as server:
        front.drive(main)
    assert cases == refused + len(server.heard)
    assert min(refused, len(server.heard)) > cases // 10


def verify(heard: Heard, operation: str, given: dict[str, Any]) -> None:
    endpoint = BY_OPERATION[operation]
    method, target, version = heard.line.split(" ")
    path, _, query = target.partition("?")
    assert (endpoint.method, f"/public/1.0{endpoint.documented.path}", "HTTP/1.1") == (method, path, version)
    if endpoint.documented.in_query:
        assert HEADER_NAMES - {"content-type"} == set(heard.headers)
        assert b"" == heard.body
        arrived = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
        assert len(dict(arrived)) == len(arrived)
        assert expected(operation, given) == dict(arrived)
    else:
        assert HEADER_NAMES == set(heard.headers)
        assert "" == query
        assert expected(operation, given) == parts(heard)
    for name in set(NAMES.get(operation, ())) & set(given):
        assert not re.search("[\\x00-\\x1f\\x7f]", expected(operation, {name: given[name]}).popitem()[1])


def test_the_writes_are_all_tried() -> None:
    assert {endpoint.operation for endpoint in ENDPOINTS if endpoint.method != "GET"} == {*NAMES, *TEXTS}


FILTERED = {"channel_id", "channel_name", "crm_id", "agent_id", "assigned_to"}
FILTERS = {
    "conversations.livechat": FILTERED,
    "conversations.sms": {*FILTERED, "session_id"},
    "conversations.fbm": {*FILTERED, "session_id"},
}
REPORTS = ("reports.bots", "reports.free_text", "reports.multiple_choice", "reports.faq")


def test_a_hostile_filter_arrives_exactly_or_not_at_all(front: Front) -> None:
    rng, cases = random.Random(seed()), count(ci=200, full=2_000)
    refused = 0

    async def main() -> None:
        nonlocal refused
        async with front.client(base_url=server.url, edition="current") as client:
            for _ in range(cases):
                operation = rng.choice([*FILTERS, *REPORTS])
                name = rng.choice(sorted(FILTERS.get(operation, {"botflow"})))
                value, before = hostile(rng), len(server.heard)
                days = {"start": "2026-01-01", "end": "2026-01-02"}
                call = attrgetter(operation)(client)
                try:
                    if operation in REPORTS:
                        await call(**days, **{name: value})
                    else:
                        await call(**days, **{name: value}).page(1)
                except InvalidArgumentError as error:
                    refused += error.argument == name and before == len(server.heard)
                else:
                    asked(server.heard[before:], operation, name, value)

    with WireServer(lambda heard: http(b'{"code": 200, "data": []}')) as server:
        front.drive(main)
    assert min(refused, cases - refused) > cases // 10


def asked(heard: list[Heard], operation: str, name: str, value: str) -> None:
    route = BY_OPERATION[operation].route("current")
    wire = {"session_id": "alive5_sessionID", "botflow": "botflowFilter"}.get(name, name)
    known = {wire, *dict(route.fixed), "page", "limit", *(w for names in route.parameters.values() for w in names)}
    assert heard
    for one in heard:
        method, target, version = one.line.split(" ")
        path, _, query = target.partition("?")
        assert ("GET", f"/public/{route.version or '1.0'}{route.path}", "HTTP/1.1") == (method, path, version)
        arrived = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
        assert len(dict(arrived)) == len(arrived)
        assert value.strip() == dict(arrived)[wire]
        assert not set(dict(arrived)) - known
        assert HEADER_NAMES - {"content-type", "content-length"} == set(one.headers)


def test_a_text_cannot_hold_its_own_boundary(front: Front) -> None:
    async def main() -> None:
        async with front.client(base_url=server.url, body_format="multipart") as client:
            message = "Hello"
            for _ in range(3):
                await client.sms.push(**NUMBERS, message=message)
                boundary = server.heard[-1].headers["content-type"].partition("boundary=")[2]
                assert message == parts(server.heard[-1])["message"]
                message = f'Hello\r\n--{boundary}\r\nContent-Disposition: form-data; name="org_name"\r\n\r\nEvil\r\n'

    with WireServer(lambda heard: http(b'{"code": 200, "data": {}}')) as server:
        front.drive(main)


def test_a_hostile_parameter_arrives_exactly_or_not_at_all(front: Front) -> None:
    rng, cases = random.Random(seed()), count(ci=300, full=3_000)
    refused = 0

    async def main() -> None:
        nonlocal refused
        async with front.client(base_url=server.url) as client:
            for _ in range(cases):
                params = {hostile(rng): hostile(rng) for _ in range(rng.randint(1, 3))}
                before = len(server.heard)
                try:
                    await client.call("GET", "get/users", params=params)
                except InvalidArgumentError as error:
                    unsendable = re.search("[\ud800-\udfff]", "".join([*params, *params.values()]))
                    refused += unsendable is not None and ("params", before) == (error.argument, len(server.heard))
                else:
                    method, target, version = server.heard[-1].line.split(" ")
                    path, _, query = target.partition("?")
                    assert ("GET", "/public/1.0/get/users", "HTTP/1.1") == (method, path, version)
                    assert list(params.items()) == parse_qsl(query, keep_blank_values=True, strict_parsing=True)
                    assert HEADER_NAMES - {"content-type", "content-length"} == set(server.heard[-1].headers)

    with WireServer() as server:
        front.drive(main)
    assert cases == refused + len(server.heard)
    assert min(refused, len(server.heard)) > cases // 10


def test_a_hostile_window_or_number_is_refused(front: Front) -> None:
    rng, cases = random.Random(seed()), count(ci=300, full=3_000)
    port = front.port()

    async def body(client: Any) -> None:
        for _ in range(cases):
            text = "2026-01-01" * rng.randint(0, 1) + hostile(rng) + "T"
            calls: list[Any] = [
                lambda text=text: client.conversations.livechat(start=text).list(),
                lambda text=text: client.conversations.sms(end=text).list(),
                lambda text=text: client.conversations.livechat(page=text).list(),
                lambda text=text: client.conversations.livechat(limit=text).list(),
                lambda text=text: client.conversations.fbm().page(text),
                lambda text=text: client.sms.push(**{**NUMBERS, "phone_number_to": text}, message="Hello"),
                lambda text=text: client.webhooks.sms.list(phone_number=text),
                lambda text=text: client.webhooks.sms.delete(phone_number=text, interceptor_uuid="i1"),
                lambda text=text: client.contacts.update(crm_id="p1", phone_mobile=text),
                lambda text=text: client.conversations.messages(start=text, end="2026-01-02").list(),
                lambda text=text: client.reports.performance(
                    start="2026-01-01", end="2026-01-02", timezone_offset=text
                ),
            ]
            with pytest.raises(InvalidArgumentError):
                await rng.choice(calls)()

    front.run(body, port=port)
    assert [] == port.calls
