"""What ``alive5 sandbox`` takes, how it refuses, and what it says of requests."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest
from support.cli import HARD, run, started
from support.sandbox_calls import BODIES

from alive5.sandbox import Quirks, Sandbox
from alive5.sandbox.spelled import read_fault, read_latency, read_quirk


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("end_date=boundary", ("end_date", "boundary")),
        ("end-date = boundary", ("end_date", "boundary")),
        ("page_base=0", ("page_base", 0)),
        ("page_base=livechat:0,sms:1", ("page_base", {"livechat": 0, "sms": 1})),
        ("secrets=yes", ("secrets", True)),
        ("strict_ids=False", ("strict_ids", False)),
        ("require_pages=none", ("require_pages", None)),
        ("clamped_limit=7", ("clamped_limit", 7)),
        ("clamped_limit=none", ("clamped_limit", None)),
        ("shifting=-2", ("shifting", -2)),
        ("odd_values=.5", ("odd_values", 0.5)),
        ("host_zone=-5:00", ("host_zone", "-5:00")),
        ("api_key=a=b", ("api_key", "a=b")),
    ],
)
def test_a_quirk(text: str, expected: tuple[str, Any]) -> None:
    assert expected == read_quirk(text)
    Sandbox(**{expected[0]: expected[1]})


@pytest.mark.parametrize("name", [name for name in get_type_hints(Quirks) if name not in ("faults", "latency")])
def test_every_quirk_has_a_default_that_can_be_typed(name: str) -> None:
    default = getattr(Sandbox().settings, name)
    text = "none" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
    assert (name, default) == read_quirk(f"{name}={text}")


@pytest.mark.parametrize(
    ("read", "text", "error"),
    [
        (read_quirk, "end_date", "end_date needs a value: end_date=VALUE, day or boundary"),
        (read_quirk, "end_date=noon", "end_date must be day or boundary, not 'noon'"),
        (read_quirk, "page_base=2", "page_base must be 0 or 1 or each kind's, as in livechat:0,sms:1, not '2'"),
        (read_quirk, "recent=many", "recent must be a whole number, not 'many'"),
        (read_quirk, "secrets=1", "secrets must be true or false, not '1'"),
        (read_quirk, "end_day=day", "no such quirk: 'end_day'; there are envelope, "),
        (read_quirk, "latency=1", "latency has an option of its own: --latency"),
        (read_quirk, "faults=1", "faults has an option of its own: --fault"),
        (read_fault, "slow", "write it as sms.send=reset_after:2 or any=slow:always, not 'slow'"),
        (read_fault, "sms.send=slow:0", "write it as"),
        (read_fault, "=slow", "write it as"),
        (read_latency, "50", "write it with its unit, as 50ms or 1.5s, not '50'"),
        (read_latency, "-1s", "write it with its unit"),
    ],
)
def test_what_cannot_be_read_is_explained(read: Callable[[str], Any], text: str, error: str) -> None:
    with pytest.raises(ValueError, match="^" + error.replace("(", r"\(").replace("?", r"\?")):
        read(text)


def test_faults_and_latencies() -> None:
    assert ("sms.send", "reset_after", 2) == read_fault("sms.send=reset_after:2")
    assert (None, "slow", None) == read_fault("any=slow:always")
    assert ("/account", "html", 1) == read_fault("/account=html")
    assert [0.05, 1.5, 2.0] == [read_latency(text) for text in ("50ms", "1.5s", "2s")]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--quirk", "end_date=x"), "error: --quirk: end_date must be day or boundary"),
        (("--quirk", "recent=-1"), "error: sandbox: recent must be a whole number of at least 0"),
        (("--fault", "sms.send=nothing"), "error: --fault: no such fault: 'nothing'; there are "),
        (("--fault", "sms.sent=slow"), "error: --fault: no such operation: 'sms.sent'; there are "),
        (("--latency", "5"), "error: --latency: write it with its unit"),
        (("--edition", "newest"), "error: sandbox: edition must be one of 'documented', 'current', 'both'"),
    ],
)
def test_a_wrong_option_is_a_sentence(arguments: tuple[str, ...], error: str) -> None:
    given = run("sandbox", "--port", "0", *arguments)
    assert 2 == given.returncode
    assert error in given.stderr
    assert "Traceback" not in given.stderr


def get(url: str, key: str, body: dict[str, str] | None = None) -> tuple[int | None, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"X-A5-APIKEY": key, "Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=HARD) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return None, None


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_served_sandbox_with_everything() -> None:
    options = ("--edition", "current", "--quirk", "end_date=boundary", "--fault", "sms.send=reset_after:2")
    with started("sandbox", "--port", "0", *options, "--latency", "5ms", "--quirk", "api_key=right_key") as server:
        assert server.stdout is not None
        assert server.stderr is not None
        lines = [server.stdout.readline() for _ in range(6)]
        root = lines[2].split("=")[1].strip().removesuffix("/1.0")
        assert "ALIVE5_EDITION=current" in lines[4]
        assert 400 == get(f"{root}/1.0/account", "wrong_key")[0]
        dates = "datetime_from=02-10-2026&datetime_to=02-10-2026"
        empty = get(f"{root}/2.0/conversations/livechat?{dates}", "right_key")
        assert [] == empty[1]["data"]["Items"]
        sends = [get(f"{root}/1.0/conversations/sms/send", "right_key", BODIES["sms.send"])[0] for _ in range(3)]
        assert [None, None, 200] == sends
        assert 404 == get(f"{root}/1.0/people/+12025550123", "right_key")[0]
        said = [server.stderr.readline() for _ in range(6)]
        server.terminate()
        server.wait(HARD)
        said += server.stderr.readlines()
    shown = ["GET /1.0/account account.get 400", "GET /2.0/conversations/livechat conversations.livechat 200"]
    shown += [f"POST /1.0/conversations/sms/send sms.send {status}" for status in ("-", "-", "200")]
    shown += ["GET /1.0/people/*** unknown 404"]
    assert shown == [line.rpartition(" ms")[0].rpartition(" ")[0] for line in said[:6]]
    assert all(int(line.split()[-2]) >= 5 for line in said[:6])
    text = "".join(said)
    assert not [secret for secret in ("right_key", "+1202", "Traceback", "agent-maria") if secret in text]
