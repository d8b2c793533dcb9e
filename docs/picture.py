"""
Draw ``docs/terminal.svg``: commands that are run now, against the sandbox, and what they print.

``python docs/picture.py``
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COMMANDS = (
    "alive5 --sandbox sms lines",
    "alive5 --sandbox export out/ --start 2026-01-01 --end 2026-03-31",
    "alive5 search out/ invoice --limit 3",
)
WIDTH = 88  # columns: as many as fit beside a README's margin without being small
SETTINGS = {"ALIVE5_SANDBOX_NOW": "2026-03-31T12:00:00+00:00", "FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}


def main() -> None:
    """Run the commands and write the picture."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALIVE5_")} | SETTINGS
    with tempfile.TemporaryDirectory() as folder:
        for command in COMMANDS:
            ours = [sys.executable, "-m", *shlex.split(command)]
            ran = subprocess.run(ours, capture_output=True, text=True, check=True, cwd=folder, env=environment)
            console.print(Text("$ ", style="bold green") + Text(command, style="bold"))
            console.print(Text.from_ansi(ran.stdout.rstrip()))
            console.print()
    picture = console.export_svg(title="alive5")
    # Rich names fonts of another host; the reader's own monospace does.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    picture = "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"
    Path(__file__).with_name("terminal.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
