"""The two tables: tied to the models, frozen, and the same in Arrow, SQL and JSON."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import attrs
import duckdb
import pytest
from support.facts import OBSERVED

from alive5.export.dataset.schema import CONVERSATIONS, MESSAGES, SCHEMA_VERSION, TABLES, Form, arrow_schema, describe
from alive5.models import FbmConversation, LivechatConversation, Message, SmsConversation
from alive5.models._base import WIRE
from alive5.models.conversation import KINDS

FROZEN = {
    "conversations": (
        "kind:text session_id:text synthetic:flag org_name:text start_time:time end_time:time channel_id:text"
        " channel_name:text crm_id:text agent_id:text assigned_to:text contacts_first_name:text"
        " contacts_last_name:text contacts_email:text contacts_phone:text contacts_notes:text tags:texts"
        " alive_sms_phone_number:text ip_address:text city:text state:text country:text zip:text referrer_url:text"
        " page_url:text n_messages:int extra_json:json raw_sha256:text"
    ),
    "messages": (
        "kind:text session_id:text seq:int created_at:time created_by:text message_content:text extra_json:json"
    ),
}


def test_version_1_is_frozen() -> None:
    """A change here breaks what people built on the tables: add columns at the end, and raise the version."""
    assert SCHEMA_VERSION == 1
    assert FROZEN == {name: " ".join(f"{c.name}:{c.type}" for c in t.columns) for name, t in TABLES.items()}


def documented_of(model: type) -> set[str]:
    """The values of a model, without those that were observed only and stay in ``extra_json``."""
    every = {field.metadata[WIRE] or field.name for field in attrs.fields(model) if field.metadata}
    return every - (set(OBSERVED[model.__name__].split()) - {"tags"})


@pytest.mark.parametrize("model", [LivechatConversation, SmsConversation, FbmConversation])
def test_every_documented_value_of_a_conversation_has_its_column(model: type) -> None:
    documented = documented_of(model)
    assert set() == documented - {column.wire for column in CONVERSATIONS.columns} - {"chat_conversation"}
    assert model.kind in KINDS


def test_every_documented_value_of_a_message_has_its_column() -> None:
    assert set() == documented_of(Message) - {column.wire for column in MESSAGES.columns}


def test_the_arrow_text_is_what_arrow_says() -> None:
    texts = describe("arrow").split("\n\n")
    for text, table in zip(texts, TABLES.values(), strict=True):
        schema = arrow_schema(table).remove_metadata()
        assert f"# {table.name}\n" + "\n".join(map(_arrow_line, schema)) == text


def _arrow_line(field: object) -> str:
    return str(field).removeprefix("pyarrow.Field<").removesuffix(">")


def test_the_arrow_schema_names_its_version() -> None:
    assert {b"alive5.table": b"messages", b"alive5.schema_version": b"1"} == arrow_schema(MESSAGES).metadata


def test_the_sql_makes_both_tables() -> None:
    with closing(sqlite3.connect(":memory:")) as lite, closing(duckdb.connect()) as duck:
        lite.executescript(describe("sql"))
        duck.execute(describe("sql"))
        for table in TABLES.values():
            assert list(table.names) == [row[1] for row in lite.execute(f"PRAGMA table_info({table.name})")]
            assert list(table.names) == [row[0] for row in duck.execute(f"DESCRIBE {table.name}").fetchall()]


def test_the_json_describes_every_column() -> None:
    described = json.loads(describe("json"))
    assert described["schema_version"] == 1
    assert list(MESSAGES.key) == described["tables"]["messages"]["key"]
    first = described["tables"]["conversations"]["columns"][1]
    assert {"name": "session_id", "type": "text", "required": True, "wire": "alive5_sessionID"} == {
        name: value for name, value in first.items() if name != "about"
    }
    assert describe() == describe("json")


def test_another_form_is_refused() -> None:
    form: Form = "yaml"  # type: ignore[assignment]
    with pytest.raises(ValueError, match="arrow, sql, json"):
        describe(form)
