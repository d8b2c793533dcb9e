"""
The two tables of an export, as plain data.

Everything else is derived from here: the Arrow schemas, the SQL definitions and
the JSON description. Within a schema version columns keep their name, type and
position; a new version may only add some at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

from ..._json import codec as json
from .extras import need

SCHEMA_VERSION: Final = 1
"""The version of the tables, written into every manifest and Arrow schema."""

Type = Literal["text", "time", "int", "real", "flag", "texts", "json"]
Form = Literal["arrow", "sql", "json"]

_ARROW: Final[Mapping[Type, str]] = {
    "text": "string",
    "time": "timestamp[us, tz=UTC]",
    "int": "int32",
    "real": "double",
    "flag": "bool",
    "texts": "list<item: string>",
    "json": "string",
}
SQL: Final[Mapping[Type, str]] = {
    "text": "TEXT",
    "time": "TIMESTAMP WITH TIME ZONE",
    "int": "INTEGER",
    "real": "DOUBLE PRECISION",
    "flag": "BOOLEAN",
    "texts": "TEXT",
    "json": "TEXT",
}
"""Types most databases know; a list of texts is its JSON text."""


@attrs.frozen
class Column:
    """
    One column; ``wire`` is the documented name it carries, None for our own.
    """

    name: str
    type: Type
    about: str
    wire: str | None = None
    required: bool = False


@attrs.frozen
class Table:
    """
    One table; ``key`` names the columns no two rows share.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.name for column in self.columns)

    def sql(self, types: Mapping[Type, str] = SQL, *, keyed: bool = True) -> str:
        """
        Return the statement that creates the table.
        """
        lines = [f"{c.name} {types[c.type]}{' NOT NULL' * c.required}" for c in self.columns]
        if keyed:
            lines.append(f"PRIMARY KEY ({', '.join(self.key)})")
        return f"CREATE TABLE {self.name} (\n  " + ",\n  ".join(lines) + "\n)"


def _given(name: str, about: str, type: Type = "text", wire: str | None = None) -> Column:  # noqa: A002
    return Column(name, type, about, wire or name)


_KIND = Column("kind", "text", "livechat, sms or fbm", required=True)
_ID = Column("session_id", "text", "the conversation's id", "alive5_sessionID", required=True)
_EXTRA = Column("extra_json", "json", "what no column holds, under its delivered name, keys sorted; null when nothing")

CONVERSATIONS: Final = Table(
    "conversations",
    ("kind", "session_id"),
    (
        _KIND,
        _ID,
        Column("synthetic", "flag", "the row came without an id and session_id was made of its content", required=True),
        _given("org_name", "the organisation"),
        _given("start_time", "when it began", "time"),
        _given("end_time", "when it ended; null while it is open", "time"),
        _given("channel_id", "the channel's id"),
        _given("channel_name", "the channel's name"),
        _given("crm_id", "the contact's id"),
        _given("agent_id", "the agent's id"),
        _given("assigned_to", "who it is assigned to"),
        _given("contacts_first_name", "the contact's first name"),
        _given("contacts_last_name", "the contact's last name"),
        _given("contacts_email", "the contact's e-mail address"),
        _given("contacts_phone", "the contact's phone number"),
        _given("contacts_notes", "notes about the contact"),
        _given("tags", "tags; null when none were delivered", "texts"),
        _given("alive_sms_phone_number", "the Alive5 number of the conversation"),
        _given("ip_address", "the visitor's IP address"),
        _given("city", "the visitor's city"),
        _given("state", "the visitor's state"),
        _given("country", "the visitor's country"),
        _given("zip", "the visitor's postal code"),
        _given("referrer_url", "where the visitor came from"),
        _given("page_url", "the page the chat was opened on"),
        Column("n_messages", "int", "how many rows of messages belong to it", required=True),
        _EXTRA,
        Column("raw_sha256", "text", "SHA-256 of the delivered row, keys sorted, in hexadecimal", required=True),
    ),
)
MESSAGES: Final = Table(
    "messages",
    ("kind", "session_id", "seq"),
    (
        _KIND,
        _ID,
        Column("seq", "int", "the position in the conversation, from 0, in the delivered order", required=True),
        _given("created_at", "when it was written", "time"),
        _given("created_by", "who wrote it"),
        _given("message_content", "the text"),
        _EXTRA,
    ),
)
TABLES: Final[Mapping[str, Table]] = {table.name: table for table in (CONVERSATIONS, MESSAGES)}


def describe(form: Form = "json") -> str:
    """
    Return the schema as text: Arrow's own notation, SQL, or JSON.
    """
    if form == "arrow":
        return "\n\n".join(_arrow_text(table) for table in TABLES.values())
    if form == "sql":
        return "\n\n".join(f"{table.sql()};" for table in TABLES.values())
    if form == "json":
        tables = {table.name: _json(table) for table in TABLES.values()}
        return json.document({"schema_version": SCHEMA_VERSION, "tables": tables}, indent=2)
    raise ValueError("form must be one of: arrow, sql, json")


def arrow_schema(table: Table) -> Any:
    """
    Return the ``pyarrow.Schema`` of a table.
    """
    pa = need("pyarrow", "parquet")
    types = {
        "text": pa.string(),
        "time": pa.timestamp("us", "UTC"),
        "int": pa.int32(),
        "real": pa.float64(),
        "flag": pa.bool_(),
        "texts": pa.list_(pa.string()),
        "json": pa.string(),
    }
    fields = [pa.field(c.name, types[c.type], nullable=not c.required) for c in table.columns]
    return pa.schema(fields, metadata={"alive5.table": table.name, "alive5.schema_version": str(SCHEMA_VERSION)})


def _arrow_text(table: Table) -> str:
    lines = [f"{c.name}: {_ARROW[c.type]}{' not null' * c.required}" for c in table.columns]
    return f"# {table.name}\n" + "\n".join(lines)


def _json(table: Table) -> dict[str, Any]:
    columns = [
        {"name": c.name, "type": c.type, "required": c.required, "wire": c.wire, "about": c.about}
        for c in table.columns
    ]
    return {"key": list(table.key), "columns": columns}
