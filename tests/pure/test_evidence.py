"""What proves that a write was accepted: a good code, or a documented value of its operation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alive5 import Reply
from alive5._sansio.endpoint import Endpoint
from alive5._sansio.endpoints import ENDPOINTS, SEND_SMS
from alive5._sansio.envelope import Opened, Refusal, open_reply
from alive5._sansio.evidence import is_evident
from alive5._sansio.later_endpoints import UPDATE_CONTACT
from alive5._sansio.outcome import Repeat, judge

WRITES = [endpoint for endpoint in ENDPOINTS if endpoint.method != "GET"]
DOCUMENTED = {
    "sms.send": "newThread",
    "sms.push": "init_messageid",
    "channels.create": "channel_id",
    "agents.create": "user_id",
    "faq.create_category": "category_id",
    "faq.create_article": "article_id",
    "tags.create": "tag_id",
    "widgets.create": "widget_id",
    "botchains.create": "botchain_id",
    "contacts.create": "crm_id",
    "contacts.update": "crm_id",
    "webhooks.sms.register": "channelUpdate",
    "webhooks.sms.delete": "channelUpdate",
}
# Answers of a gateway, of a proxy, of a function that crashed: HTTP 200, and nothing was done.
NOTHING_SAID: list[Any] = [
    *({}, [], [{}], [None], {"data": None}, {"data": {}}, {"data": []}, {"data": [[]]}, {"data": {"data": {}}}),
    *(
        {"errorMessage": "Task timed out"},
        {"statusCode": 500},
        {"message": "Internal server error"},
        {"status": "error"},
    ),
    *({"data": "Failed to send"}, {"data": 5}, {"data": {"message": "Failed"}}, {"success": True}, {"error": None}),
    *({"data": {"errorMessage": "x"}, "error": None}, {"code": None, "data": {"surprise": 1}, "error": {}}),
]
# Codes nobody can read, or that are of no success; a documented value beside them decides nothing.
BAD_CODES: list[Any] = ["E500", -1, 0, 0.5, 100, 199, 300, 302, 399, True, {}, [], "", "OK", "200 ", "-200", 200.5]
FAILED: list[Any] = [500.0, 400.0, "500", 400, {"success": 0}, {"success": 0.0}, {"success": "0"}, {"error": "No"}]


def opened(value: Any, status: int = 200) -> Any:
    return open_reply(Reply(status=status, body=json.dumps(value).encode()))


def test_every_write_says_what_a_documented_answer_holds() -> None:
    assert set(DOCUMENTED) == {endpoint.operation for endpoint in WRITES}
    for endpoint in WRITES:
        assert DOCUMENTED[endpoint.operation] in endpoint.evidence
        assert endpoint.evidence.isdisjoint(("code", "data", "error", "success", "message"))


@pytest.mark.parametrize("endpoint", WRITES, ids=lambda endpoint: endpoint.operation)
@pytest.mark.parametrize("value", NOTHING_SAID, ids=str)
def test_an_answer_that_says_nothing_is_no_evidence(endpoint: Endpoint, value: Any) -> None:
    answer = opened(value)
    assert isinstance(answer, Opened)
    assert not is_evident(answer, endpoint.evidence)


@pytest.mark.parametrize("endpoint", WRITES, ids=lambda endpoint: endpoint.operation)
@pytest.mark.parametrize("value", ["x", 0, False, {"a": 1}, 7.5, [1]], ids=str)
def test_one_documented_value_is_evidence(endpoint: Endpoint, value: Any) -> None:
    row = {DOCUMENTED[endpoint.operation]: value}
    for answer in (row, [row], [None, row], {"data": row, "error": None}, {"success": True, **row}, {"data": [row]}):
        assert is_evident(opened(answer), endpoint.evidence)


@pytest.mark.parametrize("endpoint", WRITES, ids=lambda endpoint: endpoint.operation)
@pytest.mark.parametrize("value", [None, "", [], {}], ids=str)
def test_a_name_without_a_value_is_no_evidence(endpoint: Endpoint, value: Any) -> None:
    assert not is_evident(opened({DOCUMENTED[endpoint.operation]: value}), endpoint.evidence)


@pytest.mark.parametrize("code", [200, "200", 200.0, 201, "0200", 299])
@pytest.mark.parametrize("data", [None, {}, [], "queued", 7, {"surprise": 1}, {"thread_id": "t"}], ids=str)
def test_a_good_code_is_evidence_whatever_the_data(code: Any, data: Any) -> None:
    layer = {"code": code, "data": data, "error": None}
    for answer in (
        {"code": code},
        layer,
        {"code": 200, "data": layer},
        {"data": layer},
        {"code": 200, "data": {**layer, "code": None}},
    ):
        assert is_evident(opened(answer), SEND_SMS.evidence)


@pytest.mark.parametrize("code", BAD_CODES, ids=str)
def test_a_code_that_cannot_be_read_or_is_of_no_success_decides(code: Any) -> None:
    layer = {"code": code, "data": {"thread_id": "t"}}
    for answer in (
        layer,
        {"code": 200, "data": layer},
        {"code": code, "data": {"code": 200, "data": {"thread_id": "t"}}},
    ):
        assert not is_evident(opened(answer), SEND_SMS.evidence)


@pytest.mark.parametrize("value", FAILED, ids=str)
def test_a_failure_is_none_of_these(value: Any) -> None:
    layer = {**(value if isinstance(value, dict) else {"code": value}), "data": {"thread_id": "t"}}
    assert isinstance(opened(layer), Refusal)
    assert isinstance(opened({"code": 200, "data": layer}), Refusal)


@pytest.mark.parametrize("error", ["Applied, but", {"message": "x"}, {"a": 1}, ["x"], 7])
@pytest.mark.parametrize("code", [None, 200, 400, 404, 422, 429])
def test_an_update_by_http_200_with_an_error_may_have_been_applied(code: int | None, error: Any) -> None:
    for answer in ({"code": code, "data": {}, "error": error}, {"code": 200, "data": {"code": code, "error": error}}):
        verdict = judge(opened(answer), write=True, doubtful=UPDATE_CONTACT.doubtful_errors)
        assert ("unknown", Repeat.READ_ONLY) == (verdict.outcome, verdict.repeat)


@pytest.mark.parametrize(
    ("value", "status", "outcome"),
    [
        ({"code": 400, "error": {}}, 200, "rejected"),
        ({"code": 404, "message": "No such contact"}, 200, "rejected"),
        ({"code": 400, "error": "No"}, 400, "rejected"),
        ({"code": 400, "error": "Invalid token"}, 200, "rejected"),
        ({"code": 401, "error": "Authorization token not found"}, 200, "rejected"),
        ({"code": 500, "error": {}}, 200, "unknown"),
        # Beside any success of HTTP, and nothing else.
        *(({"code": 400, "error": "No"}, status, "unknown") for status in (200, 201, 299)),
        *(({"code": 400, "error": "No"}, status, "rejected") for status in (199, 404)),
    ],
)
def test_an_update_that_was_refused_plainly_was_not_applied(value: Any, status: int, outcome: str) -> None:
    assert outcome == judge(opened(value, status), write=True, doubtful=True).outcome


def test_no_other_write_doubts_an_error_by_http_200() -> None:
    assert [UPDATE_CONTACT] == [endpoint for endpoint in ENDPOINTS if endpoint.doubtful_errors]
    assert (
        "rejected" == judge(opened({"code": 400, "error": "No"}), write=True, doubtful=SEND_SMS.doubtful_errors).outcome
    )
