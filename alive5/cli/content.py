"""``alive5 faq``, ``widgets`` and ``botchains``."""

from __future__ import annotations

import typer

from ._command import group
from ._derived import add_write


def register(parent: typer.Typer) -> None:
    """
    Add the groups.
    """
    faq = group(parent, "faq", "Create FAQ categories and articles.")
    add_write(
        faq,
        "create-category",
        "faq.create_category",
        done="The category was created.",
        examples="alive5 faq create-category --title Shipping --channel ID --dry-run",
    )
    add_write(
        faq,
        "create-article",
        "faq.create_article",
        done="The article was created.",
        examples="alive5 faq create-article --title Returns --content '30 days.' --category Shipping --dry-run",
    )
    widgets = group(parent, "widgets", "Create widgets.")
    add_write(widgets, "create", "widgets.create", done="The widget was created.")
    botchains = group(parent, "botchains", "Create botchains.")
    add_write(botchains, "create", "botchains.create", done="The botchain was created.")
