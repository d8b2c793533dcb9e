"""FastAPI: one client for the life of the program, and texts that are safe when the visitor leaves."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

import anyio
from fastapi import FastAPI, Header, HTTPException

import alive5

client = alive5.AsyncAlive5(timeout=10)
ledger = alive5.Ledger("texts.ledger")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
    """Close the connections when the program ends."""
    async with client:
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/reminders")
async def remind(number: str, text: str, idempotency_key: Annotated[str, Header()]) -> dict[str, str | None]:
    """Send one text for each key, however often it is asked for."""
    try:
        # A visitor who leaves cancels this task at some servers. The shield lets the send end, within its timeout,
        # so the ledger knows how it ended when the visitor comes back with the same key.
        with anyio.CancelScope(shield=True):
            sent = await client.sms.send(
                phone_number_from="+12025550100",
                phone_number_to=number,
                message=text,
                channel_id="channel-line-1",
                user_id="agent-maria",
                ledger=ledger,
                key=idempotency_key,
            )
    except alive5.OutcomeUnknownError:
        raise HTTPException(502, "it may have been sent: look before you repeat it") from None
    except (alive5.InvalidArgumentError, alive5.BadRequestError) as error:
        raise HTTPException(400, str(error)) from None
    except alive5.Alive5Error as error:
        if not error.worth_repeating:
            raise HTTPException(500, "it was not sent") from error
        wait = {"Retry-After": str(round(error.retry_after or 5))}
        raise HTTPException(503, "it was not sent: try again", headers=wait) from error
    return {"thread": sent.thread_id}  # pyright: ignore[reportPossiblyUnboundVariable] - nobody cancels the scope
