"""``alive5 account``, ``tags``, ``channels`` and ``agents``."""

from __future__ import annotations

from typing import Annotated

import typer

from ..models import Agent, Channel, Tag
from ._command import command, group
from ._session import Session
from ._tables import Column, show_model, show_rows
from ._writes import DryRun, OrgName, write

Name = Annotated[str, typer.Option("--name", help="Name of the tag.", show_default=False)]
Maker = Annotated[str, typer.Option("--email", help="Address of the agent who creates it.", show_default=False)]
ChannelName = Annotated[str, typer.Option("--channel-name", "--name", help="Name of the channel.", show_default=False)]
Email = Annotated[str, typer.Option("--email", help="Address of the agent.", show_default=False)]
Screenname = Annotated[str, typer.Option("--screenname", help="Name that visitors see.", show_default=False)]
Role = Annotated[str, typer.Option("--role", help="Role of the agent.", show_default=False)]
Channels = Annotated[
    list[str],
    typer.Option("--channels", metavar="ID", help="Id of a channel; repeat it for more.", show_default=False),
]

_TAGS: tuple[Column[Tag], ...] = (
    Column(title="Tag", cell=lambda tag: tag.tag_label or tag.label or tag.tagname, share=50),
    Column(title="Id", cell=lambda tag: tag.tag_id, whole=True),
    Column(title="Created", cell=lambda tag: tag.created_at, wide=100),
)
Seat = tuple[Channel, Agent]
_CHANNELS: tuple[Column[Seat], ...] = (
    Column(title="Channel", cell=lambda seat: seat[0].channel_label or seat[0].channel_name, share=25),
    Column(title="Channel id", cell=lambda seat: seat[0].channel_id, whole=True),
    Column(title="Status", cell=lambda seat: seat[0].channel_status, wide=160),
    Column(title="Agent", cell=lambda seat: seat[1].screen_name or seat[1].email, share=25),
    Column(title="Agent's e-mail", cell=lambda seat: seat[1].email or seat[1].user_email, wide=110, share=25),
    Column(title="User id", cell=lambda seat: seat[1].user_id, whole=True),
    Column(title="Created", cell=lambda seat: seat[0].created_at, wide=150),
)


def register(parent: typer.Typer) -> None:
    """
    Add the command and the groups.
    """
    command(parent, "account", examples="alive5 account")(account)
    tags = group(parent, "tags", "List or create tags.")
    command(tags, "list", examples="alive5 tags list --json")(list_tags)
    command(tags, "create", examples="alive5 tags create --name vip --email maria@example.com --dry-run")(create_tag)
    channels = group(parent, "channels", "List or create channels.")
    command(channels, "list", examples="alive5 channels list")(list_channels)
    command(channels, "create", examples="alive5 channels create --channel-name Support --dry-run")(create_channel)
    agents = group(parent, "agents", "Create agents.")
    example = "alive5 agents create --email ken@example.com --screenname Ken --role agent --channels ID1 --channels ID2"
    command(agents, "create", examples=example)(create_agent)


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
        session.document("tags.list", [tag.to_dict() for tag in tags])
    else:
        show_rows(session.out.console, _TAGS, tags, session.zone)


def create_tag(
    session: Session, *, name: Name, email: Maker, org_name: OrgName = None, dry_run: DryRun = False
) -> None:
    """
    Create a tag.
    """
    write(
        session,
        "tags.create",
        lambda client: client.tags.create(name=name, email=email, org_name=org_name),
        dry_run=dry_run,
        done="The tag was created.",
    )


def list_channels(session: Session) -> None:
    """
    List all channels with their agents.

    Sending a text needs a channel's id and the user id of one of its agents.
    """
    with session.client() as client:
        channels = client.channels.list()
    if session.json:
        session.document("channels.list", [channel.to_dict() for channel in channels])
        return
    seats = [(channel, agent) for channel in channels for agent in channel.agents or [Agent()]]
    show_rows(session.out.console, _CHANNELS, seats, session.zone)


def create_channel(
    session: Session, *, channel_name: ChannelName, org_name: OrgName = None, dry_run: DryRun = False
) -> None:
    """
    Create a channel.
    """
    write(
        session,
        "channels.create",
        lambda client: client.channels.create(channel_name=channel_name, org_name=org_name),
        dry_run=dry_run,
        done="The channel was created.",
    )


def create_agent(
    session: Session,
    *,
    email: Email,
    screenname: Screenname,
    role: Role,
    channels: Channels,
    org_name: OrgName = None,
    dry_run: DryRun = False,
) -> None:
    """
    Create an agent.
    """
    write(
        session,
        "agents.create",
        lambda client: client.agents.create(
            email=email, screenname=screenname, role=role, channels=channels, org_name=org_name
        ),
        dry_run=dry_run,
        done="The agent was created.",
    )
