"""Receiving texts: what a webhook delivers, servers for it, and an inbox that misses none."""

from __future__ import annotations

from ._sansio.inbound import parse
from .models import InboundSms
from .receiving.asgi import AsgiReceiver
from .receiving.inbox import AsyncInbox, Inbox, Polled
from .receiving.wsgi import WsgiReceiver

__all__ = ["AsgiReceiver", "AsyncInbox", "InboundSms", "Inbox", "Polled", "WsgiReceiver", "parse"]
