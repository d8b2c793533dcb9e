"""
Rows of every value JSON knows and many it does not, served by a sandbox, and a directory exported from them long ago.

``python -m support.golden FILE`` made ``made_before.tar.gz``; it is kept, since
directories that exist have to stay as good as they were.
"""

from __future__ import annotations

import json
import sys
import tarfile
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from alive5.sandbox import Sandbox
from support.exporting import export

KEPT: Final = Path(__file__).with_name("made_before.tar.gz")
FORMATS: Final = ("jsonl", "csv", "sqlite")
VALUES: Final[tuple[Any, ...]] = (
    [1e16, -1e16, 1.5e300, 5e-324, 1e-5, 1e-7, 0.1, 9999999999999998.0, 123456789012345680.0, 1e22, -0.0, 1.0],
    [2**63 - 1, 2**63, 2**64 - 1, -(2**63)],
    # With a lone surrogate beside them: alone they would be reals, and what they are must not depend on their page.
    ["\ud800", 2**64, -(2**63) - 1, 10**30, 10**400, "a\udfffb"],
    "".join(map(chr, range(0x20))) + '"\\/\x7f\x80é\u2028\u2029\ufeff\uffff😀',
    {"b": 1, "a": 2, "é": 3, "Z": 4, "😀": 5, "\uffff": 6, "": 7, "aa": 8, "a\0": {"z": 1e20, "y": "1e20,"}},
    {"kind": "lead", "text": ', 12345678901234567890, "1e16"', "number": 12345678901234567890},
    eval("[" * 80 + "]" * 80),
)
_DEEP: Final = ('{"é":' * 300 + "1e16" + "}" * 300, "[" * 700 + '"é"' + "]" * 700)


def served(value: Any) -> bytes:
    """
    Return an answer whose conversations hold one of the values each, and one that is nested deep.
    """
    _add(value)
    text = json.dumps(value)
    for number, deep in enumerate(_DEEP):
        text = text.replace(f'"deep {number}"', deep)
    return text.encode()


def _add(value: Any) -> None:
    if isinstance(value, dict):
        name = value.get("alive5_sessionID")
        if isinstance(name, str) and "start_time" in value:
            place = zlib.crc32(name.encode()) % (len(VALUES) + len(_DEEP))
            value["found"] = VALUES[place] if place < len(VALUES) else f"deep {place - len(VALUES)}"
            value["crm_id"] = value["found"]
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        _add(inner)


def golden(directory: Path, **options: Any) -> None:
    """
    Export the rows to a directory.
    """
    sandbox = Sandbox(seed=11, livechat=120, sms=50, fbm=20, now=1_775_000_000_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("alive5.sandbox.service.envelope.json", SimpleNamespace(dumps=served))
        export(sandbox, directory, **{"formats": FORMATS, "require": "C", **options})


def unpack(directory: Path) -> None:
    """
    Write the directory that was exported before.
    """
    with tarfile.open(KEPT) as packed:
        packed.extractall(directory, filter="data")


def main(target: str) -> None:
    """
    Export and pack.
    """
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        golden(Path(made))
        with tarfile.open(target, "w:gz") as packed:
            packed.add(made, ".")


if __name__ == "__main__":
    main(sys.argv[1])
