"""The application: its groups, and its exit code."""

from __future__ import annotations

import logging
import os
from typing import Annotated

import typer

from .._version import __version__
from . import (
    contacts,
    content,
    conversations,
    directory,
    doctor,
    export,
    metrics,
    people,
    report,
    reports,
    schema,
    search,
    serving,
    sms,
    verify,
    webhooks,
)
from ._bash import is_asked, on_whole_words
from ._command import UsageError, command_tree, root
from ._exits import ExitCode, Terminated
from ._output import Output, prepare_streams
from ._watch import ignore_interrupts, raise_interrupts

_ABOUT = """
The Alive5 API from a terminal: tables for people, --json for programs.

\b
Try it without a key:
  alive5 --sandbox conversations livechat --start 2026-01-01
"""
# A new sub-command is a module with register(app), named here.
_MODULES = (
    *(directory, contacts, conversations, sms, content, reports, webhooks),
    *(export, verify, metrics, report, people, search, schema, serving, doctor),
)


def _print_version(wanted: bool | None) -> None:
    if wanted:
        typer.echo(f"alive5 {__version__}")
        raise typer.Exit


_VERSION = Annotated[
    bool | None,
    typer.Option("--version", "-V", is_eager=True, callback=_print_version, help="Show the version."),
]
app: typer.Typer = root(_ABOUT, version=_VERSION)
for _module in _MODULES:
    _module.register(app)


def run(arguments: list[str]) -> int:
    """
    Run the command line as a process of its own and return the exit code.
    """
    prepare_streams()
    logging.getLogger("alive5").addHandler(logging.NullHandler())  # errors and warnings are shown here already
    logging.getLogger("alive5").propagate = False
    raise_interrupts()
    try:
        if is_asked(os.environ):
            return on_whole_words(lambda: invoke(app, arguments))
        return invoke(app, arguments)
    finally:
        ignore_interrupts()


def invoke(application: typer.Typer, arguments: list[str]) -> int:
    """
    Run an application's command and return the exit code.
    """
    try:
        code = command_tree(application).main(arguments, prog_name="alive5", standalone_mode=False)
        return int(code or ExitCode.DONE)
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except Terminated:
        return ExitCode.TERMINATED
    except UsageError as error:
        return _refuse(error, json="--json" in arguments)


def _refuse(error: Exception, *, json: bool) -> int:
    out = Output()
    message = str(getattr(error, "format_message", lambda: error)())
    if json:
        out.say_document({"error": "UsageError", "message": message, "exit_code": int(ExitCode.USAGE)})
        return ExitCode.USAGE
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "alive5"
    out.say(f"{message.rstrip('.')} (see {path} --help)", "error", "bold red")
    return ExitCode.USAGE
