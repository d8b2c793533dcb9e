"""B10: a process with a client ready to call, against one with a ``httpx.Client``; wall."""

from __future__ import annotations

from pairs import RUNS, ratio, show, started

OURS = ["-c", 'import alive5; alive5.Alive5("test_key")']
THEIRS = ["-c", "import httpx; httpx.Client()"]


def main() -> None:
    result = ratio(lambda: started(*OURS), lambda: started(*THEIRS), RUNS)
    show(
        "B10", "a new process with a client ready, against httpx.Client()", "<= 1.15", result, result["median"] <= 1.15
    )


if __name__ == "__main__":
    main()
