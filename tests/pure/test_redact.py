"""What may be seen of a server's text: a sentence of ours, or how long it was."""

from __future__ import annotations

import ast
import copy
import itertools
import pickle
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.facts import OPERATIONS
from support.later_facts import OPERATIONS as LATER
from support.spellings import SPELLINGS

import alive5.sandbox
from alive5._sansio.redact import Secret, shown_headers, shown_text
from alive5._sansio.sentences import SENTENCES
from alive5._sansio.wire import Call

KEY = "test_key_a/b+c=9"
IDENTITY = "0b9f3d1c-5a7e-4f21-9c3d-7e8f90a1b2c3"
WITHHELD = re.compile(r"server text of \d+ characters withheld")
NO_LINE = "Unknown number: not a line of that channel"
FACTS = [KEY, "Zoë", "Sam", "+12025550147", "ada.o'hara@mail.example.com", "My blood test, call Zoë & Grace", "4711"]


def withheld(count: int) -> str:
    return f"server text of {count} characters withheld"


def is_ours(text: str) -> bool:
    return all(part in SENTENCES.values() or WITHHELD.fullmatch(part) for part in text.split("; ") if text)


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["Invalid token"], "Invalid token"),
        (["  INVALID  TOKEN! "], "Invalid token"),
        (['"email" is required'], "Email is required"),
        (["`phone_number_to` is not valid."], "phone_number_to is not valid"),
        (["Invalid token", "invalid token"], "Invalid token"),
        (["Invalid date", "Bad request"], "Invalid date; Bad Request"),
        (["Invalid token: abc"], f"Invalid token; {withheld(5)}"),
        (["Unknown channel_id: texts have channel-1, channel-2"], f"Unknown channel_id; {withheld(33)}"),
        (
            ["Unknown number: not a line of that channel; no"],
            f"Unknown number: not a line of that channel; {withheld(4)}",
        ),
        (["Hello Sam", "Not found"], f"Not found; {withheld(9)}"),
        (["The tag VIP exists"], withheld(18)),
        (["Invalid tokens"], withheld(14)),
        (["VIP"], withheld(3)),
        (["x" * 7_000_000, "y"], withheld(7_000_001)),
        (["Invalid token " + "x" * 1000], withheld(1014)),
        (["Invalid token." + " x" * 500], f"Invalid token; {withheld(1001)}"),
        (["", " \n"], ""),
        ([], ""),
    ],
)
def test_a_known_sentence_is_shown_and_all_else_counted(texts: list[str], shown: str) -> None:
    assert shown == shown_text(texts)


@pytest.mark.promise("D3")
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("around", ["{}", "No such person: {}", "Invalid token: {}", "Unknown {}", "{} is required"])
def test_nothing_is_seen_again_in_whatever_spelling(fact: str, spelling: str, around: str) -> None:
    echo = SPELLINGS[spelling](fact).strip()
    shown = shown_text([around.format(echo)])
    assert is_ours(shown)
    assert shown == shown_text([around.format("q" * len(echo))])


@pytest.mark.promise("D3")
@given(
    st.lists(st.text(max_size=60) | st.sampled_from([*SENTENCES.values()]), max_size=4), st.sampled_from(" :;.,(!\n")
)
def test_what_is_shown_is_ours(texts: list[str], glue: str) -> None:
    assert is_ours(shown_text(texts))
    assert is_ours(shown_text([glue.join(texts)]))


def names() -> set[str]:
    """
    Return all documented parameters.
    """
    spelled = [f"{operation.parameters} {operation.beyond}" for operation in OPERATIONS]
    spelled += [f"{o.current.parameters} {o.current.filters}" for o in OPERATIONS if o.current is not None]
    sent = itertools.chain.from_iterable([*operation.query, *(operation.body or ())] for operation in LATER)
    return {*" ".join(spelled).split(), *sent}


@pytest.mark.parametrize("name", sorted(names()))
def test_what_is_wrong_with_a_documented_parameter_is_shown(name: str) -> None:
    for sentence in (f"{name} is required", f'"{name}" is required.', f"Invalid {name}", f"Missing {name}"):
        assert sentence.strip(".").replace('"', "").lower() == shown_text([sentence]).lower()


