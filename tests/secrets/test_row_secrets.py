"""Secrets a server puts into its rows appear in nothing a client gives and in nothing an export keeps."""

from __future__ import annotations

import gzip
import json
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.exporting import export
from support.front import Front

from alive5 import Model
from alive5.export.rows.compression import unpack
from alive5.sandbox import Sandbox

pytestmark = pytest.mark.promise("D1")

SECRET = "test_secret_"
SHAPES = pytest.mark.parametrize("shape", ["documented", "thread"])


def every_value(thing: Any) -> list[Any]:
    """What a model, and each model in it, shows and holds."""
    if isinstance(thing, list):
        return [value for one in thing for value in every_value(one)]
    if not isinstance(thing, Model):
        return [thing]
    inner = [getattr(thing, name) for name in thing.to_dict() if name != "extra"]
    return [repr(thing), thing.to_dict(), thing.to_dict(secrets=True), dict(thing.extra), *every_value(inner)]


@SHAPES
def test_no_answer_of_a_client_shows_one(front: Front, shape: Any) -> None:
    sandbox = Sandbox(livechat=12, sms=6, fbm=6, secrets=True, livechat_shape=shape)

    async def body(client: Any) -> None:
        given: list[Any] = [await client.tags.list(), await client.channels.list()]
        for kind in ("livechat", "sms", "fbm"):
            rows = await getattr(client.conversations, kind)(start="2020-01-01", end="2026-12-31").list()
            given += [rows, pickle.loads(pickle.dumps(rows)), [row.transcript() for row in rows]]
        values = every_value(given)
        assert len(values) > 200
        assert SECRET not in repr(values)

    front.inside(sandbox, body)


@SHAPES
def test_the_rows_really_had_them(shape: Any) -> None:
    sandbox = Sandbox(livechat=12, sms=6, secrets=True, livechat_shape=shape)
    with sandbox.client() as client:
        raw = client.call("GET", "conversations/livechat", params={"page": 1, "limit": 5})
    assert json.dumps(raw).count(SECRET) > 10


@SHAPES
def test_no_file_of_an_export_holds_one(shape: Any, tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=60, sms=20, fbm=10, secrets=True, livechat_shape=shape)
    export(sandbox, tmp_path / "out", formats=("jsonl", "csv", "sqlite"))
    assert len(list((tmp_path / "out").rglob("*.jsonl.gz"))) > 2
    for path in (path for path in (tmp_path / "out").rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert SECRET.encode() not in (gzip.decompress(data) if path.suffix == ".gz" else data), path.name
    with closing(sqlite3.connect(tmp_path / "out" / ".alive5" / "state.db")) as database:
        blocks = [unpack(packed) for (packed,) in database.execute("SELECT packed FROM block")]
    assert blocks
    assert SECRET.encode() not in b"".join(blocks)
