"""A person's record as files for the person: a JSON document, and Markdown to be read."""

from __future__ import annotations

import os
from datetime import tzinfo
from pathlib import Path
from typing import Final

from .._json import codec as json
from .._sansio.validate import refuse
from ..errors import ExportError
from .dataset.formats._base import create
from .disk.errors import explained
from .disk.files import Disk
from .insight.person import PersonRecord

# Of no one's name: who may see a directory's listing need not learn whose record it is.
_JSON: Final = "person.json"
_TEXT: Final = "person.md"


def write_person(
    record: PersonRecord, directory: str | os.PathLike[str], *, export: Path, tz: str | tzinfo | None = None
) -> list[Path]:
    """
    Write a record into a directory, made for the owner alone, and return the files; times to be read are in *tz*.

    :raises InvalidArgumentError: inside the *export* itself, where the next one to be forgotten would stay.
    """
    path = Path(directory)
    if path.resolve().is_relative_to(export.resolve()):
        raise refuse("output", "must be outside of the export, where it would stay when the person is forgotten")
    document = json.document(record.to_dict(), indent=1)
    disk, files = Disk(), {path / _JSON: document, path / _TEXT: record.text(tz=tz)}
    with explained(path):
        disk.make_directories(path)
        for file in files:
            if file.exists():
                raise ExportError(f"{file}: is there already: name another directory")
        for file, text in files.items():
            with create(disk, file) as written:
                # Half of a pair of surrogates cannot be encoded; the document has it escaped.
                written.write(text.encode("utf-8", "replace"))
    return [*files]