def said_by_the_sandbox() -> set[str]:
    """
    Return the sentences in the sandbox's source: whole, or up to what it fills in.
    """
    said = set()
    for path in sorted(Path(alive5.sandbox.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "error":
                said |= sentences_in(node.value)
            elif isinstance(node, ast.FunctionDef) and node.name in ("_wrong", "_unknown_line"):
                said.update(*(sentences_in(part) for part in ast.walk(node) if isinstance(part, ast.Return)))
    return said


def sentences_in(node: ast.AST) -> set[str]:
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and is_sentence(part.value)}


def is_sentence(value: Any) -> bool:
    return isinstance(value, str) and value[:1].isupper() and " " in value.strip()


def test_what_the_sandbox_says_is_known() -> None:
    said = said_by_the_sandbox()
    assert {"Invalid token", "Contact not found", "Message is too long", "Unknown channel_id: texts have "} <= said
    assert [] == [text for text in sorted(said) if shown_text([text]) == withheld(len(text.strip()))]


@pytest.mark.parametrize("filler", ["a", "a@", "1 ", "word ", "@", "+1202555012", ": ", "(", "&#64;"])
def test_megabytes_are_only_counted(filler: str) -> None:
    text = "x" + filler * (30_000_000 // len(filler)) + "x"
    assert withheld(len(text)) == shown_text([text])


CALL = Call(operation="x", method="POST", path="/x", query=(("a", IDENTITY.upper()),), content=b'{"b":"7e8f90a1b2c4"}')


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("retry-after", "120", "120"),
        ("retry-after", "0.25", "0.25"),
        ("retry-after", "2025550147", None),
        ("retry-after", "Fri, 02 Jan 2026 10:00:00 GMT", "Fri, 02 Jan 2026 10:00:00 GMT"),
        ("retry-after", "inf", None),
        ("date", "Fri, 02 Jan 2026 11:00:00 +0100", "Fri, 02 Jan 2026 10:00:00 GMT"),
        ("date", "Friday, 02-Jan-26 10:00:00 GMT", "Fri, 02 Jan 2026 10:00:00 GMT"),
        ("date", "Fri, 31 Dec 9999 23:00:00 -0500", None),
        ("date", "Fri, 31 Dec 1800 23:00:00 GMT", None),
        ("date", "ask Grace", None),
        ("date", "Fri, 02 Jan 99999 10:00:00 GMT", None),
        ("content-type", "Application/JSON; charset=utf-8; x=Grace", "application/json"),
        ("content-type", "text/grace", None),
        ("server", "nginx/1.25.3 (Grace)", "nginx"),
        ("server", "cloudflare", "cloudflare"),
        ("server", "Grace", None),
        ("server", "nginx ops@example.com", None),
        ("x-request-id", "5D41402A-BC4B-4A76-B971-9D911017C592", "5d41402a-bc4b-4a76-b971-9d911017c592"),
        ("request-id", IDENTITY, None),
        ("request-id", "11111111-2222-3333-4444-7e8f90a1b2c4", None),
        ("x-request-id", "r-1 Grace", None),
        ("x-request-id", "+12025550147", None),
        ("location", "https://example.com/?to=Grace", None),
    ],
)
def test_headers_are_shown_by_their_shape(name: str, value: str, shown: str | None) -> None:
    assert ({} if shown is None else {name: shown}) == shown_headers({name: value}, CALL, Secret(KEY))
    assert ({} if shown is None else {name: shown}) == shown_headers({name: value, "other": "x"}, CALL, None)


@pytest.mark.promise("D1")
@pytest.mark.parametrize("part", [slice(None), slice(15), slice(8, 24)])
def test_a_key_of_the_shape_of_an_id_is_no_request_id(part: slice) -> None:
    key = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
    digits = key.replace("-", "")[part]
    digits += "0" * (32 - len(digits))
    echo = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    call = Call(operation="x", method="GET", path="/x")
    assert {} == shown_headers({"x-request-id": echo}, call, Secret(key))
    assert {"x-request-id": echo} == shown_headers({"x-request-id": echo}, call, Secret(KEY))


@pytest.mark.promise("D3")
@given(st.text(max_size=40))
def test_no_header_shows_what_is_of_no_known_shape(value: str) -> None:
    headers = dict.fromkeys(("retry-after", "date", "content-type", "server", "x-request-id"), f"{value}\u00eb")
    shown = shown_headers(headers, CALL, None)
    assert all("\u00eb" not in text for text in shown.values())
    assert {*shown} <= {"date", "retry-after", "content-type", "server"}


def test_the_list_is_short_and_of_plain_sentences() -> None:
    source = random.Random(1)
    assert len(SENTENCES) < 1200
    for text in source.sample([*SENTENCES.values()], 200):
        assert text == shown_text([text])
        assert re.fullmatch(r"[A-Za-z0-9_\-: ]{4,80}", text)


def test_a_secret_shows_and_gives_itself_to_nobody() -> None:
    secret = Secret(KEY)
    assert KEY == secret.reveal()
    assert KEY not in f"{secret} {secret!r} {[secret]} {secret.__class__}"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            leave(secret)
    with pytest.raises(TypeError):
        vars(secret)
