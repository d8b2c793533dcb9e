"""``alive5 faq``, ``widgets`` and ``botchains``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ._command import command, group
from ._session import Session
from ._writes import DryRun, OrgName, write


def _needed(flag: str, about: str, **more: Any) -> Any:
    return typer.Option(flag, help=about, show_default=False, **more)


CategoryTitle = Annotated[str, _needed("--title", "Title of the category.")]
Channel = Annotated[str, _needed("--channel", "Id of its channel.", metavar="ID")]
ArticleTitle = Annotated[str, _needed("--title", "Title of the article.")]
Content = Annotated[str, _needed("--content", "Text of the article.")]
Category = Annotated[str, _needed("--category", "Its category.")]
WidgetName = Annotated[str, _needed("--widget-name", "Name of the widget.")]
WidgetType = Annotated[str, _needed("--widget-type", "Type of the widget.")]
Botname = Annotated[str, _needed("--botname", "Name of its bot.")]
AccessChannels = Annotated[
    list[str], _needed("--access-channels", "Id of a channel with access; repeat it for more.", metavar="ID")
]
ChannelId = Annotated[str, _needed("--channel-id", "Id of its channel.", metavar="ID")]
ShortCode = Annotated[str, _needed("--short-code", "Its short code.")]
BotchainName = Annotated[str, _needed("--botchain-name", "Name of the botchain.")]
BotType = Annotated[str, _needed("--bot-type", "Type of the bot.")]
WidgetId = Annotated[str, _needed("--widget-id", "Id of its widget.", metavar="ID")]


def register(parent: typer.Typer) -> None:
    """
    Add the groups.
    """
    faq = group(parent, "faq", "Create FAQ categories and articles.")
    example = "alive5 faq create-category --title Shipping --channel ID --dry-run"
    command(faq, "create-category", examples=example)(create_category)
    example = "alive5 faq create-article --title Returns --content '30 days.' --category Shipping --dry-run"
    command(faq, "create-article", examples=example)(create_article)
    command(group(parent, "widgets", "Create widgets."), "create")(create_widget)
    command(group(parent, "botchains", "Create botchains."), "create")(create_botchain)


def create_category(
    session: Session, *, title: CategoryTitle, channel: Channel, org_name: OrgName = None, dry_run: DryRun = False
) -> None:
    """
    Create an FAQ category in a channel.
    """
    write(
        session,
        "faq.create_category",
        lambda client: client.faq.create_category(title=title, channel=channel, org_name=org_name),
        dry_run=dry_run,
        done="The category was created.",
    )


def create_article(
    session: Session,
    *,
    title: ArticleTitle,
    content: Content,
    category: Category,
    org_name: OrgName = None,
    dry_run: DryRun = False,
) -> None:
    """
    Create an FAQ article in a category.
    """
    write(
        session,
        "faq.create_article",
        lambda client: client.faq.create_article(title=title, content=content, category=category, org_name=org_name),
        dry_run=dry_run,
        done="The article was created.",
    )


def create_widget(
    session: Session,
    *,
    widget_name: WidgetName,
    widget_type: WidgetType,
    botname: Botname,
    access_channels: AccessChannels,
    channel_id: ChannelId,
    short_code: ShortCode,
    org_name: OrgName = None,
    dry_run: DryRun = False,
) -> None:
    """
    Create a widget for a website.
    """
    write(
        session,
        "widgets.create",
        lambda client: client.widgets.create(
            widget_name=widget_name,
            widget_type=widget_type,
            botname=botname,
            access_channels=access_channels,
            channel_id=channel_id,
            short_code=short_code,
            org_name=org_name,
        ),
        dry_run=dry_run,
        done="The widget was created.",
    )


def create_botchain(
    session: Session,
    *,
    botchain_name: BotchainName,
    bot_type: BotType,
    widget_id: WidgetId,
    channel_id: ChannelId,
    org_name: OrgName = None,
    dry_run: DryRun = False,
) -> None:
    """
    Create a botchain for a widget.
    """
    write(
        session,
        "botchains.create",
        lambda client: client.botchains.create(
            botchain_name=botchain_name,
            bot_type=bot_type,
            widget_id=widget_id,
            channel_id=channel_id,
            org_name=org_name,
        ),
        dry_run=dry_run,
        done="The botchain was created.",
    )
