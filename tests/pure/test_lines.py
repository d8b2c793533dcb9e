"""Which channel is a line, and which line is meant."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from alive5 import InvalidArgumentError, SmsLine
from alive5._sansio.decode import shape_all
from alive5.models import Agent, Channel
from alive5.models._numbers import is_number_of, line_number, number_key, read_number
from alive5.sending.plan.lines import choose_agent, choose_line, has_number, lines_of, names_of

MARIA = {"user_id": "agent-maria", "email": "maria@example.com", "screen_name": "Maria Ortiz"}
KEN = {"user_id": "agent-ken", "user_email": "ken@example.com", "screen_name": " Ken "}


def channels(*rows: dict[str, Any]) -> list[Channel]:
    return shape_all(Channel, list(rows))


def lines(*rows: dict[str, Any]) -> list[SmsLine]:
    return lines_of(channels(*rows))


def row(identity: str | None, label: Any = None, number: Any = None, *agents: dict[str, Any]) -> dict[str, Any]:
    told = {} if number is None else {"channel_phone_number": number}
    return {"channel_id": identity, "channel_label": label, "agents": list(agents), **told}


@pytest.mark.parametrize(
    ("given", "number", "line"),
    [
        ("+12025550100", "+12025550100", "+12025550100"),
        (" +1 (202) 555-0100 ", "+12025550100", "+12025550100"),
        ("12025550100", "+12025550100", "+12025550100"),
        ("447700900123", "+447700900123", "+447700900123"),
        ("(202) 555-0100", "2025550100", None),
        ("90210", "90210", "90210"),
        ("242424", "242424", "242424"),
        ("5550100", "5550100", None),
        ("+0125550100", None, None),
        ("1234", None, None),
        ("undefined", None, None),
        ("Support", None, None),
        ("", None, None),
        (None, None, None),
        (12025550100, None, None),
    ],
)
def test_a_number_in_the_services_spellings(given: Any, number: str | None, line: str | None) -> None:
    assert number == read_number(given)
    assert line == line_number(given)


@pytest.mark.parametrize(
    ("value", "number", "same"),
    [
        ("+12025550100", "+12025550100", True),
        ("202-555-0100", "+12025550100", True),
        ("12025550100", "+12025550100", True),
        ("+442025550100", "+12025550100", False),
        ("2025550101", "+12025550100", False),
        ("90210", "90210", True),
        ("Support", "+12025550100", False),
    ],
)
def test_spellings_of_one_number(value: str, number: str, same: bool) -> None:
    assert same == is_number_of(value, number)


def test_spellings_share_ten_digits() -> None:
    assert {"2025550100"} == {number_key("+12025550100"), number_key("2025550100")}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row("a", "Support", "+12025550100")], [("+12025550100", "a", "Support")]),
        ([row("a", "+1 202 555 0100")], [("+12025550100", "a", "+1 202 555 0100")]),
        ([row("a", "Support", "undefined")], []),
        ([row("a", "Support")], []),
        ([row("a", "+12025550101", "undefined")], [("+12025550101", "a", "+12025550101")]),
        ([row(None, "Support", "+12025550100")], []),
        ([row("a", None, "90210")], [("90210", "a", None)]),
        ([row("a", " Support "), row("a", None, "+12025550100")], [("+12025550100", "a", "Support")]),
        ([row("a", "+12025550101", "+12025550100")], [("+12025550100", "a", "+12025550101")]),
    ],
)
def test_a_channel_with_a_number_is_a_line(rows: list[dict[str, Any]], found: list[Any]) -> None:
    assert found == [(line.phone_number, line.channel_id, line.channel_label) for line in lines(*copy.deepcopy(rows))]


def test_what_two_rows_of_a_channel_know_is_united() -> None:
    found = lines(row("a", "Support", None, MARIA), row("a", "Support", "+12025550100", MARIA, KEN))
    assert [["agent-maria", "agent-ken"]] == [[agent.user_id for agent in line.agents] for line in found]


@pytest.mark.parametrize(
    ("number", "label", "has"), [("+12025550100", "", True), (None, "90210", True), (None, "", False)]
)
def test_whether_a_channel_tells_a_number(number: str | None, label: str, has: bool) -> None:
    assert has == has_number(Channel(phone_number=number, channel_label=label))


TWO = lines(
    row("line-1", "Support", "+12025550100"),
    row("line-2", "+12025550101"),
    row("line-3", "Texting", "+12025550102"),
    row("line-4", "Texting", "+12025550103"),
    row("line-5", "line-1", "+442025550104"),
)


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("+1 202-555-0100", "line-1"),
        ("2025550101", "line-2"),
        ("Support", "line-1"),
        (" line-3 ", "line-3"),
        ("+442025550104", "line-5"),
    ],
)
def test_a_line_is_meant_by_number_id_or_label(wanted: str, chosen: str) -> None:
    assert chosen == choose_line(TWO, wanted).channel_id


@pytest.mark.promise("D3")
@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("Texting", ["line-3 (Texting)", "line-4 (Texting)"]),
        ("line-1", ["line-1 (Support)", "line-5 (line-1)"]),
        ("support", ["line-1 (Support)", "line-2", "line-3 (Texting)", "line-4 (Texting)", "line-5 (line-1)"]),
        ("+12025550104", ["line-1 (Support)", "line-2", "line-3 (Texting)", "line-4 (Texting)", "line-5 (line-1)"]),
    ],
)
def test_a_line_is_never_guessed_and_the_candidates_hold_no_number(wanted: str, names: list[str]) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        choose_line(TWO, wanted)
    assert "line" == caught.value.argument
    assert str(caught.value).endswith(f"by channel: {', '.join(names)}")
    assert "202555" not in str(caught.value) + repr(TWO)


def test_many_candidates_are_counted_and_none_is_said() -> None:
    many = [row(f"line-{number:02}", "Texting", f"+120255501{number:02}") for number in range(23)]
    with pytest.raises(InvalidArgumentError, match=r"line-19 \(Texting\), and 3 more$"):
        choose_line(lines(*many), "Texting")
    with pytest.raises(InvalidArgumentError, match="is no line of this account; the candidates, by channel: none"):
        choose_line([], "Texting")


@pytest.mark.parametrize("wanted", ["", "a\nb", None, 7])
def test_a_line_is_a_text(wanted: Any) -> None:
    with pytest.raises(InvalidArgumentError):
        choose_line(TWO, wanted)


def line_of(*agents: dict[str, Any]) -> SmsLine:
    return lines(row("a", "Support", "+12025550100", *agents))[0]


@pytest.mark.parametrize("wanted", ["agent-ken", "ken@example.com", "Ken"])
def test_an_agent_is_meant_by_id_address_or_name(wanted: str) -> None:
    assert "agent-ken" == choose_agent(line_of(MARIA, KEN), wanted).user_id


def test_the_only_agent_need_not_be_named() -> None:
    assert "agent-maria" == choose_agent(line_of(MARIA, MARIA, {"email": "nobody@example.com"}), None).user_id


@pytest.mark.parametrize(
    ("agents", "wanted", "text"),
    [
        ([MARIA, KEN], None, "is needed: the line has several or none; the candidates, by id: agent-ken, agent-maria"),
        ([], None, "is needed: the line has several or none; the candidates, by id: none"),
        ([MARIA], "Ken", "must be one agent of the line; the candidates, by id: agent-maria"),
        ([MARIA, {**KEN, "screen_name": "Maria Ortiz"}], "Maria Ortiz", "by id: agent-ken, agent-maria"),
    ],
)
def test_an_agent_is_never_guessed(agents: list[Any], wanted: str | None, text: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        choose_agent(line_of(*agents), wanted)
    assert "agent" == caught.value.argument
    assert str(caught.value).endswith(text)


def test_a_line_as_values() -> None:
    found = line_of(MARIA).to_dict()
    assert ("+12025550100", "a", "Support") == (found["phone_number"], found["channel_id"], found["channel_label"])
    assert "agent-maria" == found["agents"][0]["user_id"]


def test_the_names_of_an_agent() -> None:
    assert {"agent-ken", "ken@example.com", "Ken"} == names_of(
        Agent(user_id="agent-ken", user_email="ken@example.com", screen_name=" Ken ")
    )
