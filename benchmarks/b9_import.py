"""B9: ``import alive5`` in a new process, against bare Python; milliseconds more."""

from __future__ import annotations

from pairs import difference, show


def main() -> None:
    result = difference(["-c", "import alive5"], ["-c", "pass"])
    show("B9", "import alive5, ms more than bare Python", "<= +8 ms", result, result["median"] <= 8)


if __name__ == "__main__":
    main()
