"""``alive5 account``, ``tags``, ``channels`` and ``agents``."""

from __future__ import annotations

import typer

from ..models import Account, Agent, Channel, Tag
from ._command import command, group
from ._derived import add_write
from ._exits import READING
from ._session import Session
from ._shapes import Facts, shape
from ._tables import Column, show_model, show_rows

_TAGS: tuple[Column[Tag], ...] = (
    Column(title="Tag", cell=lambda tag: tag.tag_label or tag.label or tag.tagname, cut=True),
    Column(title="Id", cell=lambda tag: tag.tag_id, whole=True),
    Column(title="Created", cell=lambda tag: tag.created_at, spare=1),
)
Seat = tuple[Channel, Agent]
_CHANNELS: tuple[Column[Seat], ...] = (
    Column(title="Channel", cell=lambda seat: seat[0].channel_label or seat[0].channel_name, cut=True),
    Column(title="Channel id", cell=lambda seat: seat[0].channel_id, whole=True),
    Column(title="Status", cell=lambda seat: seat[0].channel_status, spare=3),
    Column(title="Agent", cell=lambda seat: seat[1].screen_name or seat[1].email, cut=True),
    Column(title="Agent's e-mail", cell=lambda seat: seat[1].email or seat[1].user_email, spare=1, cut=True),
    Column(title="User id", cell=lambda seat: seat[1].user_id, whole=True),
    Column(title="Created", cell=lambda seat: seat[0].created_at, spare=2),
)


def register(parent: typer.Typer) -> None:
    """
    Add the command and the groups.
    """
    facts = Facts(shape=shape(Account), exits=READING)
    command(parent, "account", examples="alive5 account", gives=facts)(account)
    tags = group(parent, "tags", "List or create tags.")
    facts = Facts(shape=shape(Tag), lines=True, exits=READING)
    command(tags, "list", examples="alive5 tags list --json", gives=facts)(list_tags)
    example = "alive5 tags create --name vip --email maria@example.com --dry-run"
    add_write(tags, "create", "tags.create", done="The tag was created.", examples=example)
    channels = group(parent, "channels", "List or create channels.")
    facts = Facts(shape=shape(Channel), lines=True, exits=READING)
    command(channels, "list", examples="alive5 channels list", gives=facts)(list_channels)
    example = "alive5 channels create --channel-name Support --dry-run"
    add_write(channels, "create", "channels.create", done="The channel was created.", examples=example)
    agents = group(parent, "agents", "Create agents.")
    example = "alive5 agents create --email ken@example.com --screenname Ken --role agent --channels ID1 --channels ID2"
    add_write(agents, "create", "agents.create", done="The agent was created.", examples=example)


def account(session: Session) -> None:
    """
    Show the account of the key.

    The key itself is masked.
    """
    with session.client() as client:
        found = client.account.get()
    if session.json:
        session.document("account.get", found.to_dict())
    else:
        show_model(session.out.console, found, session.zone)


def list_tags(session: Session) -> None:
    """
    List all tags.
    """
    with session.client() as client:
        tags = client.tags.list()
    if session.json:
        session.out.lines(tag.to_dict() for tag in tags)
    else:
        show_rows(session.out.console, _TAGS, tags, session.zone)


def list_channels(session: Session) -> None:
    """
    List all channels with their agents.

    Sending a text needs a channel's id and the user id of one of its agents.
    """
    with session.client() as client:
        channels = client.channels.list()
    if session.json:
        session.out.lines(channel.to_dict() for channel in channels)
        return
    seats = [(channel, agent) for channel in channels for agent in channel.agents or [Agent()]]
    show_rows(session.out.console, _CHANNELS, seats, session.zone)
    session.remember(
        channels=[(channel.channel_id, channel.channel_label or channel.channel_name) for channel in channels],
        agents=[(agent.user_id, agent.screen_name) for _, agent in seats],
    )
