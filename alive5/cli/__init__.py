"""The command line: typer and rich over the blocking client (extra ``cli``)."""

from .app import app, run

__all__ = ["app", "run"]
