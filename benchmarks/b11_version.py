"""B11: ``alive5 --version`` against bare Python; milliseconds more."""

from __future__ import annotations

from pairs import difference, show


def main() -> None:
    result = difference(["-m", "alive5", "--version"], ["-c", "pass"])
    show("B11", "alive5 --version, ms more than bare Python", "<= +120 ms", result, result["median"] <= 120)


if __name__ == "__main__":
    main()
