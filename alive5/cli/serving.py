"""``alive5 sandbox``: the embedded Alive5 on a port of this machine."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from ..errors import Alive5Error, ConfigurationError
from ._command import command
from ._session import Session
from ._shapes import Facts, record
from ._values import several

if TYPE_CHECKING:
    from ..sandbox import Sandbox
    from ..sandbox.asgi import Line

T = TypeVar("T")

_HOST = "127.0.0.1"


def _quirks(_: typer.Context, __: str) -> list[str]:
    from ..sandbox.spelled import spell_quirks

    return spell_quirks()


def _faults(_: typer.Context, incomplete: str) -> list[str]:
    from ..sandbox.spelled import spell_faults

    return spell_faults(incomplete)


PortNumber = Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port; 0 uses a free one.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the made-up data.")]
Livechat = Annotated[int, typer.Option("--livechat", metavar="N", min=0, help="Chats to make up.")]
Sms = Annotated[int, typer.Option("--sms", metavar="N", min=0, help="Text conversations to make up.")]
Fbm = Annotated[int, typer.Option("--fbm", metavar="N", min=0, help="Messenger conversations to make up.")]
QuirkTexts = Annotated[
    list[str] | None,
    several(
        "--quirk",
        metavar="NAME=VALUE",
        about="A habit of the service, such as end_date=boundary.",
        offers=_quirks,
        pairs=True,
    ),
]
FaultTexts = Annotated[
    list[str] | None,
    several(
        "--fault",
        metavar="OPERATION=NAME[:TIMES]",
        about="What goes wrong, once or TIMES or always, with an operation or any.",
        offers=_faults,
        pairs=True,
    ),
]
Latency = Annotated[
    str | None, typer.Option("--latency", metavar="TIME", help="What every answer takes, as 50ms or 1s.")
]

_EXAMPLES = """
alive5 sandbox --port 8765
alive5 sandbox --edition current --quirk end_date=boundary --latency 50ms
alive5 sandbox --fault sms.send=reset_after:2 --fault any=rate_limited
"""


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    command(parent, "sandbox", examples=_EXAMPLES, gives=Facts(shape=record(base_url=str, api_key=str)))(serve)


def serve(
    session: Session,
    *,
    port: PortNumber = 8765,
    seed: Seed = 1,
    livechat: Livechat = 1000,
    sms: Sms = 300,
    fbm: Fbm = 200,
    quirk: QuirkTexts = None,
    fault: FaultTexts = None,
    latency: Latency = None,
) -> None:
    """
    Serve the embedded Alive5 on this machine.

    It speaks both editions, or the one --edition names, listens on loopback
    alone, writes a line on stderr for each request, and ends with Ctrl-C.
    """
    try:
        import uvicorn
    except ModuleNotFoundError:
        raise ConfigurationError('serving needs an extra: python -m pip install "alive5[sandbox]"') from None
    from ..sandbox.asgi import App

    sizes = {"seed": seed, "livechat": livechat, "sms": sms, "fbm": fbm}
    sandbox = _sandbox(session.given.edition, quirk or [], fault or [], latency, sizes)
    app = App(partial(sandbox.exchange, check_key=True), partial(_log, session))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, port))
            # Whoever reads the announcement may connect at once.
            listener.listen()
        except OSError as error:
            raise Alive5Error(f"port {port} of {_HOST} cannot be used: {error.strerror}") from None
        _announce(session, listener.getsockname()[1], sandbox)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        uvicorn.Server(config).run(sockets=[listener])


def _sandbox(
    edition: str | None, quirks: list[str], faults: list[str], latency: str | None, sizes: dict[str, int]
) -> Sandbox:
    from ..sandbox import Sandbox
    from ..sandbox.spelled import read_fault, read_latency, read_quirk

    keywords: dict[str, Any] = {**sizes, "edition": edition or "both"}
    for text in quirks:
        name, value = _told("--quirk", read_quirk, text)
        keywords[name] = value
    if latency is not None:
        keywords["latency"] = _told("--latency", read_latency, latency)
    sandbox: Sandbox = _told("sandbox", lambda given: Sandbox(**given), keywords)
    for text in faults:
        planned = _told("--fault", read_fault, text)
        _told("--fault", lambda plan: sandbox.fail(plan.name, times=plan.times, on=plan.on), planned)
    return sandbox


def _told(where: str, read: Callable[[Any], T], given: Any) -> T:
    """Read what was typed; what is wrong with it is the reader's mistake."""
    try:
        return read(given)
    except ValueError as error:
        raise ConfigurationError(f"{where}: {error}") from None


def _log(session: Session, line: Line) -> None:
    status = "-" if line.status is None else line.status
    session.out.say(f"{line.method} {line.path} {line.operation} {status} {line.milliseconds:.0f} ms")


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a server's record says more than that a fault struck as asked."""
    from ..sandbox.asgi import DroppedError

    return not (record.exc_info and isinstance(record.exc_info[1], DroppedError))


def _announce(session: Session, port: int, sandbox: Sandbox) -> None:
    url, key = f"http://{_HOST}:{port}/public/1.0", sandbox.settings.key
    if session.json:
        session.out.document({"operation": "sandbox", "sandbox": True, "data": {"base_url": url, "api_key": key}})
        return
    edition = "  export ALIVE5_EDITION=current\n" if sandbox.edition == "current" else ""
    session.out.text(
        f"The sandbox is at {url} until Ctrl-C. In another terminal:\n\n"
        f"  export ALIVE5_BASE_URL={url}\n  export ALIVE5_API_KEY={key}\n{edition}  alive5 account\n"
    )
