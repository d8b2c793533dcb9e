"""The lines of a directory, and the one that is meant; never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ..._sansio.validate import identifier, refuse
from ...models import Agent, Channel, SmsLine
from ...models._numbers import is_number_of, line_number, read_number

# More names than these are no help in an error.
_MOST_SHOWN: Final = 20


def lines_of(channels: Iterable[Channel]) -> list[SmsLine]:
    """
    Return the lines of channels: those with a number, or with one as their label.

    A channel may come more than once; what a later row knows is added.
    """
    known: dict[str, list[Channel]] = {}
    for channel in channels:
        if channel.channel_id:
            known.setdefault(channel.channel_id, []).append(channel)
    lines = (_line(identity, rows) for identity, rows in known.items())
    return [line for line in lines if line is not None]


def has_number(channel: Channel) -> bool:
    """
    Whether a channel is known to be a line.
    """
    return (line_number(channel.phone_number) or line_number(channel.channel_label)) is not None


def choose_line(lines: Sequence[SmsLine], wanted: str) -> SmsLine:
    """
    Return the only line with this number, channel id or label.

    :raises InvalidArgumentError: naming the candidates, when it is none or several.
    """
    text = identifier("line", wanted)
    found = [line for line in lines if _is_meant(line, text)]
    if len(found) == 1:
        return found[0]
    why = "means several lines" if found else "is no line of this account"
    shown = _listed([_shown(line) for line in found or lines])
    raise refuse("line", f"{why}; the candidates, by channel: {shown or 'none'}", "sms.sender")


def choose_agent(line: SmsLine, wanted: str | None) -> Agent:
    """
    Return the agent with this id, address or name, or the only one of the line.

    :raises InvalidArgumentError: naming the candidates by their ids, when it is none or several.
    """
    able = list({agent.user_id: agent for agent in line.agents if agent.user_id}.values())
    if wanted is not None:
        text = identifier("agent", wanted)
        found = [agent for agent in able if text in names_of(agent)]
    else:
        found = able
    if len(found) == 1:
        return found[0]
    why = "is needed: the line has several or none" if wanted is None else "must be one agent of the line"
    shown = _listed([str(agent.user_id) for agent in found or able])
    raise refuse("agent", f"{why}; the candidates, by id: {shown or 'none'}", "sms.sender")


def names_of(agent: Agent) -> set[str]:
    """
    Return the id, addresses and name of an agent.
    """
    values = (agent.user_id, agent.email, agent.user_email, agent.screen_name)
    return {value.strip() for value in values if value and value.strip()}


def _line(identity: str, rows: Sequence[Channel]) -> SmsLine | None:
    labels = [row.channel_label.strip() for row in rows if row.channel_label]
    told = [line_number(row.phone_number) for row in rows] + [line_number(label) for label in labels]
    number = next((number for number in told if number is not None), None)
    if number is None:
        return None
    agents = {agent.user_id: agent for row in rows for agent in row.agents}
    label = next(iter(labels), None)
    return SmsLine(phone_number=number, channel_id=identity, channel_label=label, agents=list(agents.values()))


def _is_meant(line: SmsLine, text: str) -> bool:
    return is_number_of(text, line.phone_number) or text in (line.channel_id, line.channel_label)


def _shown(line: SmsLine) -> str:
    # A label that is a number is a number in an error.
    has_name = line.channel_label and read_number(line.channel_label) is None
    return f"{line.channel_id} ({line.channel_label})" if has_name else line.channel_id


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_SHOWN
    return ", ".join([*sorted(names)[:_MOST_SHOWN], *([f"and {more} more"] if more > 0 else [])])
