"""One client of a module across loops, one after the other and side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.loopback import Loopback
from support.scripts import run_script

CLIENT = """
import anyio
client = AsyncAlive5(KEY, **options)

async def main():
    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(client.tags.list)
    await client.sms.push(**NUMBERS, message="token-0")
    await client.tags.list()
    return descriptors()
"""
RUNS = {
    "asyncio": "counts = [asyncio.run(main()) for _ in range(20)]",
    "trio": "import trio\ncounts = [trio.run(main) for _ in range(20)]",
    "asyncio and trio": "import trio\ncounts = [asyncio.run(main()) if n % 2 else trio.run(main) for n in range(20)]",
}


@pytest.mark.promise("L3")
@pytest.mark.parametrize("runs", RUNS)
def test_one_client_serves_loop_after_loop(any_server: Loopback, trusted: Path, runs: str) -> None:
    script = f"""
{CLIENT}
before = descriptors()
{RUNS[runs]}
assert len(set(counts[:2])) == len(set(counts)), counts
assert descriptors() == before, (before, descriptors())
assert len(client._caller.shared.port._states) == 1
asyncio.run(client.aclose())
"""
    ended = run_script(script, any_server.url, trusted)
    assert (0, "", "") == (ended.code, ended.out, ended.err)
    assert len(any_server.requests) == 20 * 6


def test_loops_that_do_not_wind_up_leave_no_descriptors(server: Loopback, trusted: Path) -> None:
    script = f"""
{CLIENT}
counts = []
for _ in range(20):
    loop = asyncio.new_event_loop()
    counts.append(loop.run_until_complete(main()))
    loop.close()
    gc.collect()
assert max(counts) < counts[0] + 8, counts
assert len(client._caller.shared.port._states) == 1
"""
    ended = run_script(script, server.url, trusted, flags=())
    assert (0, "", "") == (ended.code, ended.out, ended.err)


@pytest.mark.promise("L3")
def test_two_loops_side_by_side(server: Loopback, trusted: Path) -> None:
    script = f"""
{CLIENT}
def run():
    for _ in range(5):
        asyncio.run(main())
threads = [threading.Thread(target=run) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
asyncio.run(client.aclose())
"""
    ended = run_script(script, server.url, trusted)
    assert (0, "", "") == (ended.code, ended.out, ended.err)
    assert len(server.requests) == 4 * 5 * 6


@pytest.mark.parametrize("run", ["asyncio.run(whole())", "import trio; trio.run(whole)"])
def test_a_client_dropped_in_a_running_loop_leaves_no_socket(server: Loopback, trusted: Path, run: str) -> None:
    script = f"""
import anyio, warnings
async def use():
    client = AsyncAlive5(KEY, **options)
    await client.tags.list()

async def whole():
    before = descriptors()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        await use()
        gc.collect()
    while descriptors() != before:
        await anyio.sleep(0.01)
{run}
"""
    ended = run_script(script, server.url, trusted, flags=("-W", "ignore::ResourceWarning"), limit=20)
    assert (0, "", "") == (ended.code, ended.out, ended.err)
