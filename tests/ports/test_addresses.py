"""A name with several addresses: the ones that do not answer must not spoil it."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import Any

import pytest
from support.exchanges import attempt, read
from support.front import Front
from support.loopback import Loopback

from alive5 import Timeout


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "refusing"])
def test_the_next_address_is_tried(front: Front, monkeypatch: pytest.MonkeyPatch, silent: bool) -> None:
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        hosts = ("127.0.0.2", "127.0.0.1") if host in ("localhost", b"localhost") else (host,)
        return [found for name in hosts for found in real(name, port, socket.AF_INET, socket.SOCK_STREAM)]

    with Loopback() as server, ExitStack() as stack:
        if silent:
            full = stack.enter_context(socket.socket())
            full.bind(("127.0.0.2", server.port))
            full.listen(0)
            for _ in range(8):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(full.getsockname())
        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        result = attempt(front, read, f"http://localhost:{server.port}", timeout=Timeout(total=20.0, connect=1.5))
        assert (result.error, result.outcomes, len(server.requests)) == (None, ["accepted"], 1)
