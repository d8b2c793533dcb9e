"""Sending every client of the process somewhere else, for tests."""

from __future__ import annotations

from collections.abc import Callable

from .protocol import Port

_wrappers: list[Callable[[Port], Port]] = []


def push(wrapper: Callable[[Port], Port]) -> None:
    """
    Let all clients, existing ones included, use what *wrapper* makes of their port.
    """
    _wrappers.append(wrapper)


def remove(wrapper: Callable[[Port], Port]) -> None:
    """
    Take a redirection back.
    """
    _wrappers.remove(wrapper)


def resolve(own: Port) -> Port:
    """
    Return the port a client has to use now.
    """
    return _wrappers[-1](own) if _wrappers else own
