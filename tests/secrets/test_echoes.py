"""What a server says again of what it was sent is reachable by nobody, however it is spelled."""

from __future__ import annotations

import json
import traceback
import types
from typing import Any

import pytest
from support.front import Front
from support.scripted import Events
from support.spellings import SPELLINGS, parts
from support.watch import CANARY, CORE, TESTS, watching
from support.wire_server import Heard, WireServer, http

from alive5 import Alive5Error, RetryPolicy

PEOPLE = {
    "phone": "+12025550147",
    "email": "grâce.o'hopper@mail.example.com",
    "name": "Zoë",
    "message": "My blood test is on Friday, call Zoë & me",
}
STATUSES = ("400 Bad Request", "409 Conflict", "429 Slow", "503 Oops", "200 OK")
UNKNOWN = (str, bytes, bytearray)
INERT = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.CodeType)


def call(client: Any) -> Any:
    return client.call("POST", "contact/create-new", params=PEOPLE, body={"deep": [PEOPLE]})


def read(client: Any) -> Any:
    return client.call("GET", "objects/contact/get-all", params=PEOPLE)


def saying(words: str, status: str, heard: list[bytes], *, in_headers: bool = True) -> Any:
    body = {"code": int(status[:3]), "error": {"message": words}, "message": words, "data": None}
    body = {**body, "data": {"code": 400 if status.startswith("200") else None, "error": words}}
    data = json.dumps(body).encode()
    header = "".join(c for c in words if " " <= c <= "~")[:200] if in_headers else ""

    def answer(request: Heard) -> bytes:
        heard.append(data)
        return http(data, status, "Retry-After: 900", *(f"{n}: {header}" for n in ("X-Request-Id", "Server", "Date")))

    return answer


def shown(error: BaseException, events: Events) -> str:
    """
    Return all an error shows: as text, as facts, in a traceback with the locals of our own frames.
    """
    assert isinstance(error, Alive5Error)
    stack = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), capture_locals=True)
    frames = [f"{frame.locals}" for frame in stack if not frame.filename.startswith(TESTS)]
    facts = json.dumps(error.to_dict(), ensure_ascii=False)
    return " ".join([str(error), repr(error), facts, str(vars(error)), repr(events.seen), *frames])


@pytest.mark.promise("D3")
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("status", STATUSES)
def test_no_echo_of_a_person_is_shown(front: Front, events: Events, status: str, spelling: str) -> None:
    echoes = [SPELLINGS[spelling](value) for value in PEOPLE.values()]
    with watching(echoes) as watch, WireServer(saying(f"No: {'; '.join(echoes)}", status, [])) as server:
        for act in (call, read):
            with pytest.raises(Alive5Error) as caught:
                front.run(act, base_url=server.url, retry=RetryPolicy.none(), on_event=events)
            error = caught.value
            said = " ".join([str(error), repr(error), json.dumps(error.to_dict()), str(vars(error)), repr(events.seen)])
            assert [] == [echo for echo in echoes if len(echo) > 3 and echo.lower() in said.lower()]
    # httpcore writes down response headers at DEBUG, and nothing else of what came.
    assert {f"a log record of {CORE}.http11"} >= set(watch.found)


@pytest.mark.promise("D1")
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_part_of_the_key_is_shown(front: Front, events: Events, spelling: str) -> None:
    echo = SPELLINGS[spelling](CANARY)
    for status in STATUSES:
        # The engine writes down response headers at DEBUG; that errors show none is tried without a network.
        with WireServer(saying(f"Key {echo} is not allowed", status, [], in_headers=False)) as server:
            with pytest.raises(Alive5Error) as caught:
                front.run(call, base_url=server.url, retry=RetryPolicy.none(), on_event=events)
            text = shown(caught.value, events).lower()
            assert [] == [part for part in parts(echo, 8) if part in text]


def reachable(error: BaseException) -> list[Any]:
    """
    Return all texts and bytes to which a way leads from an error, through locals of our frames and what they hold.
    """
    waiting: list[Any] = [error.args, vars(error), error.__cause__, error.__context__]
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    assert [frame for frame in frames if frame.f_code.co_filename.endswith("caller.py")]
    waiting += [f.f_locals for f in frames if not f.f_code.co_filename.startswith(TESTS)]
    found, seen = [], set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, INERT):
            continue
        seen.add(id(thing))
        if isinstance(thing, UNKNOWN):
            found.append(thing)
        elif isinstance(thing, dict):
            waiting += [*thing, *thing.values()]
        elif isinstance(thing, (list, tuple, set, frozenset)):
            waiting += thing
        else:
            waiting += [getattr(thing, name, None) for name in fields_of(thing)]
        found += [found] if len(seen) > 200_000 else []
    return found


def fields_of(thing: Any) -> list[str]:
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    return [*slots, *getattr(thing, "__dict__", ())]


@pytest.mark.promise("D3")
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("act", [call, read])
def test_the_raw_text_is_held_by_nothing(front: Front, act: Any, status: str) -> None:
    heard: list[bytes] = []
    words = "Wording that nobody knows, as 9c1f"
    with WireServer(saying(words, status, heard)) as server, pytest.raises(Alive5Error) as caught:
        front.run(act, base_url=server.url, retry=RetryPolicy.none())
    assert heard
    texts = reachable(caught.value)
    assert len(texts) > 20
    assert [] == [t for t in texts if (words if isinstance(t, str) else words.encode()) in t]


def test_the_search_would_find_it(front: Front) -> None:
    """
    What was sent is still held: the caller's own.
    """
    with WireServer(saying("No", STATUSES[0], [])) as server, pytest.raises(Alive5Error) as caught:
        front.run(call, base_url=server.url, retry=RetryPolicy.none())
    assert any(b"blood" in text for text in reachable(caught.value) if isinstance(text, (bytes, bytearray)))
