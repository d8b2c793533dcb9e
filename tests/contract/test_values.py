"""Each documented response value is a field, and each field is a documented response value."""

from __future__ import annotations

import json
import typing
from collections import defaultdict
from datetime import datetime
from typing import Any

import attrs
import pytest
from support import later_facts
from support.facts import DOCUMENTED_VALUES, OBSERVED, OPERATIONS, RENAMED, Operation
from support.rows import MODELS, model_at, row, sample

from alive5 import Model, Reply, models
from alive5._sansio.decode import shape
from alive5._sansio.envelope import Opened, open_reply


def names(place: str) -> list[str]:
    return [RENAMED.get(name, name) for name in place.split()]


def test_the_table_is_whole() -> None:
    counted = [
        len({value for place in operation.values.values() for value in place.split()}) for operation in OPERATIONS
    ]
    assert [operation.documented for operation in OPERATIONS] == counted
    assert sum(counted) == DOCUMENTED_VALUES
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == 16


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_each_documented_value_is_a_field(operation: Operation) -> None:
    for place, documented in operation.values.items():
        model = model_at(MODELS[operation.call], place)
        fields = {field.name for field in attrs.fields(model)}
        assert set(names(documented)) - fields == set()
        assert set(names(documented)) - set(typing.get_type_hints(model)) == set()


def test_each_field_is_a_documented_value_or_was_observed() -> None:
    documented: dict[type[Model], set[str]] = defaultdict(set)
    for operation in OPERATIONS:
        for place, values in operation.values.items():
            documented[model_at(MODELS[operation.call], place)] |= set(names(values))
    observed = {model: set(names(OBSERVED.get(model.__name__, ""))) for model in documented}
    assert {model: observed[model] & values for model, values in documented.items() if observed[model] & values} == {}
    assert {model: {field.name for field in attrs.fields(model)} - {"extra"} for model in documented} == {
        model: values | observed[model] for model, values in documented.items()
    }
    assert OBSERVED.keys() <= {model.__name__ for model in documented}


def test_every_model_is_of_an_operation_or_shared() -> None:
    reached = {model_at(MODELS[o.call], place) for o in OPERATIONS for place in o.values}
    reached |= {getattr(models, name) for name in later_facts.MODELS}
    exported = {value for value in vars(models).values() if isinstance(value, type) and issubclass(value, Model)}
    assert exported - reached == {models.Model, models.Conversation}


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_each_documented_value_arrives_under_its_name(operation: Operation) -> None:
    opened = open_reply(
        Reply(status=200, body=json.dumps({"code": 200, "data": row(operation), "error": None}).encode())
    )
    assert isinstance(opened, Opened)
    made = shape(MODELS[operation.call], opened.data)
    for place, values in operation.values.items():
        at: Any = made
        for step in filter(None, place.split(".")):
            at = getattr(at, step)
            at = at[0] if isinstance(at, list) else at
        assert dict(at.extra) == {}
        for name in values.split():
            value = getattr(at, RENAMED.get(name, name))
            if name not in ("agents", "chat_conversation", "newThread", "crmData", "error"):
                expected = sample(name)
                assert (1767225600.0 if expected == 1767225600000 else expected) == (
                    value.timestamp() if isinstance(value, datetime) else value
                )


def test_a_send_that_is_not_nested_is_read_as_well() -> None:
    sent = shape(models.SentSms, {"thread_id": "t1", "assignedTo": "u1", "crmData": {"first_name": "Ada"}})
    assert ("t1", "u1", "Ada", None) == (sent.thread_id, sent.assigned_to, sent.first_name, sent.new_thread)
