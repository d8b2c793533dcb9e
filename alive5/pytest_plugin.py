"""
Fixtures for projects that use Alive5: while they are in use, no client reaches a real network.

``@pytest.mark.alive5(seed=2, page_base=0)`` passes keywords to the sandbox;
those of ``client={...}`` go to the clients.

A fault asked for with ``alive5_sandbox.fail`` or ``next`` that met no request
fails the test at its end: what it was to show was not tried. ``clear_faults()``
removes it, and ``@pytest.mark.alive5(unused_faults="allow")`` allows it.

Nothing else reaches a network either, except on this machine: a connection is
refused with an error that names the host. ``@pytest.mark.alive5(network="allow")``
allows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ._facade import Alive5
    from .client import AsyncAlive5
    from .sandbox import Sandbox


# The name of the entry point, and the one of "-p alive5.pytest_plugin" and of "pytest_plugins" in a conftest.py.
_NAMES = ("alive5", __name__)
# What a marker says that is not for the sandbox, and what it says unless it is given.
_OWN: dict[str, Any] = {"unused_faults": "fail", "network": "refuse", "client": {}}


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """
    Register a placeholder by the other name of this plugin, since pytest stops where one plugin comes by two.
    """
    if getattr(plugin, "__name__", "") == __name__:
        for name in _NAMES:
            if not manager.has_plugin(name):
                manager.register(object(), name)


def pytest_configure(config: pytest.Config) -> None:
    """
    Register the marker ``alive5``.
    """
    config.addinivalue_line(
        "markers",
        "alive5(unused_faults='fail', network='refuse', client={}, **keywords): keywords of the Sandbox behind the"
        " alive5 fixtures, and of its clients; unused_faults='allow' allows faults that met no request,"
        " network='allow' connections to other machines",
    )


def _read_marker(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the markers of a test say: what is ours, and what is the sandbox's; the closest one wins."""
    said: dict[str, Any] = {}
    for marker in request.node.iter_markers("alive5"):
        said = {**marker.kwargs, **said}
    own = {name: said.pop(name, default) for name, default in _OWN.items()}
    for name, other in (("unused_faults", "fail"), ("network", "refuse")):
        if own[name] not in (other, "allow"):
            raise ValueError(f"{name} must be {other!r} or 'allow', not {own[name]!r}")
    return own, said


@pytest.fixture
def alive5_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """
    An embedded Alive5 that every client of the process talks to during the test.
    """
    from contextlib import nullcontext

    from .sandbox import Sandbox
    from .sandbox.guard import no_network

    own, keywords = _read_marker(request)
    guard = no_network() if own["network"] == "refuse" else nullcontext()
    with guard, Sandbox(**keywords).patch() as sandbox:
        yield sandbox
    if own["unused_faults"] == "fail" and (waiting := sandbox.unused_faults()):
        pytest.fail(_sentence(waiting), pytrace=False)


def _sentence(waiting: list[tuple[str, str | None]]) -> str:
    faults = ", ".join(f"{name!r} on {place or 'any operation'}" for name, place in waiting)
    return (
        f"asked for and met by no request: {faults}; look at what was called and at 'on' and 'after',"
        " remove it with clear_faults(), or mark the test with alive5(unused_faults='allow')"
    )


@pytest.fixture
def alive5_client(request: pytest.FixtureRequest, alive5_sandbox: Sandbox) -> Iterator[Alive5]:
    """
    A blocking client of the sandbox.
    """
    with alive5_sandbox.client(**_read_marker(request)[0]["client"]) as client:
        yield client


@pytest.fixture
def async_alive5_client(request: pytest.FixtureRequest, alive5_sandbox: Sandbox) -> Iterator[AsyncAlive5]:
    """
    An asynchronous client of the sandbox, for any asynchronous plugin.
    """
    from ._sansio.step import step

    client = alive5_sandbox.async_client(**_read_marker(request)[0]["client"])
    yield client
    # No loop runs any more, and none is needed: there is no connection to close.
    step(client.aclose())
