"""``alive5 sms``: send texts, and record those of customers."""

from __future__ import annotations

import typer

from . import lines, texts
from ._command import group
from ._derived import add_write

_SEND = """
Send a text to a customer.

Exit code 6 means that it may have been sent: look before sending it again.
With --from-csv FILE it is send-many, with --line LINE send-from.
"""
_PUSH = """
Record a text from a customer, as if it had arrived.

Nothing is sent to anyone. The customer is --from, your line is --to.
"""


def register(parent: typer.Typer) -> None:
    """
    Add the group.
    """
    app = group(parent, "sms", "Send a text, or record one from a customer.", kind=texts.Texts)
    texts.register(app)
    lines.register(app)
    text = "--from +12025550100 --to +12025550123 --message Hello --channel-id ID --user-id ID"
    add_write(
        app,
        "send",
        "sms.send",
        about=_SEND,
        done=lines.DONE,
        question=lines.TEXT + lines.QUESTION,
        examples=f"alive5 sms send {text} --dry-run\nalive5 sms send {text} --yes",
    )
    add_write(
        app,
        "push",
        "sms.push",
        about=_PUSH,
        done="The text was recorded.",
        question=lines.TEXT + "Record this text as the customer's?",
        examples="alive5 sms push --from +12025550123 --to +12025550100 --message 'Are you open?' --dry-run",
    )
