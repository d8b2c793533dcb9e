"""
Fixtures for projects that use Alive5: while they are in use, no client reaches a real network.

``@pytest.mark.alive5(seed=2, page_base=0)`` passes keywords to the sandbox.

A fault asked for with ``alive5_sandbox.fail`` that met no request fails the test
at its end: what it was to show was not tried. ``clear_faults()`` removes it,
and ``@pytest.mark.alive5(unused_faults="allow")`` allows it.
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
        "alive5(unused_faults='fail', **keywords): keywords of the Sandbox behind the alive5 fixtures;"
        " unused_faults='allow' allows faults that met no request",
    )


@pytest.fixture
def alive5_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """
    An embedded Alive5 that every client of the process talks to during the test.
    """
    from .sandbox import Sandbox

    marker = request.node.get_closest_marker("alive5")
    keywords: dict[str, Any] = dict(marker.kwargs) if marker else {}
    unused = keywords.pop("unused_faults", "fail")
    if unused not in ("fail", "allow"):
        raise ValueError(f"unused_faults must be 'fail' or 'allow', not {unused!r}")
    with Sandbox(**keywords).patch() as sandbox:
        yield sandbox
    if unused == "fail" and (waiting := sandbox.unused_faults()):
        pytest.fail(_sentence(waiting), pytrace=False)


def _sentence(waiting: list[tuple[str, str | None]]) -> str:
    faults = ", ".join(f"{name!r} on {place or 'any operation'}" for name, place in waiting)
    return (
        f"asked for and met by no request: {faults}; look at what was called and at 'on' and 'after',"
        " remove it with clear_faults(), or mark the test with alive5(unused_faults='allow')"
    )


@pytest.fixture
def alive5_client(alive5_sandbox: Sandbox) -> Iterator[Alive5]:
    """
    A blocking client of the sandbox.
    """
    with alive5_sandbox.client() as client:
        yield client


@pytest.fixture
def async_alive5_client(alive5_sandbox: Sandbox) -> Iterator[AsyncAlive5]:
    """
    An asynchronous client of the sandbox, for any asynchronous plugin.
    """
    from ._sansio.step import step

    client = alive5_sandbox.async_client()
    yield client
    # No loop runs any more, and none is needed: there is no connection to close.
    step(client.aclose())
