"""The child process: the sandbox behind uvicorn, the proxy in front, and a line of JSON for each command."""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from typing import Any

import attrs
import trustme
import uvicorn

from alive5.sandbox import Sandbox
from support.chaos import plan_of
from support.chaos_proxy import Proxy


class Theatre:
    """The service and the proxy before it."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.sandbox = Sandbox(**{"livechat": 0, "sms": 0, "fbm": 0, "strict_ids": False, **options.get("sandbox", {})})
        self._authority = trustme.CA() if options.get("tls") else None
        config = uvicorn.Config(
            self.sandbox.asgi, port=0, log_config=None, access_log=False, lifespan="off", timeout_keep_alive=3600
        )
        self._server = uvicorn.Server(config)
        self._plan = plan_of(options["plan"])
        self.proxy: Proxy

    async def open(self) -> dict[str, Any]:
        """
        Start both; gives where the proxy is and what to trust.
        """
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0.005)
        upstream = self._server.servers[0].sockets[0].getsockname()[1]
        self.proxy = Proxy(upstream, self._plan, self._tls())
        await self.proxy.up()
        trusted = self._authority.cert_pem.bytes().decode() if self._authority else None
        return {"port": self.proxy.port, "trusted": trusted}

    def _tls(self) -> ssl.SSLContext | None:
        if self._authority is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("127.0.0.1").configure_cert(context)
        return context

    async def do(self, command: dict[str, Any]) -> Any:
        """
        Obey one command.
        """
        what = command["do"]
        if what == "plan":
            self.proxy.plan = plan_of(command["plan"])
        elif what == "forget":
            self.proxy.forget()
            self.sandbox.deliveries.clear()
            self.sandbox.requests.clear()
        elif what == "up":
            await self.proxy.up()
        elif what == "down":
            await self.proxy.down()
        elif what == "settle":
            return await self.proxy.settle()
        elif what == "log":
            return [attrs.astuple(struck) for struck in self.proxy.log]
        elif what == "delivered":
            return [delivery.arguments["message"] for delivery in self.sandbox.deliveries]
        elif what == "counts":
            return {"connections": self.proxy.connections, "requests": len(self.sandbox.requests)}
        return None

    async def close(self) -> None:
        """
        End both.
        """
        await self.proxy.stop()
        self._server.should_exit = True
        await self._serving


async def main(options: dict[str, Any]) -> None:
    """
    Serve until nobody commands any more.
    """
    commands = asyncio.StreamReader(limit=1 << 24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    theatre = Theatre(options)
    _tell(await theatre.open())
    while line := await commands.readline():
        _tell(await theatre.do(json.loads(line)))
    await theatre.close()


def _tell(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
