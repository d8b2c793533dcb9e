"""Writes: shown with ``--dry-run``, confirmed where a message would leave, then sent once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from email.policy import HTTP
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .._json import codec as json
from .._port.threads import BlockingVerbs
from .._sansio.wire import Call, Failure, Reply
from ..errors import ConfigurationError, NotSentError
from ..models import Model
from ._exits import ExitCode
from ._session import Session
from ._shapes import Facts, one_of, record
from ._tables import show_model

if TYPE_CHECKING:
    from .. import Alive5

DryRun = Annotated[bool, typer.Option("--dry-run", help="Check and show the request, and send nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

LOOKED_UP = "(looked up with GET /account)"


_REQUEST = record(method=str, url=str, path=str, headers=dict[str, str], body={"type": "object"})
"""A write that would be sent."""


def write_facts(answer: Any) -> Facts:
    """
    Return what a command gives that makes a write of this answer.
    """
    return Facts(shape=one_of(answer, _REQUEST), exits=(ExitCode.AUTHENTICATION, ExitCode.UNKNOWN))


class DryPort(BlockingVerbs):
    """A port that records a write instead of sending it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        """
        Record the call; nothing is sent.
        """
        call.departure.left = False
        if not call.is_write:
            return Reply(status=200, body=json.dumps({"org_name": LOOKED_UP}))
        self.calls.append(call)
        return Failure(False, "local", "kept")


def write(
    session: Session,
    operation: str,
    make: Callable[[Alive5], Model],
    *,
    dry_run: bool,
    done: str,
    question: str = "",
    yes: bool = True,
) -> None:
    """
    Send a write: refuse bad arguments, show or confirm, send, and show the response.
    """
    call = _rehearse(session, make)
    if dry_run:
        _show_request(session, operation, call)
        return
    with session.client() as client:
        if question and not yes and not session.sandbox:
            confirm(session, question)
        session.watch.begin(operation)
        answer = make(client)
        if session.json:
            session.document(operation, answer.to_dict())
        else:
            session.out.text(done)
            show_model(session.out.console, answer, session.zone)


def _rehearse(session: Session, make: Callable[[Alive5], Model]) -> Call:
    from .. import Alive5

    port = DryPort()
    with Alive5("no_key_is_needed", base_url=session.origins.base.url, port=port) as client, suppress(NotSentError):
        make(client)
    return port.calls[-1]


def confirm(session: Session, question: str, done: str = "sent") -> None:
    """
    Ask for a yes on the terminal; anything else ends the command, and nothing was *done*.
    """
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigurationError(
            f"nobody can be asked here, so nothing was {done}: pass --yes, or try it with --dry-run"
        )
    session.out.ask(f"{question} [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        session.out.say(f"nothing was {done}")
        raise typer.Exit(1)


def _fields(call: Call) -> Any:
    """Return the fields of a body, JSON or multipart."""
    head = dict(call.headers).get("content-type", "")
    if not head.startswith("multipart/"):
        return json.loads(call.content) if call.content else {}
    message = message_from_bytes(f"Content-Type: {head}\r\n\r\n".encode() + call.content, policy=HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True) or b"").decode()
        for part in message.iter_parts()
    }


def _show_request(session: Session, operation: str, call: Call) -> None:
    from .._port.exchange import write_request
    from .._port.settings import PortSettings

    request = write_request(PortSettings(origin=session.origins.base, key=None), call, call.read, _no_trace)
    headers = {name.title(): value for name, value in request.headers.items()}
    body = _fields(call)
    if session.json:
        data: dict[str, Any] = {
            "method": call.method, "url": str(request.url), "path": call.path, "headers": headers, "body": body,
        }  # fmt: skip
        session.document(operation, data, dry_run=True)
        return
    lines = [f"{call.method} {request.url}", *(f"{name}: {value}" for name, value in headers.items()), ""]
    session.out.text("\n".join([*lines, json.document(body, indent=2, ensure_ascii=False)]))
    session.out.say("dry run: nothing was sent; the key's header is left out")


def _no_trace(name: str, info: Any) -> None:
    return None
