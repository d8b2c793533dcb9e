"""The key of an export's pseudonyms: a file outside of it, made where there is none yet."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

import attrs

from .._sansio.validate import refuse
from ..errors import ConfigurationError
from .dataset.manifest import MANIFEST
from .disk.errors import explained
from .disk.files import Disk
from .plan.job import Job
from .plan.request import Request
from .rows.pseudonyms import Pseudonyms
from .state.directory import checked, peek

_WHAT: Final = "pseudonym key"
# As long as what it is used with gives; the shortest that nobody tries out.
_BYTES: Final = 32
_SHORTEST: Final = 16


def with_pseudonyms(request: Request, disk: Disk, *, create: bool = True) -> tuple[Request, Pseudonyms | None]:
    """
    Return a request that knows the pseudonyms it asks for, and those; without *create* no file is made.

    :raises ConfigurationError: when the file of the key cannot be used.
    """
    if request.pseudonym_key is None:
        return request, None
    directory, path = checked(request.directory), Path(request.pseudonym_key)
    if path.resolve().is_relative_to(directory.resolve()):
        raise refuse("pseudonym_key", "must lie outside of the export: who has both knows whom they stand for")
    found = Pseudonyms(_key(path, directory, disk, create=create), request.pseudonymise)
    return attrs.evolve(request, pseudonyms=found.name), found


def pseudonyms_of(job: Job, key: str | os.PathLike[str] | None) -> Pseudonyms | None:
    """
    Return the pseudonyms of an export that is there, by the file of its key; None where it has none.

    :raises ConfigurationError: without the key it was made with.
    """
    if job.pseudonyms is None:
        return None
    if key is None:
        raise ConfigurationError(f"the export holds pseudonyms: give the {_WHAT} it was made with")
    found = Pseudonyms(_read(Path(key)), tuple(job.pseudonyms.partition(" ")[0].split(",")))
    if found.name != job.pseudonyms:
        raise ConfigurationError(f"{key}: it is not the {_WHAT} of this export")
    return found


def _read(path: Path) -> bytes:
    with explained(path, ConfigurationError, _WHAT):
        key = path.read_bytes().strip()
    if len(key) < _SHORTEST:
        raise ConfigurationError(f"{path}: a {_WHAT} has {_SHORTEST} bytes at least")
    return key


def _key(path: Path, directory: Path, disk: Disk, *, create: bool) -> bytes:
    if path.exists():
        return _read(path)
    if _is_begun(directory):
        raise ConfigurationError(f"{path}: there is no such file, and {directory} was begun: give the {_WHAT} it has")
    key = secrets.token_hex(_BYTES).encode()
    if create:
        with explained(path, ConfigurationError, _WHAT):
            # On the disk before anything is made with it: who loses it cannot go on with the export.
            with disk.create(path) as file:
                file.write(key + b"\n")
                file.sync()
            disk.sync_directory(path.absolute().parent)
    return key


def _is_begun(directory: Path) -> bool:
    if (directory / MANIFEST).is_file():
        return True
    with peek(directory) as held:
        return held is not None
