"""Adding a sub-command: a plain function of a session."""

from __future__ import annotations

from typing import Annotated

import pytest
import typer
from support.cli import Ran, run_application

from alive5 import errors
from alive5.cli._command import command, group, root
from alive5.cli._exits import ExitCode
from alive5.cli._session import Session

Target = Annotated[str, typer.Argument(metavar="DIR", help="Where to.")]
Fast = Annotated[bool, typer.Option("--fast", help="Hurry.")]


def copy(session: Session, target: Target, *, fast: Fast = False) -> int | None:
    """
    Copy it all.

    With care.
    """
    session.out.text(f"{target} {fast} {session.sandbox} {session.given.tz}")
    match target:
        case "resumable":
            return ExitCode.RESUMABLE
        case "locked":
            raise errors.DirectoryInUseError("taken")
        case "full":
            raise OSError(28, "No space left on device")
        case "defect":
            raise LookupError("\x1b[2Jgone")
        case "leave":
            raise typer.Exit(3)
        case _:
            return None


@pytest.fixture
def app() -> typer.Typer:
    app = root("About.")
    command(app, "copy", examples="alive5 copy out/ --fast")(copy)
    command(group(app, "more", "More."), "copy")(copy)
    return app


def invoke(app: typer.Typer, *arguments: str) -> Ran:
    return run_application(app, *arguments)


@pytest.mark.parametrize("place", [["copy"], ["more", "copy"]])
def test_its_options_and_the_global_ones_reach_it(app: typer.Typer, place: list[str]) -> None:
    given = invoke(app, "--tz", "UTC", *place, "out/", "--fast", "--sandbox")
    assert (0, "out/ True True UTC\n") == (given.returncode, given.stdout)


@pytest.mark.parametrize(
    ("target", "code", "line"),
    [
        ("resumable", 3, ""),
        ("leave", 3, ""),
        ("locked", 7, "error: taken"),
        ("full", 1, "error: No space left on device"),
    ],
)
def test_how_it_ends_is_the_exit_code(app: typer.Typer, target: str, code: int, line: str) -> None:
    given = invoke(app, "copy", target)
    assert (code, line) == (given.returncode, given.stderr.strip())


def test_a_defect_is_named_one_and_cannot_write_on_the_terminal(app: typer.Typer) -> None:
    given = invoke(app, "copy", "defect")
    assert 1 == given.returncode
    assert "this is a defect of alive5" in given.stderr
    assert "LookupError: \\x1b[2Jgone" in given.stderr
    assert "\x1b" not in given.stderr


def test_its_help_is_its_docstring(app: typer.Typer) -> None:
    shown = invoke(app, "copy", "--help").stdout
    for part in (
        "Copy it all.",
        "With care.",
        "--fast",
        "Hurry.",
        "--sandbox",
        "Examples:\n    alive5 copy out/ --fast",
    ):
        assert part in shown
