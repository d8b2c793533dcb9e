"""The loop one writes first: ``export_naive.py URL FILE``."""

from __future__ import annotations

import json
import sys

import httpx


def main(url: str, path: str) -> None:
    number = 1
    with httpx.Client() as client, open(path, "w", encoding="utf-8") as out:
        while True:
            query = {"page": number, "limit": 100}
            rows = client.get(f"{url}/conversations/livechat", params=query).json()["data"]["Items"]
            if not rows:
                return
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            number += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
