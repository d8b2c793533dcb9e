"""The page of names has every value of every model, every column, and what was typed in here."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest
from support.rows import documented

from alive5 import Model, models
from alive5.export.dataset.schema import TABLES
from alive5.models._base import WIRE

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "names.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| `")]
VALUES = [row for row in ROWS if len(row) == 5]
MODELS = [getattr(models, name) for name in models.__all__ if issubclass(getattr(models, name), Model)]


def names(cell: str) -> list[str]:
    return re.findall(r"[`\[]([\w.]+)[`\]]", cell)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_value_of_a_model_is_in_one_row(model: type[Model]) -> None:
    """That of the model, else that of the nearest base, whose row has the same names."""
    for field in attrs.fields(model):
        if field.metadata:
            wire = field.metadata[WIRE] or field.name
            fitting = [row for row in VALUES if [wire, field.name] == names(row[0]) + names(row[1])]
            of = [[row for row in fitting if base.__name__ in names(row[2])] for base in model.__mro__]
            assert 1 == len(next(filter(None, of), [])), wire


@pytest.mark.parametrize("model", documented(), ids=lambda model: model.__name__)
def test_every_documented_value_is_there(model: type[Model]) -> None:
    assert set(documented()[model]) <= {name for row in VALUES for name in names(row[0])}


def test_every_column_is_there() -> None:
    made = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}
    shown = {name for row in VALUES for name in names(row[4])} | {name for row in ROWS for name in names(row[0])}
    assert set() == made - shown
    assert {name for row in VALUES for name in names(row[4])} <= made


@pytest.mark.parametrize(
    ("wire", "row"),
    [
        ("alive5_sessionID", ["alive5_session_id", "id require_id", "conversations.session_id messages.session_id"]),
        ("end_time", ["end_time", "ended_at is_open", "conversations.end_time"]),
        ("contacts_phone_mobile", ["contacts_phone_mobile", "contact.phone", "conversations.contacts_phone"]),
        ("message_content", ["message_content", "text", "messages.message_content"]),
        ("media_url", ["media_url", "", "messages.extra_json"]),
        ("channel_phone_number", ["phone_number", "", ""]),
        ("interceptorUuid", ["interceptor_uuid", "require_id", ""]),
        ("From", ["from_", "", ""]),
        ("status_timestamp", ["status_timestamp", "status status_at", ""]),
    ],
)
def test_rows_that_are_known(wire: str, row: list[str]) -> None:
    fitting = [cells for cells in VALUES if names(cells[0]) == [wire]]
    found = [[" ".join(names(cells[at])) for at in (1, 3, 4)] for cells in fitting]
    assert row in found
