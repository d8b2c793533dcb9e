"""dlt at its best that gives the right rows: deferred pages, eight workers: ``export_dlt.py URL DIRECTORY PAGES``."""

from __future__ import annotations

import os
import sys

os.environ |= {
    "EXTRACT__WORKERS": "8",
    "EXTRACT__MAX_PARALLEL_ITEMS": "8",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
}

import dlt
import requests


def main(url: str, directory: str, pages: int) -> None:
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=8))

    @dlt.resource
    def numbers() -> object:
        yield from range(1, pages + 1)

    @dlt.transformer(data_from=numbers, primary_key="alive5_sessionID", max_table_nesting=0, name="chats")
    def chats(number: int) -> object:
        @dlt.defer
        def fetch(number: int) -> object:
            query = {"page": number, "limit": 100}
            return session.get(f"{url}/conversations/livechat", params=query).json()["data"]["Items"]

        yield fetch(number)

    destination = dlt.destinations.filesystem(bucket_url=f"file://{directory}/out")
    pipeline = dlt.pipeline("chats", destination=destination, dataset_name="chats", pipelines_dir=f"{directory}/state")
    pipeline.run(numbers | chats, loader_file_format="jsonl")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
