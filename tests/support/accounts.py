"""Several accounts behind one address, each found by its key, and a count of the requests in flight."""

from __future__ import annotations

from typing import Any

from alive5.sandbox import Sandbox


class Accounts:
    """
    An ASGI application of sandboxes; ``most`` is how many requests were in flight at once.
    """

    def __init__(self, *sandboxes: Sandbox) -> None:
        self._apps = {one.settings.key.encode(): one.asgi for one in sandboxes}
        self._first = next(iter(self._apps.values()))
        self._now = self.most = 0

    @property
    def asgi(self) -> Any:
        """What a server serves."""
        return self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """
        Answer as the sandbox whose key came; another key is refused by the first.
        """
        key = dict(scope.get("headers", ())).get(b"x-a5-apikey", b"")
        self._now += scope["type"] == "http"
        self.most = max(self.most, self._now)
        try:
            await self._apps.get(key, self._first)(scope, receive, send)
        finally:
            self._now -= scope["type"] == "http"
