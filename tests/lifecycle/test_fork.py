"""A client made and used before a fork serves both sides, and neither hears the other's answers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.loopback import Loopback
from support.scripts import run_script

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

# From 3.12 on a fork beside threads warns; these tests are about surviving it.
FLAGS = ("-W", "ignore::DeprecationWarning")
CHILDREN = """
def end(pid):
    limit = time.monotonic() + 10
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            assert status == 0, status
            return
        if time.monotonic() > limit:
            os.kill(pid, signal.SIGKILL)
            sys.exit("a child hung")
        time.sleep(0.002)

def in_child(work, wind_up=True):
    pid = os.fork()
    if pid == 0:
        try:
            work()
            sys.stdout.flush()
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        sys.exit(0) if wind_up else os._exit(0)
    return pid
"""
SYNC = f"""
{CHILDREN}
client = Alive5(KEY, max_connections=4, **options)

def calls(name, count=3):
    for number in range(count):
        token = f"token-{{name}}-{{number}}"
        method = "GET" if number % 2 == 0 else "POST"
        body = None if method == "GET" else {{"text": token}}
        assert token == token_of(client.call(method, "/echo", params={{"t": token}}, body=body))
"""


@pytest.mark.promise("L3")
def test_a_blocking_client_survives_forks_under_load(any_server: Loopback, trusted: Path) -> None:
    script = f"""
{SYNC}
over, wrong = threading.Event(), []
def load(name):
    try:
        while not over.is_set():
            calls(name)
    except BaseException as error:
        wrong.append(repr(error))
threads = [threading.Thread(target=load, args=(f"load{{n}}",)) for n in range(8)]
for thread in threads: thread.start()
for number in range(50):
    end(in_child(lambda: calls(f"child{{number}}", 2), wind_up=number % 10 == 0))
over.set()
for thread in threads: thread.join()
assert not wrong, wrong
calls("parent")
client.close()
"""
    ended = run_script(script, any_server.url, trusted, flags=FLAGS, limit=100, covered=False)
    assert (0, "", "") == (ended.code, ended.out, ended.err)
    assert sum(token.startswith("token-child") for token in any_server.tokens()) == 100


@pytest.mark.promise("L3")
@pytest.mark.parametrize("module", ["msgspec", "cattrs", "alive5.models.directory"])
def test_a_fork_waits_for_what_a_first_call_imports(server: Loopback, trusted: Path, module: str) -> None:
    """A child that was forked during an import would wait for the module's lock for ever."""
    script = f"""
{SYNC}
began, forking = threading.Event(), threading.Event()
class Held:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[3]:
            began.set()
            assert forking.wait(10)
assert sys.argv[3] not in sys.modules
sys.meta_path.insert(0, Held())
os.register_at_fork(before=forking.set)  # what is registered last runs first, before the client's
thread = threading.Thread(target=client.tags.list)
thread.start()
assert began.wait(10)
end(in_child(client.tags.list, wind_up=False))
thread.join()
client.close()
"""
    ended = run_script(script, server.url, trusted, module, flags=FLAGS, limit=60, covered=False)
    assert (0, "", "") == (ended.code, ended.out, ended.err)


def test_a_child_leaves_the_parents_connection_alone(any_server: Loopback, trusted: Path) -> None:
    script = f"""
{SYNC}
calls("parent", 1)
for number in range(3):
    end(in_child(lambda: calls(f"child{{number}}", 1)))
    calls("parent", 1)
client.close()
"""
    ended = run_script(script, any_server.url, trusted, flags=FLAGS)
    assert (0, "", "") == (ended.code, ended.out, ended.err)
    assert any_server.connections == 4


ASYNC = f"""
{CHILDREN}
client = AsyncAlive5(KEY, **options)

async def calls(name, count=3):
    for number in range(count):
        token = f"token-{{name}}-{{number}}"
        assert token == token_of(await client.call("GET", "/echo", params={{"t": token}}))
"""


@pytest.mark.promise("L3")
def test_an_asynchronous_client_survives_forks(any_server: Loopback, trusted: Path) -> None:
    script = f"""
{ASYNC}
loop = asyncio.new_event_loop()
loop.run_until_complete(calls("parent"))
for number in range(4):
    end(in_child(lambda: asyncio.run(calls(f"child{{number}}"))))
    loop.run_until_complete(calls("parent"))
loop.run_until_complete(client.aclose())
loop.close()
"""
    ended = run_script(script, any_server.url, trusted, flags=FLAGS)
    assert (0, "", "") == (ended.code, ended.out, ended.err)
    assert any_server.connections == 5


def test_an_asynchronous_client_is_used_on_both_sides_after_its_loop(server: Loopback, trusted: Path) -> None:
    script = f"""
{ASYNC}
import trio
asyncio.run(calls("parent"))
end(in_child(lambda: asyncio.run(calls("child0"))))
end(in_child(lambda: trio.run(calls, "child1")))
asyncio.run(calls("parent"))
asyncio.run(client.aclose())
"""
    ended = run_script(script, server.url, trusted, flags=FLAGS)
    assert (0, "", "") == (ended.code, ended.out, ended.err)


def test_a_pool_of_forked_workers(server: Loopback, trusted: Path) -> None:
    script = f"""
{SYNC}
import multiprocessing
calls("parent")
with multiprocessing.get_context("fork").Pool(3) as pool:
    pool.map(calls, [f"worker{{n}}" for n in range(9)])
    pool.close()
    pool.join()
calls("parent")
client.close()
"""
    ended = run_script(script, server.url, trusted, flags=FLAGS)
    assert (0, "", "") == (ended.code, ended.out, ended.err)
