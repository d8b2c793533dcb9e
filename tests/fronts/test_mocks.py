"""Mocks people use with httpx work at their defaults, and a mocked read timeout of a write counts as left."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import respx
from pytest_httpx import HTTPXMock
from support.front import Front
from support.scripted import TEXT

from alive5 import NotSentError, OutcomeUnknownError, RetryPolicy

BASE = "https://api.alive5.com/public/1.0"
GOOD = {"code": 200, "data": [{"tag_id": "1"}], "error": None}
SENT = {"code": 200, "data": {"newThread": {"thread_id": "t"}}, "error": None}


@pytest.fixture(autouse=True)
def on_httpx(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clients use what these libraries patch, whichever engine the run is for."""
    monkeypatch.setenv("ALIVE5_ENGINE", "httpx")


def read(client: Any) -> Any:
    return client.tags.list()


def write(client: Any) -> Any:
    return client.sms.send(**TEXT)


def test_respx_at_its_defaults(front: Front) -> None:
    with respx.mock:
        listed = respx.get(f"{BASE}/objects/tags/list").respond(json=GOOD)
        sent = respx.post(f"{BASE}/conversations/sms/send").respond(json=SENT)
        assert ["1"] == [tag.tag_id for tag in front.run(read)]
        assert "t" == front.run(write).thread_id
    assert (1, 1) == (listed.call_count, sent.call_count)
    form = sent.calls[0].request.content
    for name, value in TEXT.items():
        assert f'name="{name}"\r\n\r\n{value}\r\n'.encode() in form


def test_respx_sees_json_where_it_is_asked_for(front: Front) -> None:
    with respx.mock:
        sent = respx.post(f"{BASE}/conversations/sms/send").respond(json=SENT)
        assert "t" == front.run(write, body_format="json").thread_id
    assert TEXT == json.loads(sent.calls[0].request.content)


def test_respx_answers_one_after_the_other(front: Front) -> None:
    with respx.mock:
        route = respx.get(f"{BASE}/objects/tags/list")
        route.side_effect = [httpx.ReadTimeout, httpx.Response(500), httpx.Response(200, json=GOOD)]
        assert ["1"] == [tag.tag_id for tag in front.run(read, retry=RetryPolicy(initial=0))]
        assert 3 == route.call_count


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError])
def test_a_mocked_failure_of_a_write_counts_as_left(front: Front, error: type[Exception]) -> None:
    with respx.mock:
        route = respx.post(f"{BASE}/conversations/sms/send").mock(side_effect=error)
        raised = front.fails(OutcomeUnknownError, write, retry=RetryPolicy(initial=0))
        assert ("unknown", 1, 1) == (raised.outcome, raised.attempts, route.call_count)


def test_a_mocked_refused_connection_never_left(front: Front) -> None:
    with respx.mock:
        route = respx.post(f"{BASE}/conversations/sms/send").mock(side_effect=httpx.ConnectError)
        raised = front.fails(NotSentError, write, retry=RetryPolicy(initial=0))
        assert ("not_sent", 4, 4) == (raised.outcome, raised.attempts, route.call_count)


def test_pytest_httpx_at_its_defaults(front: Front, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=f"{BASE}/objects/tags/list", json=GOOD)
    httpx_mock.add_response(url=f"{BASE}/conversations/sms/send", method="POST", json=SENT)
    httpx_mock.add_exception(httpx.ReadTimeout("late"), url=f"{BASE}/conversations/sms/send", method="POST")
    assert ["1"] == [tag.tag_id for tag in front.run(read)]
    assert "t" == front.run(write).thread_id
    assert "timeout" == front.fails(OutcomeUnknownError, write).reason
