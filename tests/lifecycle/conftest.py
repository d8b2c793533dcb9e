"""Scripts run in processes of their own, since how a process ends is the point."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.counts import Seeded
from support.exchanges import authority, server_context
from support.loopback import Loopback


@pytest.fixture
def seeded() -> Seeded:
    """
    A source of chance; its seed is printed, and ``ALIVE5_SEED`` replays it.
    """
    return Seeded.from_environment()


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    The certificate of the test's authority, as a file.
    """
    path = tmp_path_factory.mktemp("trusted") / "authority.pem"
    authority().cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def server() -> Iterator[Loopback]:
    """
    A server that answers each request with its token.
    """
    with Loopback() as server:
        yield server


@pytest.fixture(params=["http", "tls"])
def any_server(request: pytest.FixtureRequest) -> Iterator[Loopback]:
    """
    A server that answers each request with its token, without and with TLS.
    """
    with Loopback(tls=server_context() if request.param == "tls" else None) as server:
        yield server
