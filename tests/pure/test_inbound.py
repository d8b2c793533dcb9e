"""What a webhook delivers, and whether two texts are one."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

import attrs
import pytest

from alive5 import InboundSms, InvalidArgumentError
from alive5._sansio.inbound import are_one, came_in, is_exact, trace_of
from alive5.webhooks import parse

AT = datetime(2026, 3, 1, 12, 0, 0, 250_000, timezone.utc)
MS = int(AT.timestamp() * 1000)
DELIVERY = {
    "direction": "inbound",
    "message_content": "Are you open?",
    "created_by": "+12025550123",
    "created_at": MS,
    "thread_id": "t1",
    "channel_id": "channel-1",
    "media_url": "",
}
TEXT = InboundSms(
    phone_number="+12025550123",
    message="Are you open?",
    created_at=AT,
    thread_id="t1",
    channel_id="channel-1",
    direction="inbound",
)


def test_a_delivery_in_every_spelling() -> None:
    body = json.dumps(DELIVERY)
    assert [TEXT] * 5 == [
        parse(DELIVERY),
        parse(body),
        parse(body.encode()),
        parse(bytearray(body.encode())),  # type: ignore[arg-type]
        parse(urlencode(DELIVERY)),
    ]
    assert TEXT == parse({"code": 200, "data": DELIVERY, "error": None} and json.dumps({"code": 200, "data": DELIVERY}))


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({}, "+12025550123"),
        ({"created_by": None, "phone_mobile": "12025550123"}, "+12025550123"),
        ({"created_by": "Grace", "phone_mobile": "+12025550123"}, "+12025550123"),
        ({"created_by": "Grace"}, None),
        ({"created_by": "(202) 555-0123"}, "2025550123"),
        ({"created_by": {"name": "Grace"}, "phone_mobile": 7}, None),
    ],
)
def test_the_number_under_either_name(changed: dict[str, Any], number: str | None) -> None:
    assert number == parse({**DELIVERY, **changed}).phone_number


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (MS, AT),
        (str(MS), AT),
        (MS // 1000, AT.replace(microsecond=0)),
        ("2026-03-01T12:00:00.25Z", AT),
        (0, None),
        ("soon", None),
        (None, None),
    ],
)
def test_the_time_in_seconds_or_milliseconds(value: Any, at: datetime | None) -> None:
    assert at == parse({**DELIVERY, "created_at": value}).created_at


def test_a_picture_alone_and_what_is_not_known() -> None:
    text = parse({**DELIVERY, "message_content": None, "media_url": "https://example.com/a.png", "route": "inbound"})
    assert ("", "https://example.com/a.png", {"route": "inbound"}) == (text.message, text.media_url, dict(text.extra))
    assert "<InboundSms 2026-03-01T12:00:00+00:00 chars=0 media=True>" == repr(text)
    assert "<InboundSms - chars=13 media=False>" == repr(attrs.evolve(TEXT, created_at=None))


@pytest.mark.promise("D3")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe",
        b"null",
        b"[]",
        b"7",
        b'"Are you open?"',
        b"{}",
        b'{"message_content": "Are you open?"}',
        b'{"created_by": "+12025550123"}',
        b'{"created_by": "+12025550123", "message_content": "  "}',
        b"a=b",
        b"[" * 100_000,
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
        b'{"message_content": "Are you open?", "created_by": "+12025550123"',
        None,
        7,
        [DELIVERY],
    ],
)
def test_what_is_no_delivery_is_refused_without_its_words(body: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        parse(body)
    assert "body is no delivery of a text" == str(caught.value)


@pytest.mark.parametrize(
    ("direction", "number", "came"),
    [
        ("inbound", None, True),
        ("outbound", "+12025550123", False),
        ("sideways", "+12025550123", False),
        (None, "+12025550123", True),
        ("", "+12025550123", True),
        (None, None, False),
    ],
)
def test_who_wrote_it(direction: str | None, number: str | None, came: bool) -> None:
    assert came == came_in(attrs.evolve(TEXT, direction=direction, phone_number=number))


def test_a_direction_in_any_case() -> None:
    assert ["inbound", None] == [parse({**DELIVERY, "direction": value}).direction for value in (" Inbound", 7)]


def test_what_tells_a_text_from_others() -> None:
    trace = trace_of(TEXT)
    assert ("text Are you open?", "2025550123", "t1", MS, 0) == attrs.astuple(trace)
    assert trace == trace_of(attrs.evolve(TEXT, message=" Are  you\r\nopen? ", phone_number="2025550123"))
    assert 1_000 == trace_of(attrs.evolve(TEXT, created_at=AT.replace(microsecond=0))).slack
    assert (None, 600_000) == attrs.astuple(trace_of(attrs.evolve(TEXT, created_at=None)))[3:]
    assert trace_of(attrs.evolve(TEXT, phone_number=None)).person is None


def test_a_whole_second_among_fractions_is_exact() -> None:
    whole = attrs.evolve(TEXT, created_at=AT.replace(microsecond=0))
    assert (1_000, 0) == (trace_of(whole).slack, trace_of(whole, exact=True).slack)
    untimed = attrs.evolve(TEXT, created_at=None)
    assert [True, False, False] == [is_exact(texts) for texts in ([untimed, whole, TEXT], [whole, untimed], [])]
    assert 600_000 == trace_of(untimed, exact=True).slack


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://example.com/a.png?signature=1", "media example.com/a.png"),
        ("https://example.com/a.png?signature=2", "media example.com/a.png"),
        ("https://[", "media https://["),
        (None, "media "),
    ],
)
def test_a_picture_is_told_by_its_path(address: str | None, words: str) -> None:
    assert words == trace_of(attrs.evolve(TEXT, message=" ", media_url=address)).words


@pytest.mark.parametrize(
    ("at", "slack", "other", "other_slack", "one"),
    [
        (10_250, 0, 10_250, 0, True),
        (10_250, 0, 10_251, 0, False),
        (10_250, 0, 10_000, 1_000, True),
        (10_000, 1_000, 10_999, 0, True),
        (10_000, 1_000, 11_001, 0, False),
        (10_000, 1_000, 11_000, 1_000, False),
        (10_000, 1_000, 10_000, 1_000, True),
        (10_000, 600_000, 309_000, 1_000, True),
        (10_000, 600_000, 610_000, 0, False),
    ],
)
def test_times_of_one_text(at: int, slack: int, other: int, other_slack: int, one: bool) -> None:
    assert one == are_one(at, slack, other, other_slack)
