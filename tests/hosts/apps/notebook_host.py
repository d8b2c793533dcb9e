"""Runs a notebook in a real kernel: both fronts at top level, and an end without closing anything."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

CELLS = [
    """
import asyncio, atexit, os
from pathlib import Path
from alive5 import Alive5, AsyncAlive5, RetryPolicy
atexit.register(Path("ended").write_text, "by itself")
OPTIONS = {"base_url": os.environ["FAKE_URL"], "retry": RetryPolicy.none()}
assert asyncio.get_running_loop().is_running()
""",
    """
client = Alive5("test_key_hosts", **OPTIONS)
len(client.tags.list())
""",
    "len(client.conversations.livechat(prefetch=4).list())",
    "len([chat.id for chat in client.conversations.livechat(prefetch=2)])",
    """
aclient = AsyncAlive5("test_key_hosts", **OPTIONS)
len(await aclient.tags.list())
""",
    "len(await aclient.tags.list())",
    "len(await AsyncAlive5('test_key_hosts', **OPTIONS).tags.list())",
    "len(await aclient.conversations.livechat(prefetch=4).list())",
    "len([chat.id async for chat in aclient.conversations.livechat()])",
    """
async def several():
    return await asyncio.gather(*(aclient.tags.list() for _ in range(10)))
len(await several())
""",
    "(await asyncio.to_thread(client.tags.list))[0].tag_label",
]


for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
    os.environ[name] = os.path.abspath(name.lower())


def shown(cell: Any) -> str:
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)


notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
NotebookClient(notebook, timeout=30, kernel_name="python3", resources={"metadata": {"path": os.getcwd()}}).execute()
ended = Path("ended")
print(
    json.dumps(
        {
            "shown": [shown(cell) for cell in notebook.cells],
            "streams": [output.text for cell in notebook.cells for output in cell.outputs if "text" in output],
            "ended": ended.read_text() if ended.exists() else "killed",
        }
    )
)
