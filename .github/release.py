"""
Whether a release may go out, and its notes.

``python .github/release.py`` checks that the changelog has something to release; with a tag, as ``v1.2.0``, also that
it is the version's and has a section with a date. The section is printed: it is the text of the release.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def notes(changelog: str, version: str, tag: str | None) -> str:
    """Return the section of the changelog that goes out; without a tag the one not released yet will do."""
    if tag is not None and tag != f"v{version}":
        raise SystemExit(f"the tag is {tag}, and alive5/_version.py says {version}")
    heading = re.escape(version) + r"\] - \d{4}-\d{2}-\d{2}"
    for wanted in (heading, *([] if tag else [r"Unreleased\]"])):
        found = re.search(rf"^## \[{wanted}$\n(.*?)(?=^## \[|\Z)", changelog, flags=re.MULTILINE | re.DOTALL)
        if found and re.search(r"^- ", found[1], flags=re.MULTILINE):
            return found[1].strip()
    raise SystemExit(f"CHANGELOG.md has no section '## [{version}] - <date>' with an entry")


def main() -> None:
    """Print the notes, or say what is missing."""
    source = (ROOT / "alive5" / "_version.py").read_text(encoding="utf-8")
    (version,) = re.findall(r'^__version__ = "([^"]+)"$', source, flags=re.MULTILINE)
    tag = sys.argv[1] if len(sys.argv) > 1 else None
    sys.stdout.write(notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version, tag) + "\n")


if __name__ == "__main__":
    main()
