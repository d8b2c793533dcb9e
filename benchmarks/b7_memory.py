"""B7: peak memory of an export of 20,000, 200,000 and 1,000,000 chats, against itself at 20,000."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from pairs import server, show
from peers import HERE, measured

SIZES = (20_000, 200_000, 1_000_000)


def peak(size: int) -> int:
    with server("--pages", str(size // 100)) as url, tempfile.TemporaryDirectory() as home:
        command = [sys.executable, str(HERE / "export_ours.py"), url, str(Path(home) / "out"), str(-(-size // 1440))]
        return measured(command, 3600)[2]


def main() -> None:
    sizes = SIZES if "--full" in sys.argv else SIZES[:2]
    peaks = [peak(size) for size in sizes]
    ratios = [most / peaks[0] for most in peaks[1:]]
    result = {"median": ratios[-1], "min": min(ratios), "max": max(ratios), "pairs": len(ratios)}
    notes = {f"{size:,} chats": f"{most} MiB" for size, most in zip(sizes, peaks, strict=True)}
    met = max(ratios) <= 1.10 and max(peaks) < 150
    show("B7", "peak memory of an export against itself at 20,000 chats", "<= 1.10, < 150 MB", result, met, **notes)


if __name__ == "__main__":
    main()
