"""The harness itself: the watch finds the key, and a test can fail on every front."""

from __future__ import annotations

import base64
import logging
import warnings
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from support.front import Front
from support.scripted import refusal, reply
from support.watch import CANARY, Watch, fail_if_shown, shows_key

from alive5 import NotFoundError


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        f"?key={quote(CANARY, safe='')}",
        base64.b64encode(CANARY.encode()).decode(),
        base64.b64encode(b"user:" + CANARY.encode() + b":x").decode(),
    ],
)
def test_the_key_is_found_in_all_its_forms(text: str) -> None:
    assert shows_key(f"before {text} after")


def test_other_text_is_not_taken_for_the_key() -> None:
    assert not shows_key("test_canary_key test_sandbox_key X-A5-APIKEY")


@pytest.mark.parametrize("name", ["alive5", "httpx", "httpcore.http11", "asyncio", "some.other"])
def test_a_debug_line_with_the_key_is_found(name: str, canary_watch: Watch) -> None:
    logging.getLogger(name).debug("key %s", CANARY)
    found, canary_watch.found = canary_watch.found, []
    assert [f"a log record of {name}"] == found


def test_a_warning_with_the_key_is_found(canary_watch: Watch) -> None:
    with pytest.warns(UserWarning, match="key"):
        warnings.warn(f"key {CANARY}", UserWarning, stacklevel=1)
    found, canary_watch.found = canary_watch.found, []
    assert ["a warning"] == found


@pytest.mark.parametrize(
    ("title", "outcome"),
    [("Captured stdout call", "failed"), ("Captured stderr call", "failed"), ("Captured stdout setup", "passed")],
)
def test_the_key_in_captured_output_fails_that_phase(title: str, outcome: str) -> None:
    report = SimpleNamespace(when="call", passed=True, outcome="passed", sections=[(title, CANARY)])
    fail_if_shown(report)
    assert outcome == report.outcome


def test_a_body_runs_on_each_front(front: Front) -> None:
    port = front.port([reply([{"tag_id": "1"}])])
    tags = front.run(lambda client: client.tags.list(), port=port)
    assert ["1"] == [tag.tag_id for tag in tags]
    assert [("tags.list", "GET")] == [(call.operation, call.method) for call in port.calls]
    assert 1 == port.closings


def test_an_error_comes_through_each_front(front: Front) -> None:
    error = front.fails(NotFoundError, lambda client: client.tags.list(), port=front.port([refusal(404)]))
    assert 404 == error.status
