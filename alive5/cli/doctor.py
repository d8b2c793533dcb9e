"""``alive5 doctor``: versions and settings of this installation, and whether it reaches the service."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer

from .._sansio.options import KEY_VARIABLE, read_engine
from .._sansio.origins import URL_VARIABLE
from .._version import __version__
from ..errors import Alive5Error
from ._command import command
from ._exits import ExitCode, code_of
from ._session import Session
from ._tables import show_values

_PACKAGES = (
    "httpx",
    "httpcore",
    "httpx2",
    "httpcore2",
    "anyio",
    "attrs",
    "cattrs",
    "orjson",
    "typer",
    "rich",
    "uvicorn",
    "socksio",
)

Offline = Annotated[bool, typer.Option("--offline", help="Do not call the service.")]


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    command(parent, "doctor", examples="alive5 doctor\nalive5 doctor --offline --json")(doctor)


def doctor(session: Session, *, offline: Offline = False) -> int:
    """
    Check versions, settings and the connection.

    The account is read once; the key is never shown.
    """
    origins = session.origins
    facts: dict[str, Any] = {
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
    code = ExitCode.DONE
    if not offline:
        facts["account"], code = _reach(session)
    if session.json:
        session.document("doctor", facts)
    else:
        packages = [f"{name} {found}" for name, found in facts.pop("packages").items() if found]
        rows = {**facts, "packages": ", ".join(packages), "proxy": facts["proxy"] or "none"}
        show_values(session.out.console, rows, session.zone)
    return code


def _reach(session: Session) -> tuple[str, ExitCode]:
    started = time.monotonic()
    try:
        with session.client() as client:
            client.account.get()
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
    from .._port.settings import find_proxy

    proxy = find_proxy(None, session.origins.base, load(read_engine(None, os.environ)))
    if proxy is None:
        return None
    url = proxy.url
    return f"{url.scheme.decode()}://{url.host.decode()}{f':{url.port}' if url.port else ''}"


def _key(session: Session) -> str:
    if session.given.api_key_file is None:
        return _source(None, KEY_VARIABLE, "missing")
    return "file"
