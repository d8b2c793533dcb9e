"""Secrets in rows are dropped by their names, at any depth, and shown by nothing that is made of the rows."""

from __future__ import annotations

import copy
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rows import documented, full_row

from alive5 import Account, LivechatConversation, Message, Model, SmsConversation, Widget
from alive5._sansio import secret_names
from alive5._sansio.decode import shape
from alive5._sansio.secret_names import drop_secrets
from alive5.export.dataset.flatten import flatten
from alive5.export.rows.compression import unpack
from alive5.export.rows.encode import encode
from alive5.export.rows.json_lines import line_of
from alive5.models._base import DEEPEST, plain
from alive5.models._secret_names import is_secret_name

CANARY = "canary-of-a-secret"
NAMES = (
    *("api_key", "apikey", "apiKey", "API-KEY", "x_api_key_2", "token", "accessToken", "REFRESH_TOKEN", "password"),
    *("Password1", "secret", "client_secret", "alivesecure_key", "aliveSecure_Key", "aliveOpentokSession"),
)
HARMLESS = ("api", "key", "monkey", "keyapi", "api__key", "tok", "alivesecure", "kind", "crm_id", "")
DOCUMENTED = documented()


def flat() -> dict[str, Any]:
    return {
        "alive5_sessionID": "s1",
        "aliveOpentokSession": CANARY,
        "chat_conversation": [{"message_content": "my password is safe", "alivesecure_key": {"a": CANARY}}],
        "surprise": [{"deep": {"apiKey": [CANARY], "shown": 1}}],
    }


def thread() -> dict[str, Any]:
    person = {"email": "a@example.com", "Password": CANARY}
    source = {"message_content": "Hi", "token": CANARY, "file": {"client_secret": CANARY}}
    return {
        "threadData": {"thread_id": "t1", "alivesecure_key": CANARY, "crmData": person, "x": {"TOKEN": [CANARY]}},
        "threadConversation": [{"_source": source, "access_token": CANARY}],
        "aliveopentoksession": CANARY,
    }


ROWS = pytest.mark.parametrize("row", [flat, thread], ids=["flat", "thread"])


@pytest.mark.promise("D1")
@ROWS
def test_no_model_shows_a_secret(row: Any) -> None:
    made = shape(LivechatConversation, row())
    shown = [made.to_dict(), made.to_dict(secrets=True), made.extra, repr(made), made.transcript()]
    shown += [part for message in made.messages for part in (message.extra, repr(message))]
    assert CANARY not in repr(shown)
    assert made.messages[0].text in ("my password is safe", "Hi")
    assert made.id


def test_a_secret_put_there_by_hand_is_shown_only_when_asked_for() -> None:
    made = Message(extra={"token": CANARY, "a": [{"secret": CANARY}], "b": {"c": 1}})
    assert {"a": [{}], "b": {"c": 1}} == made.to_dict()["extra"]
    assert made.extra == made.to_dict(secrets=True)["extra"]


@pytest.mark.promise("D1")
def test_values_that_are_kept_as_they_come_hold_no_secret() -> None:
    secret = {"token": CANARY, "a": 1}
    assert {"a": 1} == shape(Widget, {"qr_config": dict(secret)}).qr_config
    assert ['{"a":1}'] == shape(SmsConversation, {"tags": [dict(secret)]}).tags
    assert {"crm_id": {"a": 1}} == shape(SmsConversation, {"crm_id": dict(secret)}).extra
    assert {"value": [{"a": 1}]} == shape(Account, [dict(secret)]).extra
    assert shape(Message, {"token": CANARY}).extra is Message().extra


@pytest.mark.promise("D1")
@ROWS
def test_no_line_and_no_table_of_an_export_shows_a_secret(row: Any) -> None:
    (made,) = encode("livechat", [row()], 0, {})
    line = unpack(made.block.packed)
    assert CANARY.encode() not in line
    assert line_of("livechat", drop_secrets(row())) == line
    assert CANARY not in repr(flatten("livechat", made.id, row(), Counter()))


