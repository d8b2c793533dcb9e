"""Redirection of every client of the process, for tests."""

from __future__ import annotations

from collections.abc import Callable

from .protocol import Port

_wrappers: list[Callable[[Port], Port]] = []


def push(wrapper: Callable[[Port], Port]) -> None:
    """
    Redirect all clients, existing ones included, to what *wrapper* returns for their port.
    """
    _wrappers.append(wrapper)


def remove(wrapper: Callable[[Port], Port]) -> None:
    """
    Remove a redirection.
    """
    _wrappers.remove(wrapper)


def resolve(own: Port) -> Port:
    """
    Return the port a client has to use now.
    """
    return _wrappers[-1](own) if _wrappers else own
