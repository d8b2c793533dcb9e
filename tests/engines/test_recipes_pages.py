"""The recipes of docs/engines run as they stand on their page, and bring what an export brings."""

from __future__ import annotations

import ast
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from support.exporting import export
from support.front import served
from support.pages import blocks, python_blocks
from support.recipes import ENGINES, LONGEST, environment, run, run_blocks
from support.watch import CANARY

from alive5 import open_export
from alive5.sandbox import Sandbox

pytestmark = pytest.mark.timeout(2 * LONGEST)
COUNTS: dict[str, Any] = {"livechat": 120, "sms": 40, "fbm": 20, "api_key": CANARY}
QUARTER = {"start": "2026-01-01", "end": "2026-03-31"}
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox(**COUNTS)


@pytest.fixture(scope="module")
def origin(sandbox: Sandbox) -> Iterator[str]:
    with served(sandbox) as found:
        yield found


@pytest.fixture(scope="module")
def messages(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """
    Messages a kind in the quarter, by an export.
    """
    directory = tmp_path_factory.mktemp("export") / "out"
    export(sandbox, directory, **QUARTER)
    return dict(Counter(row["kind"] for row in open_export(directory).messages()))


def last_line(printed: str) -> Any:
    return ast.literal_eval(printed.strip().splitlines()[-1])


def test_dask(origin: str, messages: dict[str, int], tmp_path: Path) -> None:
    assert messages == last_line(run_blocks(python_blocks(ENGINES / "dask.md"), tmp_path, origin))


def test_ray(origin: str, messages: dict[str, int], tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray has no wheels for this Python")
    # On loopback, on two cores and little memory, and without the page that shows its state.
    small = "num_cpus=2, include_dashboard=False, object_store_memory=100 << 20, _node_ip_address='127.0.0.1'"
    page = python_blocks(ENGINES / "ray.md")
    assert messages == last_line(run_blocks([f"import ray\nray.init({small})", *page], tmp_path, origin))


def test_polars(origin: str, messages: dict[str, int], tmp_path: Path) -> None:
    proof = f"""
assert live(start="2026-01-01", end="2026-03-31").collect().height == {sum(messages.values())}
some = live(start="2026-01-01", end="2026-03-31").head(7).select("kind", "created_at").collect()
assert (some.height, some.columns) == (7, ["kind", "created_at"])
whole = pl.DataFrame(open_export("out/").to_arrow("messages"))
found = live(start="2026-01-01", end="2026-03-31").collect()
assert found.sort("kind", "session_id", "seq").equals(whole.sort("kind", "session_id", "seq"))
print(texts.select(pl.len()).collect().item())
"""
    assert messages["sms"] == last_line(run_blocks([*python_blocks(ENGINES / "polars.md"), proof], tmp_path, origin))


def test_a_singer_tap_of_sixty_lines_goes_on_from_its_state(tmp_path: Path) -> None:
    (tap,) = python_blocks(ENGINES / "singer.md")
    assert sum(bool(line.strip()) for line in tap.splitlines()) <= 60
    now = datetime.now(timezone.utc)
    sandbox, first = Sandbox(**COUNTS, now=now), now - 60 * DAY
    (tmp_path / "config.json").write_text(json.dumps({"start": first.date().isoformat()}))
    with served(sandbox) as origin:
        said = tapped(run_blocks([tap], tmp_path, origin, "--config", "config.json"))
        assert ["conversations", "messages"] == [one["stream"] for one in said["SCHEMA"]]
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        assert started(sandbox, midnight) == conversations(said)
        state = said["STATE"][-1]["value"]
        (tmp_path / "state.json").write_text(json.dumps(state))
        marks = {kind: datetime.fromisoformat(mark) for kind, mark in state["bookmarks"].items()}
        assert {"livechat", "sms", "fbm"} == set(marks)
        # A window may be a month wide, and is complete when all of it has ended.
        assert all(midnight < mark <= now for mark in marks.values())
        late = sandbox.add("sms", start_time=int((marks["sms"] - 2 * DAY).timestamp() * 1_000))["alive5_sessionID"]
        again = tapped(run_blocks([tap], tmp_path, origin, "--config", "config.json", "--state", "state.json"))
    expected = {name for kind, mark in marks.items() for name in started(sandbox, mark - 3 * DAY, kinds=(kind,))}
    assert expected == conversations(again) >= {late}


def tapped(printed: str) -> dict[str, list[dict[str, Any]]]:
    said: dict[str, list[dict[str, Any]]] = {"SCHEMA": [], "RECORD": [], "STATE": []}
    for line in printed.splitlines():
        message = json.loads(line)
        said[message["type"]].append(message)
    return said


def conversations(said: dict[str, list[dict[str, Any]]]) -> set[str]:
    rows = [one["record"] for one in said["RECORD"] if one["stream"] == "conversations"]
    schema = next(one for one in said["SCHEMA"] if one["stream"] == "conversations")
    assert all(set(row) == set(schema["schema"]["properties"]) for row in rows)
    return {row["session_id"] for row in rows}


def started(sandbox: Sandbox, since: datetime, kinds: tuple[str, ...] = ("livechat", "sms", "fbm")) -> set[str]:
    low = since.timestamp() * 1_000
    return {
        row["alive5_sessionID"] for kind in kinds for row in sandbox.conversations(kind) if row["start_time"] >= low
    }


def test_datasette_serves_an_export(origin: str, messages: dict[str, int], tmp_path: Path) -> None:
    (commands,) = blocks(ENGINES / "datasette.md", "sh")
    (tmp_path / "datasette.yml").write_bytes((ENGINES / "datasette.yml").read_bytes())
    *before, serve = commands.splitlines()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert serve.endswith("--port 8001")
    variables = environment(origin, tmp_path)
    run(["bash", "-ec", "\n".join(before)], tmp_path, variables)
    server = subprocess.Popen(
        [sys.executable, "-m", *serve.replace("8001", str(port)).split()],
        cwd=tmp_path,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        days = asked(f"http://127.0.0.1:{port}/alive5/busiest_days.json?_shape=array")
        table = asked(f"http://127.0.0.1:{port}/alive5/conversations.json?_size=1&_shape=objects")
        (row,) = table["rows"]
        said = asked(f"http://127.0.0.1:{port}/alive5/transcript.json?session_id={quote(row['session_id'])}")
        page = read(f"http://127.0.0.1:{port}/alive5/messages")
    finally:
        server.kill()
        server.wait(10)
    assert {"kind", "channel_name", "assigned_to", "state"} == set(table["facet_results"])
    assert len(said["rows"]) == row["n_messages"]
    assert sum(day["messages"] for day in days) > 0
    assert sum(messages.values()) > 0
    assert b"which is the delivered order" in page


def asked(address: str) -> Any:
    return json.loads(read(address))


def read(address: str) -> bytes:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
