"""
Twenty greenlets of a monkey-patched process sharing one ``Alive5``; some are killed in the middle of a call.

The patch comes first, or as in gunicorn's preloaded workers: after a fork of a
process that has used the client.
"""

import sys

from gevent import monkey

_, CONNECTIONS, PATCHED = sys.argv
if PATCHED == "first":
    monkey.patch_all()

import json
import os
from typing import Any

import gevent

from alive5 import Alive5, RetryPolicy

client = Alive5(
    "test_key_hosts", base_url=os.environ["FAKE_URL"], retry=RetryPolicy.none(), max_connections=int(CONNECTIONS)
)
if PATCHED == "after a fork":
    client.conversations.livechat(prefetch=2).list()
    child = os.fork()
    if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    monkey.patch_all()


def read(number: int) -> bool:
    token = f"{os.getpid()}-{number}"
    return bool(client.call("GET", "/echo", params={"token": token})["token"] == token)


def send(number: int) -> str | None:
    sent = client.sms.send(
        phone_number_from="+12025550100",
        phone_number_to="+12025550123",
        message=f"text {number}",
        channel_id="channel-1",
        user_id="user-1",
    )
    return sent.thread_id


def list_chats(prefetch: int) -> int:
    return len(client.conversations.livechat(prefetch=prefetch).list())


def all_of(work: Any, items: Any) -> list[Any]:
    greenlets = [gevent.spawn(work, item) for item in items]
    gevent.joinall(greenlets, raise_error=True, timeout=20)
    return [greenlet.value for greenlet in greenlets]


def interrupted() -> str:
    for work, argument in ((read, -1), (list_chats, 4)):
        greenlet = gevent.spawn(work, argument)
        gevent.sleep(0.015)
        greenlet.kill(timeout=5)
        if not greenlet.dead:
            return "still alive"
    try:
        with gevent.Timeout(0.005):
            read(-2)
    except gevent.Timeout:
        return "interrupted"
    return "not interrupted"


print(
    json.dumps(
        {
            "read": all_of(read, range(20)),
            "sent": all_of(send, range(20)),
            "chats": all_of(list_chats, [1, 4, 4]),
            "interrupted": interrupted(),
            "after": all_of(read, range(20, 40)) + all_of(read, range(40, 60)),
        }
    )
)
