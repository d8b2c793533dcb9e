"""Commands: declared as plain functions of a session, with the global options before or after them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Final, TypeVar

import typer
from typer.core import TyperGroup

from .._sansio.endpoint import EDITIONS
from ._session import Globals, execute
from ._shapes import Facts
from ._values import offering, zones

Runs = Callable[..., "int | None"]
F = TypeVar("F", bound=Runs)

# click's own base class, which typer may bring along under another name
UsageError: Any = typer.BadParameter.__bases__[0]
# Built of some hundred options: what runs several commands in one process builds it once.
command_tree = cache(typer.main.get_command)
_PANEL = "Options of every command"
FACTS: Final = "alive5_facts"
"""The name under which a command keeps what it gives."""


def _declare(*, hidden: bool = False) -> dict[str, Any]:
    def option(*names: str, **more: Any) -> Any:
        return typer.Option(*names, show_default=False, rich_help_panel=_PANEL, hidden=hidden, **more)

    sandbox = option("--sandbox/--no-sandbox", help="Use the embedded Alive5: no key, no network. Else ALIVE5_SANDBOX.")
    json = option("--json", help="Write JSON: lines for listings, one document for all else.")
    key = option("--api-key-file", metavar="FILE", help="Read the key from FILE, - is stdin. Else ALIVE5_API_KEY.")
    reads = option("--read-url", metavar="URL", help="Where the current edition reads. Else ALIVE5_READ_URL.")
    editions, choice = offering(EDITIONS), "documented or current. Else ALIVE5_EDITION."
    edition = option("--edition", metavar="NAME", help=choice, autocompletion=editions)
    url = option("--base-url", metavar="URL", help="Where the API is. Else ALIVE5_BASE_URL.")
    timeout = option("--timeout", metavar="SECONDS", help="Time for one request with its repeats. Else 60.")
    verbose = option("--verbose", "-v", help="Say why a request is repeated. ALIVE5_LOG=debug shows every attempt.")
    about = "Zone of the dates you give and of the times shown."
    zone = option("--tz", metavar="ZONE", help=about, autocompletion=offering(zones))
    return {
        "sandbox": Annotated[bool | None, sandbox],
        "json": Annotated[bool | None, json],
        "api_key_file": Annotated[str | None, key],
        "base_url": Annotated[str | None, url],
        "read_url": Annotated[str | None, reads],
        "edition": Annotated[str | None, edition],
        "timeout": Annotated[float | None, timeout],
        "tz": Annotated[str | None, zone],
        "verbose": Annotated[bool | None, verbose],
    }


_OPTIONS = _declare()
GLOBALS: Final = frozenset(_OPTIONS)
"""The names of the options of every command."""


def root(about: str, **extra: Any) -> typer.Typer:
    """
    Return the application; *extra* are more options of its own.
    """
    settings = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None, context_settings=settings)
    app.callback(invoke_without_command=True)(_remember({**extra, **_OPTIONS}, about))
    return app


def group(parent: typer.Typer, name: str, about: str, kind: type[TyperGroup] | None = None) -> typer.Typer:
    """
    Return a group of commands; it accepts the global options too, without showing them.
    """
    app = typer.Typer(rich_markup_mode=None, cls=kind)
    app.callback(invoke_without_command=True)(_remember(_declare(hidden=True), about))
    parent.add_typer(app, name=name)
    return app


def standing(parent: typer.Typer, name: str, *, examples: str, gives: Facts) -> Callable[[Runs], typer.Typer]:
    """
    Register a group that is a command as well, where none of its own is named, and return it.
    """

    def register(function: Runs) -> typer.Typer:
        own = {each.name: each for each in [*inspect.signature(function, eval_str=True).parameters.values()][1:]}

        def alone(ctx: typer.Context, values: Mapping[str, Any]) -> int:
            return execute(function, Globals(**ctx.obj), {name: values[name] for name in own})

        about = inspect.getdoc(function) or ""
        callback = _remember(_declare(), about, alone, [*own.values()])
        callback.__dict__[FACTS] = gives
        app = typer.Typer(rich_markup_mode=None)
        app.callback(invoke_without_command=True, epilog=_epilog(examples))(callback)
        parent.add_typer(app, name=name)
        return app

    return register


def command(app: typer.Typer, name: str, *, examples: str = "", gives: Facts | None = None) -> Callable[[F], F]:
    """
    Register a command.

    Its docstring is the help, its keywords are the options and *examples*,
    a line each, the epilog; *gives* is for ``alive5 schema``. It returns its exit
    code, or None for 0.
    """

    def register(function: F) -> F:
        # Not get_type_hints, which hides the options of what may be None on Python 3.10 (bpo-46195).
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]

        def invoke(ctx: typer.Context, **values: Any) -> None:
            given = {**(ctx.obj or {}), **_given({option: values.pop(option) for option in _OPTIONS})}
            raise typer.Exit(execute(function, Globals(**given), values))

        _sign(invoke, [*own, *_parameters(_OPTIONS)], inspect.getdoc(function) or "")
        invoke.__dict__[FACTS] = gives
        app.command(name, epilog=_epilog(examples))(invoke)
        return function

    return register


def _help(ctx: typer.Context, _: Mapping[str, Any]) -> int:
    typer.echo(ctx.get_help())
    return 2


def _remember(
    options: Mapping[str, Any],
    about: str,
    alone: Callable[[typer.Context, Mapping[str, Any]], int] = _help,
    own: Sequence[inspect.Parameter] = (),
) -> Callable[..., None]:
    """Return the callback of a group: it keeps the global options for its commands, or does what it does alone."""

    def callback(ctx: typer.Context, **values: Any) -> None:
        ctx.obj = {**(ctx.obj or {}), **_given({name: values[name] for name in _OPTIONS})}
        if ctx.invoked_subcommand is None:
            raise typer.Exit(alone(ctx, values))

    return _sign(callback, [*own, *_parameters(options)], about)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _parameters(options: Mapping[str, Any]) -> list[inspect.Parameter]:
    kind = inspect.Parameter.KEYWORD_ONLY
    return [inspect.Parameter(name, kind, default=None, annotation=option) for name, option in options.items()]


def _sign(function: Callable[..., None], parameters: list[inspect.Parameter], about: str) -> Callable[..., None]:
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    signed: Any = function
    signed.__signature__ = inspect.Signature([context, *parameters])
    signed.__annotations__ = {parameter.name: parameter.annotation for parameter in (context, *parameters)}
    signed.__doc__ = about
    return function


def _epilog(examples: str) -> str:
    lines = [line for line in inspect.cleandoc(examples).splitlines() if line]
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)]) if lines else ""
