"""No row is lost: every field null, missing or of every wrong kind, alone and all together."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.facts import RENAMED
from support.rows import MISSING, WRONG, documented, full_row, problem

from alive5 import LivechatConversation, Message, Model, SentSms, models
from alive5._sansio.decode import converter, shape, shape_all

DOCUMENTED = documented()
MODELS = pytest.mark.parametrize("model", DOCUMENTED, ids=lambda model: model.__name__)


def spoiled(names: list[str], spoil: list[str], raw: Any) -> dict[str, Any]:
    row = full_row(names)
    for name in spoil:
        del row[name]
        if raw is not MISSING:
            row[name] = copy.deepcopy(raw)
    return row


def check(model: type[Model], row: dict[str, Any], raw: dict[str, Any]) -> None:
    made = shape(model, copy.deepcopy(row))
    assert type(made) is model
    found = {name: problem(made, name, value) for name, value in raw.items()}
    assert dict.fromkeys(raw) == found
    json.dumps(made.to_dict())
    assert repr(made) == repr(copy.deepcopy(made))


def test_all_models_of_the_contract_are_here() -> None:
    assert len(DOCUMENTED) == 17 + 12


@MODELS
def test_a_whole_row_is_read_without_a_rest(model: type[Model]) -> None:
    row = full_row(DOCUMENTED[model])
    check(model, row, row)
    assert dict(shape(model, row).extra) == {}


@pytest.mark.promise("H4")
@pytest.mark.parametrize("wrong", WRONG)
@MODELS
def test_each_field_alone(model: type[Model], wrong: str) -> None:
    for name in DOCUMENTED[model]:
        row = spoiled(DOCUMENTED[model], [name], WRONG[wrong])
        check(model, row, {**row, name: WRONG[wrong]})


@pytest.mark.promise("H4")
@pytest.mark.parametrize("wrong", WRONG)
@MODELS
def test_all_fields_together(model: type[Model], wrong: str) -> None:
    names = DOCUMENTED[model]
    row = spoiled(names, names, WRONG[wrong])
    if model is SentSms and wrong in ("object", "empty object"):
        row["newThread"] = None  # an object there speaks for the fields beside it
    check(model, {**row, "surprise": 1}, {name: row.get(name, MISSING) for name in names})
    assert shape(model, {**row, "surprise": 1}).extra["surprise"] == 1


@pytest.mark.promise("H4")
@MODELS
def test_rows_of_any_kind_are_as_many_as_came(model: type[Model]) -> None:
    rows = [full_row(DOCUMENTED[model]), None, 5, "text", [1], {}, True, 1.5]
    made = shape_all(model, rows)
    assert [type(row) for row in made] == [model] * 8
    assert [{}, {}, {"value": 5}, {"value": "text"}, {"value": [1]}, {}, {"value": True}, {"value": 1.5}] == [
        dict(row.extra) for row in made
    ]


def test_an_unknown_key_survives_when_a_known_one_is_missing() -> None:
    # Three keys, as many as a message has fields: a shortcut on their number once lost the third.
    row = {"created_at": 1767225600000, "message_content": "Hello", "surprise": {"any": 1}}
    chat = shape(LivechatConversation, {"chat_conversation": [row]})
    (message,) = chat.messages
    assert ("Hello", None, {"surprise": {"any": 1}}) == (message.text, message.author, message.extra)


@MODELS
def test_each_missing_field_leaves_unknown_keys_alone(model: type[Model]) -> None:
    for name in DOCUMENTED[model]:
        row = spoiled(DOCUMENTED[model], [name], MISSING)
        assert shape(model, {**row, "surprise": 1}).extra == {"surprise": 1}


@MODELS
def test_models_copy_compare_and_pickle(model: type[Model]) -> None:
    for row in (full_row(DOCUMENTED[model]), {"surprise": 1}, {}):
        made = shape(model, copy.deepcopy(row))
        twins = [pickle.loads(pickle.dumps(made)), copy.copy(made), copy.deepcopy(made), attrs.evolve(made)]
        assert [made] * 4 == twins
        assert [made.to_dict()] * 4 == [twin.to_dict() for twin in twins]


def test_the_registry_reads_and_writes_models() -> None:
    row = full_row(DOCUMENTED[Message])
    made = converter().structure(dict(row), Message)
    assert row["message_content"] == made.message_content
    assert made.to_dict() == converter().unstructure(made)
    assert [Message(extra={"value": 5})] == converter().structure([5], list[Message])


def test_what_is_no_object_is_kept_as_an_empty_model() -> None:
    row = full_row(DOCUMENTED[Message])
    assert row["message_content"] == shape(Message, dict(row)).message_content
    assert Message() == shape(Message, None)
    assert [Message(extra={"value": 5})] == shape_all(Message, [5])


def test_an_empty_extra_cannot_be_changed() -> None:
    extra: Any = Message().extra
    for change in (
        lambda: extra.__setitem__("a", 1),
        lambda: extra.update(a=1),
        lambda: extra.setdefault("a", 1),
        lambda: extra.pop("a", None),
        extra.popitem,
        extra.clear,
    ):
        with pytest.raises(TypeError, match="shared"):
            change()
    with pytest.raises(TypeError, match="shared"):
        extra |= {"a": 1}
    assert (extra, extra, extra) == (copy.copy(extra), copy.deepcopy(extra), pickle.loads(pickle.dumps(extra)))
    assert copy.copy(extra) is copy.deepcopy(extra) is pickle.loads(pickle.dumps(extra)) is extra


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(LEAVES, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=5), v, max_size=3))


@pytest.mark.promise("H4")
@given(st.data())
def test_any_object_becomes_a_model_that_keeps_it(data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(list(DOCUMENTED)))
    names = st.sampled_from([*DOCUMENTED[model], "surprise", "threadData", "threadConversation", "extra", ""])
    row = data.draw(st.dictionaries(names, VALUES, max_size=6))
    made = shape(model, copy.deepcopy(row))
    written = made.to_dict()
    json.dumps(written)
    assert isinstance(repr(made), str)
    known = {"newThread", "crmData", "threadData", "threadConversation"}
    if not known & set(row):
        for name in set(row) - set(DOCUMENTED[model]):
            assert row[name] == made.extra[name]
        for name in set(row) & set(DOCUMENTED[model]):
            read = written[RENAMED.get(name, name)]
            assert name in made.extra or read not in (None, []) or _is_blank(row[name])


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip(" 0")
    return value in (None, 0) or (isinstance(value, list) and all(item is None for item in value))


def test_every_exported_model_is_tested() -> None:
    assert {models.Model, models.Conversation} == {
        value for value in vars(models).values() if isinstance(value, type) and issubclass(value, Model)
    } - set(DOCUMENTED)
