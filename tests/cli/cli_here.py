"""Running the command in this process, whatever version of typer is below."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import attrs
import typer
from cli_process import environment

from alive5.cli.app import app, invoke


@attrs.frozen
class Ran:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


def run_here(*arguments: str, **more: str) -> Ran:
    """Run the command to its end; keywords are environment variables."""
    return run_application(app, *arguments, **more)


def run_application(application: typer.Typer, /, *arguments: str, **more: str) -> Ran:
    """Run a command of another application."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), patch.dict(os.environ, environment(**more), clear=True):
        code = invoke(application, list(arguments))
    return Ran(code, out.getvalue(), err.getvalue())
