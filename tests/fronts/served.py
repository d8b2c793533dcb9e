"""The sandbox on a real socket, served by uvicorn in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from alive5.sandbox import Sandbox

_LIMIT = 10


@contextmanager
def served(sandbox: Sandbox) -> Iterator[str]:
    """
    Serve a sandbox; gives the address without a path.
    """
    config = uvicorn.Config(sandbox.asgi, host="127.0.0.1", port=0, log_level="critical", http="h11", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + _LIMIT
    while not server.started and time.monotonic() < end:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_LIMIT)
