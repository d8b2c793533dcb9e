"""The command ``alive5``; ``python -m alive5`` is the same."""

from __future__ import annotations

import sys

from ._version import __version__

_EXTRA = ("typer", "rich")


def main() -> int:
    """
    Run the command line and return its exit code.
    """
    if sys.argv[1:] in (["--version"], ["-V"]):  # kept free of imports, so that it answers at once
        sys.stdout.write(f"alive5 {__version__}\n")
        return 0
    try:
        from .cli import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write('the command line needs an extra: python -m pip install "alive5[cli]"\n')
        return 2
    except KeyboardInterrupt:
        return 130
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
