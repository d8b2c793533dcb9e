"""Bad arguments through the clients: refused before anything is sent, named, never echoed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.facts import OPERATIONS, Operation
from support.front import Front

from alive5 import ConfigurationError, InvalidArgumentError, RetryPolicy, Timeout

NUMBERS = ("phone_number_from", "phone_number_to")
BAD_TEXTS = [None, "", "   ", 5, "lone \ud800 half", "nul \0 byte"]
BAD_IDS = [*BAD_TEXTS, "two\nlines", b"bytes", ["c1"]]
BAD_NUMBERS = [None, "", "5551234", "+0", "+1 202 555 01x3", 12025550123, "+" + "1" * 16]
BAD_DATES = ["2026-02-30", "31.01.2026", "", 20260131, "2026-01-31T99:00", timedelta(days=1)]
BAD_COUNTS = [0, -1, 1.5, "1", None, True, 10**400]
BAD_SEVERAL = [None, "", [], ["c1", ""], ["c1", 5], {"c1"}, b"c1"]


def bad_values(name: str) -> list[Any]:
    """
    Return values an argument of that name must not have.
    """
    if name in NUMBERS:
        return BAD_NUMBERS
    if name in ("start", "end"):
        return BAD_DATES
    if name in ("page", "limit", "prefetch"):
        return BAD_COUNTS
    if name in ("channels", "access_channels"):
        return BAD_SEVERAL
    if name == "message":
        return [*BAD_TEXTS, "x" * 1601]
    if name == "content":
        return BAD_TEXTS
    return [value for value in BAD_IDS if name != "org_name" or value is not None]


CASES = [
    (operation, name, value) for operation in OPERATIONS for name in operation.arguments for value in bad_values(name)
] + [(operation, "prefetch", v) for operation in OPERATIONS if "livechat" in operation.call for v in BAD_COUNTS]


def name_of(value: Any) -> str:
    return getattr(value, "call", repr(value)[:20] if not isinstance(value, str) else ascii(value)[:20])


@pytest.mark.parametrize(("operation", "name", "value"), CASES, ids=name_of)
def test_bad_arguments_are_refused(operation: Operation, name: str, value: Any, front: Front) -> None:
    port = front.port([])

    async def body(client: Any) -> None:
        family, method = operation.call.split(".")
        made = getattr(getattr(client, family), method)(**{**operation.arguments, name: value})
        await (made.list() if hasattr(made, "pages") else made)

    error = front.fails(InvalidArgumentError, body, port=port)
    assert (name, "not_sent", True, []) == (error.argument, error.outcome, error.safe_to_repeat, port.calls)
    shown = value if isinstance(value, str) else "" if value is None or isinstance(value, (int, float)) else repr(value)
    assert len(shown.strip()) < 3 or shown not in f"{error} {error!r} {error.to_dict()}"


@pytest.mark.parametrize("kind", ["sms", "livechat", "fbm", "summary"])
def test_a_start_after_its_end_is_refused(kind: str, front: Front) -> None:
    async def body(client: Any) -> None:
        await getattr(client.conversations, kind)(start="2026-02-01", end="2026-01-31")

    assert front.fails(InvalidArgumentError, body, port=front.port([])).argument == "start"


@pytest.mark.parametrize(
    ("options", "error", "argument"),
    [
        ({"api_key": None}, ConfigurationError, None),
        ({"api_key": ""}, ConfigurationError, None),
        ({"api_key": "two words"}, ConfigurationError, None),
        ({"api_key": "kéy"}, ConfigurationError, None),
        ({"api_key": "line\n"}, ConfigurationError, None),
        ({"api_key": "k" * 513}, ConfigurationError, None),
        ({"api_key": 12345678}, ConfigurationError, None),
        ({"base_url": "http://api.example.com"}, ConfigurationError, None),
        ({"base_url": "https://user:secret@api.example.com"}, ConfigurationError, None),
        ({"base_url": "ftp://api.example.com"}, ConfigurationError, None),
        ({"base_url": ""}, ConfigurationError, None),
        ({"org_name": ""}, InvalidArgumentError, "org_name"),
        ({"tz": "Mars/Olympus"}, InvalidArgumentError, "tz"),
        ({"tz": 5}, InvalidArgumentError, "tz"),
        ({"timeout": 0}, InvalidArgumentError, "timeout"),
        ({"timeout": "60"}, InvalidArgumentError, "timeout"),
        ({"timeout": 10**400}, InvalidArgumentError, "timeout"),
        ({"timeout": None}, InvalidArgumentError, "timeout"),
        ({"retry": None}, InvalidArgumentError, "retry"),
        ({"retry": 3}, InvalidArgumentError, "retry"),
        ({"body_format": "xml"}, InvalidArgumentError, "body_format"),
        ({"max_connections": 0}, InvalidArgumentError, "max_connections"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], error: type[Any], argument: str | None, front: Front) -> None:
    def make() -> None:
        front.bare_client(**{"api_key": "test_key_options", **options})

    with pytest.raises(error) as caught:
        make()
    assert (argument, "not_sent") == (getattr(caught.value, "argument", None), caught.value.outcome)
    (value,) = options.values()
    assert len(str(value)) < 5 or str(value).strip() not in str(caught.value).replace("http://", "")
    assert "test_key_options" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "argument"),
    [({"timeout": -1}, "timeout"), ({"retry": 3}, "retry"), ({"tz": ""}, "tz"), ({"org_name": "\n"}, "org_name")],
)
def test_bad_options_of_a_twin_are_refused(options: dict[str, Any], argument: str, front: Front) -> None:
    async def body(client: Any) -> None:
        client._target.with_options(**options) if front.is_blocking else client.with_options(**options)

    assert argument == front.fails(InvalidArgumentError, body, port=front.port([])).argument


def test_good_options_are_taken(front: Front) -> None:
    async def body(client: Any) -> str:
        return repr(client)

    shown = front.run(
        body,
        port=front.port([]),
        base_url="http://127.0.0.1:8765/v1/",
        timeout=Timeout(total=5),
        retry=RetryPolicy.none(),
        tz="Europe/Berlin",
        org_name="Example Org",
        body_format="multipart",
    )
    assert shown == f"<{'' if front.is_blocking else 'Async'}Alive5 http://127.0.0.1:8765/v1>"