@pytest.mark.promise("D1")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("model", DOCUMENTED, ids=lambda model: model.__name__)
def test_no_model_shows_what_stands_under_a_name(model: type[Model], name: str) -> None:
    row = {**full_row(DOCUMENTED[model]), "surprise": {"a": [{name: CANARY}], "b": 1}, name: CANARY}
    made = shape(model, copy.deepcopy(row))
    assert CANARY not in json.dumps(made.to_dict())
    assert {"a": [{}], "b": 1} == made.to_dict()["extra"]["surprise"]
    assert CANARY not in repr(made)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_secrets(name: str) -> None:
    assert {"a": 1} == drop_secrets({name: CANARY, "a": 1})
    assert [[{"b": [{}]}], 5] == drop_secrets([[{"b": [{name: {"c": CANARY}}]}], 5])


@pytest.mark.parametrize("name", HARMLESS)
def test_other_names(name: str) -> None:
    assert {name: [1]} == drop_secrets({name: [1]})


@pytest.mark.parametrize("value", [None, 5, "token", [], {}, True])
def test_what_has_no_names_stays(value: Any) -> None:
    assert value is drop_secrets(value)


def test_the_value_itself_is_changed_at_any_depth() -> None:
    bottom: dict[str, Any] = {"token": CANARY, "a": 1}
    value: Any = bottom
    for _ in range(100_000):
        value = [value]
    assert value is drop_secrets(value)
    assert {"a": 1} == bottom


def test_what_is_too_deep_for_a_dictionary_shows_no_secret() -> None:
    value: Any = {"secret": CANARY, "a": [{"apikey": CANARY}, "b"]}
    for _ in range(DEEPEST + 5):
        value = [value]
    assert CANARY not in repr(plain(value))
    assert CANARY in repr(plain(value, secrets=True))
    assert '{"a":[{},"b"]}' in repr(plain(value))


def test_the_accounts_own_key_is_all_that_is_kept() -> None:
    row = {"api_key": "its key", "API_KEY": CANARY, "token": CANARY, "plan": {"secret": CANARY, "name": "a"}}
    account = shape(Account, row)
    assert ("its key", {"plan": {"name": "a"}}) == (account.api_key, account.extra)
    assert "***" == account.to_dict()["api_key"]
    assert "its key" == account.to_dict(secrets=True)["api_key"]
    assert CANARY not in repr(account.to_dict(secrets=True))


def test_a_name_written_in_escapes_is_found() -> None:
    body = b'{"\\u0061lways": 1, "\\u0061\\u0050\\u0069\\u006b\\u0065\\u0079": "' + CANARY.encode() + b'"}'
    assert {"always": 1} == drop_secrets(json.loads(body))


KEYS = st.sampled_from([*NAMES, *HARMLESS]) | st.text(max_size=6)
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)


def pruned(value: Any) -> Any:
    """The rule again, without its care for depth."""
    if isinstance(value, list):
        return [pruned(item) for item in value]
    if not isinstance(value, dict):
        return value
    parts = ("apikey", "token", "password", "secret", "alivesecure_key", "aliveopentoksession")

    def is_secret(name: str) -> bool:
        lower = "".join(letter.lower() if letter.isascii() else letter for letter in name)
        between = any(lower[at : at + 3] == "api" and lower[at + 4 : at + 7] == "key" for at in range(len(lower)))
        return between or any(part in lower for part in parts)

    return {name: pruned(item) for name, item in value.items() if not is_secret(name)}


@given(VALUES, st.booleans())
def test_nothing_else_is_dropped_and_no_page_is_missed(value: Any, ascii_only: bool) -> None:
    expected = pruned(copy.deepcopy(value))
    if expected != value:
        assert expected == drop_secrets(value)


def test_an_ordinary_row_is_untouched() -> None:
    row = full_row(DOCUMENTED[SmsConversation])
    assert row == drop_secrets(copy.deepcopy(row))


def test_names_a_server_makes_up_do_not_fill_the_memory() -> None:
    for start in range(0, 20_000, 100):
        drop_secrets({f"made up {number}": 1 for number in range(start, start + 100)})
    drop_secrets({"x" * 1000: 1})
    drop_secrets({str(number): 1 for number in range(10_000)})
    assert len(secret_names._harmless) < 5000
    assert not any(is_secret_name(name) or len(name) > 256 for name in secret_names._harmless)
