"""
Whether every type of the package is known, and written so that no checker infers another: pyright's ``--verifytypes``.

pyspark is not installed where types are checked, so the classes made of its own are unknown. With it nothing is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

COMMAND = ("pyright", "--verifytypes", "alive5", "--ignoreexternal", "--outputjson")
LEFT_OUT = "alive5.spark."


def is_wanting(symbol: dict[str, Any]) -> bool:
    """
    Whether a symbol's type is not known, or ambiguous, and not for want of pyspark.
    """
    left_out = symbol["name"].startswith(LEFT_OUT) and find_spec("pyspark") is None
    return not left_out and (not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"])


def main() -> int:
    """
    Print why types are wanting, and return 1 when there is one.
    """
    done = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    symbols = json.loads(done.stdout)["typeCompleteness"]["symbols"]
    wanting = [symbol for symbol in symbols if is_wanting(symbol)]
    for symbol in wanting:
        for said in symbol["diagnostics"]:
            if "partially" not in said["message"]:  # its cause has a line of its own
                print(symbol["name"], *said["message"].split())
    print(f"{len(symbols):,} symbols, {len(wanting):,} of them without a type known to all checkers")
    # There are some 4,500: far fewer are another package, or none.
    return int(bool(wanting) or len(symbols) < 1_000)


if __name__ == "__main__":
    sys.exit(main())
