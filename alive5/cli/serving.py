"""``alive5 sandbox``: the embedded Alive5 on a port of this machine."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from ..errors import Alive5Error, ConfigurationError
from ._command import command
from ._session import Session

_HOST = "127.0.0.1"

PortNumber = Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port; 0 uses a free one.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the made-up data.")]
Livechat = Annotated[int, typer.Option("--livechat", metavar="N", min=0, help="Chats to make up.")]
Sms = Annotated[int, typer.Option("--sms", metavar="N", min=0, help="Text conversations to make up.")]
Fbm = Annotated[int, typer.Option("--fbm", metavar="N", min=0, help="Messenger conversations to make up.")]


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    command(parent, "sandbox", examples="alive5 sandbox --port 8765")(serve)


def serve(
    session: Session,
    *,
    port: PortNumber = 8765,
    seed: Seed = 1,
    livechat: Livechat = 1000,
    sms: Sms = 300,
    fbm: Fbm = 200,
) -> None:
    """
    Serve the embedded Alive5 on this machine.

    It listens on loopback alone, and ends with Ctrl-C.
    """
    try:
        import uvicorn
    except ModuleNotFoundError:
        raise ConfigurationError('serving needs an extra: python -m pip install "alive5[sandbox]"') from None
    from ..sandbox import Sandbox

    sandbox = Sandbox(seed=seed, livechat=livechat, sms=sms, fbm=fbm)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, port))
        except OSError as error:
            raise Alive5Error(f"port {port} of {_HOST} cannot be used: {error.strerror}") from None
        _announce(session, listener.getsockname()[1], sandbox.settings.key)
        config = uvicorn.Config(sandbox.asgi, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


def _announce(session: Session, port: int, key: str) -> None:
    url = f"http://{_HOST}:{port}/public/1.0"
    if session.json:
        session.out.document({"operation": "sandbox", "sandbox": True, "data": {"base_url": url, "api_key": key}})
        return
    session.out.text(
        f"The sandbox is at {url} until Ctrl-C. In another terminal:\n\n"
        f"  export ALIVE5_BASE_URL={url}\n  export ALIVE5_API_KEY={key}\n  alive5 account\n"
    )
