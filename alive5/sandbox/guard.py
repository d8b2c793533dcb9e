"""A guard over a process's sockets: while it stands, nothing is reached but this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .._sansio.origins import is_loopback


class NetworkRefused(RuntimeError):  # noqa: N818 - a refusal; and no OSError, which programs take for a bad network
    """A test that uses the sandbox wanted to reach another machine."""

    def __init__(self, host: object) -> None:
        super().__init__(
            f"a test with the alive5 fixtures wanted to reach {host}: let the sandbox or a mock answer,"
            ' or mark the test with alive5(network="allow")'
        )


@contextmanager
def no_network() -> Iterator[None]:
    """
    Refuse look-ups of, and connections and datagrams to, other machines.
    """
    look_up = socket.getaddrinfo
    own = {name: vars(socket.socket).get(name) for name in ("connect", "connect_ex", "sendto")}

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if not _is_here(host):
            raise NetworkRefused(_shown(host))
        return look_up(host, *args, **options)

    socket.getaddrinfo = getaddrinfo
    for name in own:
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    try:
        yield
    finally:
        socket.getaddrinfo = look_up
        for name, before in own.items():
            if before is None:
                delattr(socket.socket, name)  # the class beneath has it
            else:
                setattr(socket.socket, name, before)


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *args: Any) -> Any:
        # The address is last; those of other families than the Internet's are no tuples with a host.
        address = args[-1] if args else None
        if isinstance(address, tuple) and self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise NetworkRefused(_shown(address[0]))
        return method(self, *args)

    return guarded


def _is_here(host: Any) -> bool:
    name = _shown(host)
    return name in ("", "None", "0.0.0.0", "::") or is_loopback(name)  # noqa: S104 - addresses of this machine


def _shown(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
