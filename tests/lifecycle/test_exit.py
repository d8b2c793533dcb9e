"""How a process ends that forgot its client: at once, with status 0, and a warning only where it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.loopback import Loopback
from support.scripts import run_script

ENDS = {
    "blocking, at module level": """
client = Alive5(KEY, **options)
client.tags.list()
client.sms.push(**NUMBERS, message="hi")
""",
    "blocking, after sys.exit in a thread": """
client = Alive5(KEY, **options)
thread = threading.Thread(target=lambda: (client.tags.list(), sys.exit()))
thread.start()
thread.join()
""",
    "blocking, a daemon thread still waiting": """
client = Alive5(KEY, **options)
client.tags.list()
threading.Thread(target=lambda: client.call("GET", "/hang"), daemon=True).start()
time.sleep(0.3)
""",
    "blocking, after a fan-out": """
client = Alive5(KEY, **options)
client.conversations.livechat(prefetch=4).first()
""",
    "asyncio, at module level": """
client = AsyncAlive5(KEY, **options)
async def main():
    await client.tags.list()
    await client.sms.push(**NUMBERS, message="hi")
asyncio.run(main())
""",
    "asyncio, a loop left open": """
client = AsyncAlive5(KEY, **options)
loop = asyncio.new_event_loop()
loop.run_until_complete(client.tags.list())
""",
    "trio, at module level": """
import trio
client = AsyncAlive5(KEY, **options)
trio.run(client.tags.list)
""",
}


def hanging(peer: object) -> None:
    while request := peer.read():  # type: ignore[attr-defined]
        if request.target.endswith("/hang"):
            peer.hang()  # type: ignore[attr-defined]
            return
        peer.answer_data([])  # type: ignore[attr-defined]


@pytest.mark.promise("L4")
@pytest.mark.parametrize("end", ENDS)
def test_a_forgotten_client_holds_nobody_up(trusted: Path, end: str) -> None:
    with Loopback(hanging) as server:
        ended = run_script(ENDS[end], server.url, trusted, flags=(), limit=20)
        assert (0, "", "") == (ended.code, ended.out, ended.err)


@pytest.mark.promise("L4")
@pytest.mark.parametrize("end", ["blocking, at module level", "asyncio, at module level", "trio, at module level"])
def test_a_forgotten_client_warns_in_dev_mode(server: Loopback, trusted: Path, end: str) -> None:
    ended = run_script(ENDS[end], server.url, trusted, flags=("-X", "dev"), limit=20)
    assert (ended.code, ended.out) == (0, "")
    assert "ResourceWarning" in ended.err
    assert "was not closed" in ended.err
    assert "Traceback" not in ended.err
    assert "Exception ignored" not in ended.err


def test_a_client_used_while_the_interpreter_ends(server: Loopback, trusted: Path) -> None:
    script = """
import atexit
client = Alive5(KEY, **options)
atexit.register(lambda: print(len(client.tags.list())))
atexit.register(lambda: client.sms.push(**NUMBERS, message="hi"))
"""
    ended = run_script(script, server.url, trusted, flags=(), limit=20)
    assert (0, "1", "") == (ended.code, ended.out, ended.err)
    assert [request.method for request in server.requests] == ["POST", "GET"]


@pytest.mark.promise("L4")
def test_a_listing_read_while_the_interpreter_ends(server: Loopback, trusted: Path) -> None:
    script = """
import atexit
client = Alive5(KEY, **options)
atexit.register(lambda: print(len(client.conversations.livechat(prefetch=4).list(max_items=1))))
def refuse(thread):
    raise RuntimeError("can't create new thread at interpreter shutdown")
threading.Thread.start = refuse  # as Python does from 3.12 on, once it ends
"""
    ended = run_script(script, server.url, trusted, flags=(), limit=20)
    assert (0, "1", "") == (ended.code, ended.out, ended.err)
