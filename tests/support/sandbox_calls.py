"""Calls of every operation with good arguments."""

from __future__ import annotations

from typing import Any

import attrs

from alive5._sansio.endpoint import Edition
from alive5._sansio.endpoints import ENDPOINTS
from alive5._sansio.wire import Call, encode_body

BODIES: dict[str, dict[str, str]] = {
    "sms.send": {
        "phone_number_from": "+12025550100",
        "phone_number_to": "+12025550123",
        "message": 'Hello\r\n"you" 🙂',
        "channel_id": "channel-line-1",
        "user_id": "agent-maria",
    },
    "sms.push": {"phone_number_from": "+12025550123", "phone_number_to": "+12025550100", "message": "¿Sí?"},
    "channels.create": {"channel_name": "Returns", "org_name": "Sandbox Ltd"},
    "agents.create": {
        "email": "new@example.com",
        "screenname": "New",
        "org_name": "Sandbox Ltd",
        "role": "agent",
        "channels": "channel-sales, channel-billing",
    },
    "faq.create_category": {"title": "Orders", "channel": "channel-sales", "org_name": "Sandbox Ltd"},
    "faq.create_article": {"content": "B", "category": "Orders", "org_name": "Sandbox Ltd", "title": "A"},
    "tags.create": {"email": "new@example.com", "org_name": "Sandbox Ltd", "name": "urgent"},
    "widgets.create": {
        "widget_name": "W",
        "widget_type": "web",
        "botname": "Bot",
        "accessChannels": "channel-sales",
        "channel_id": "channel-sales",
        "org_name": "Sandbox Ltd",
        "shortCode": "w",
    },
    "botchains.create": {
        "widget_id": "widget-1",
        "org_name": "Sandbox Ltd",
        "channel_id": "channel-sales",
        "botchain_name": "B",
        "bot_type": "faq",
    },
}


def make_call(
    operation: str,
    arguments: dict[str, Any],
    body_format: Any = "json",
    *,
    edition: Edition = "documented",
    **limits: Any,
) -> Call:
    """
    Write a call as it would be on the wire: arguments are wire names.
    """
    endpoint = next(endpoint for endpoint in ENDPOINTS if endpoint.operation == operation)
    route = endpoint.route(edition)
    call = Call(
        operation=operation, method=endpoint.method, path=route.path, host=route.host, version=route.version, **limits
    )
    if endpoint.method == "GET":
        return attrs.evolve(call, query=tuple((name, str(value)) for name, value in arguments.items()))
    headers, content = encode_body(arguments, body_format)
    return attrs.evolve(call, headers=headers, content=content)
