"""``alive5 doctor``: versions and settings of this installation, and whether it reaches the service."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from .._sansio.options import KEY_VARIABLE, read_engine
from .._sansio.origins import URL_VARIABLE
from .._sansio.retry import RetryPolicy
from .._sansio.wire_facts import Finding
from .._version import __version__
from ..errors import Alive5Error, ConfigurationError
from ._command import command
from ._exits import LISTING, ExitCode, code_of
from ._session import Session
from ._shapes import Facts, Shape, optional, record
from ._tables import show_values
from .online import ONLINE, examine, show_facts

_PACKAGES = (
    "httpx",
    "httpcore",
    "httpx2",
    "httpcore2",
    "anyio",
    "attrs",
    "msgspec",
    "typer",
    "rich",
    "uvicorn",
    "socksio",
)

Offline = Annotated[bool, typer.Option("--offline", help="Do not call the service.")]
Online = Annotated[bool, typer.Option("--online", help="Find out which edition of the API your account speaks.")]
Anonymous = Annotated[
    Path | None,
    typer.Option(
        "--anonymous",
        metavar="FILE",
        dir_okay=False,
        help="With --online: write the shapes of the answers, without any value, for support.",
        show_default=False,
    ),
]


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    examples = "alive5 doctor\nalive5 doctor --offline --json\nalive5 doctor --online --anonymous shapes.json"
    command(parent, "doctor", examples=examples, gives=Facts(shape=_shape(), exits=LISTING))(doctor)


def _shape() -> Shape:
    maybe = str | None
    told: dict[str, Any] = {
        "alive5": str,
        "python": str,
        "packages": dict[str, maybe],
        "base_url": maybe,
        "base_url_from": str,
        "read_url": maybe,
        "edition": str,
        "proxy": maybe,
        "key": str,
    }
    return optional(record(**told, account=str, online=ONLINE), "account", "online")


def doctor(session: Session, *, offline: Offline = False, online: Online = False, anonymous: Anonymous = None) -> int:
    """
    Check versions, settings and the connection.

    The account is read once; the key is never shown. --online makes at most 40
    harmless reads, and shows which edition to use and what that rests on; no
    value of a row is shown. Exit codes: 0 good, 4 neither edition answers, 5
    the key is refused.
    """
    if offline and online:
        raise ConfigurationError("--online and --offline exclude each other")
    if anonymous is not None and not online:
        raise ConfigurationError("--anonymous goes with --online")
    facts, code = _facts(session), ExitCode.DONE
    document: dict[str, Any] | None = None
    findings: list[Finding] = []
    if not offline:
        facts["account"], code = _reach(session, once=online)
    if online and code != ExitCode.AUTHENTICATION:
        document, findings, code = examine(session, anonymous)
    if session.json:
        session.document("doctor", facts if document is None else {**facts, "online": document})
        return code
    packages = [f"{name} {found}" for name, found in facts.pop("packages").items() if found]
    rows = {**facts, "packages": ", ".join(packages), "proxy": facts["proxy"] or "none"}
    show_values(session.out.console, rows, session.zone)
    if document is not None:
        show_facts(session, document, findings)
    return code


def _facts(session: Session) -> dict[str, Any]:
    origins = session.origins
    return {
        "alive5": __version__,
        "python": f"{platform.python_version()} ({platform.python_implementation()}, {platform.system()})",
        "packages": {name: _version(name) for name in _PACKAGES},
        "base_url": None if session.sandbox else origins.base.url,
        "base_url_from": "sandbox" if session.sandbox else _source(session.given.base_url, URL_VARIABLE, "default"),
        "read_url": None if session.sandbox else origins.read.url,
        "edition": session.edition or "documented (nobody chose one)",
        "proxy": None if session.sandbox else _proxy(session),
        "key": "not needed" if session.sandbox else _key(session),
    }


def _reach(session: Session, *, once: bool) -> tuple[str, ExitCode]:
    started = time.monotonic()
    try:
        with session.client() as client:
            (client.with_options(retry=RetryPolicy.none()) if once else client).account.get()
    except Alive5Error as error:
        return f"{type(error).__name__}: {error}", code_of(error)
    return f"answered in {(time.monotonic() - started) * 1000:.0f} ms", ExitCode.DONE


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _source(given: str | None, variable: str, otherwise: str) -> str:
    if given is not None:
        return "option"
    return variable if os.environ.get(variable) else otherwise


def _proxy(session: Session) -> str | None:
    from .._port.engine import load
    from .._port.proxy import find_proxy

    proxy = find_proxy(None, session.origins.base, load(read_engine(None, os.environ)))
    if proxy is None:
        return None
    url = proxy.url
    return f"{url.scheme.decode()}://{url.host.decode()}{f':{url.port}' if url.port else ''}"


def _key(session: Session) -> str:
    if session.given.api_key_file is None:
        return _source(None, KEY_VARIABLE, "missing")
    return "file"
