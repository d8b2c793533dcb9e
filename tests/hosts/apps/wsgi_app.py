"""A WSGI application over one module-level ``Alive5`` that the master has used before it forks."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from alive5 import Alive5, RetryPolicy

client = Alive5("test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none())
used_by_master = [tag.tag_id for tag in client.tags.list()]
client.call("GET", "/echo", params={"token": f"{os.getpid()}-master"})
client.conversations.livechat(prefetch=3).list()

numbers = itertools.count()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    asked = f"{os.getpid()}-{next(numbers)}"
    echoed = client.call("GET", "/echo", params={"token": asked})["token"]
    chats = client.conversations.livechat(prefetch=3).list(max_items=12) if "chats" in environ["PATH_INFO"] else []
    answer = {
        "pid": os.getpid(),
        "asked": asked,
        "echoed": echoed,
        "tag": client.tags.list()[0].tag_id,
        "chats": len(chats),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
