"""
Renders any number of chats of :mod:`plenty` from a state that was prepared.

``python -m support.prepared DIRECTORY COUNT`` prepares the state; with a format's name
after them it renders, and prints the rows, the peak of the process's memory in
MiB, and what of it the format's libraries take before anything is rendered.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from alive5.export.disk.files import Disk
from alive5.export.plan.span import Span
from alive5.export.plan.window import FetchedWindow
from alive5.export.render.render import render
from alive5.export.rows.encode import encode
from alive5.export.state.store import Store
from support import plenty

# Rows a window, as an export's own are.
WINDOW = 2_000
LIBRARIES = {"parquet": ("pyarrow.parquet",), "duckdb": ("pyarrow", "duckdb"), "xlsx": ("xlsxwriter",)}


def prepare(directory: Path, count: int) -> None:
    """
    Fill a state, as an export would.
    """
    store = Store.open(directory, Disk())
    run, base = store.begin({}), int(plenty.FIRST.timestamp())
    for low in range(0, count, WINDOW):
        rows = [plenty._row(number) for number in range(low, min(low + WINDOW, count))]
        done = FetchedWindow(
            kind="livechat",
            span=Span(base + low * 60, base + (low + WINDOW) * 60),
            rows=encode("livechat", rows, 1 << 60, {}),
            observed_us=1 << 60,
        )
        store.finish([done], run)
    store.close()


def main(directory: Path, name: str) -> None:
    """
    Render the state in one format.
    """
    for library in LIBRARIES[name]:
        import_module(library)
    libraries = plenty.peak()
    store = Store.open(directory, Disk())
    manifest = render(store, directory, Disk(), formats=[name])
    print(manifest.counts["livechat"]["conversations"], plenty.peak(), libraries)  # noqa: T201


if __name__ == "__main__":
    if sys.argv[3:]:
        main(Path(sys.argv[1]), sys.argv[3])
    else:
        prepare(Path(sys.argv[1]), int(sys.argv[2]))
