"""Sending every client of the process somewhere else, for tests."""

from __future__ import annotations

from .protocol import Port

_targets: list[Port] = []


def push(port: Port) -> None:
    """
    Let all clients, existing ones included, use *port* until it is removed.
    """
    _targets.append(port)


def remove(port: Port) -> None:
    """
    Take a redirection back.
    """
    _targets.remove(port)


def resolve(own: Port) -> Port:
    """
    Give the port a client has to use now.
    """
    return _targets[-1] if _targets else own
