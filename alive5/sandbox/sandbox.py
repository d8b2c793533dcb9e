"""The sandbox: an embedded Alive5, and who talks to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from .._port import redirect
from .._sansio.options import KEY_VARIABLE
from .embedded.service import Service

if TYPE_CHECKING:
    from .._facade import Alive5
    from .._port.protocol import Port
    from ..client import AsyncAlive5
    from .asgi import App


class Sandbox(Service):
    """
    An embedded Alive5: all operations of both editions, seeded data, quirks and faults by name.

    The same seed and the same calls give the same answers everywhere. It makes
    up conversations of the six months before its present, today or *now*,
    and people with numbers and addresses nobody has. *edition* leaves out what
    the other one alone has. ``requests`` holds everything asked,
    ``deliveries`` every write applied, counted before a fault touches the
    answer. ``on_request`` is called with each request before it is answered
    and may change the truth. Waits of its clients between attempts take no time
    unless *waits* is "real": they move its clock on.
    """

    def client(self, **options: Any) -> Alive5:
        """
        Return a blocking client of this sandbox; options are those of ``Alive5``.
        """
        from .._facade import Alive5
        from .._port.threads import BlockingVerbs

        return Alive5(**{"api_key": self.settings.key, "port": self.port(BlockingVerbs()), **options})

    def async_client(self, **options: Any) -> AsyncAlive5:
        """
        Return an asynchronous client of this sandbox; options are those of ``AsyncAlive5``.
        """
        from .._port.verbs import AsyncVerbs
        from ..client import AsyncAlive5

        return AsyncAlive5(**{"api_key": self.settings.key, "port": self.port(AsyncVerbs()), **options})

    @contextmanager
    def patch(self) -> Iterator[Sandbox]:
        """
        Redirect every client of the process, existing ones included, to this sandbox.

        The environment holds a test key meanwhile, unless it has one.
        """

        def wrapper(own: Port) -> Port:
            return self.port(own)

        before = os.environ.get(KEY_VARIABLE)
        if not before:
            os.environ[KEY_VARIABLE] = self.settings.key
        redirect.push(wrapper)
        try:
            yield self
        finally:
            redirect.remove(wrapper)
            if before is None:
                os.environ.pop(KEY_VARIABLE, None)
            else:
                os.environ[KEY_VARIABLE] = before

    @property
    def asgi(self) -> App:
        """The sandbox as an ASGI application, for any server and any base path; it serves both hosts."""
        from .asgi import App

        return App(partial(self.exchange, check_key=True))
